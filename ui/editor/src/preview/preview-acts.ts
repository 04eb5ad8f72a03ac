import { outlineOf } from '../document/outline.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { targetKey } from './preview-loop.ts';
import { recordsOf } from './module-records.ts';
import { chooseMode, choicesOf, isMedia, ownModeOf } from './settings.ts';

/** What keys and buttons do about the preview. */
export interface PreviewActs {
  /** Shows the preview up to what is selected, and runs it at once (Ctrl+Enter). */
  previewHere(): void;
  /** From mock to real to pinned and back (M); null stands for what the workflow's own switch says. */
  cycleMode(moduleKey: string): void;
  /** Runs a module again whatever holds; without one, everything from the start. */
  runAgain(moduleKey?: string): void;
}

export function previewActs(workbench: Workbench): PreviewActs {
  const { store, desk, preview } = workbench;
  return {
    previewHere() {
      const { document, selection } = store.getState().history.present;
      const { previewTo } = desk.getState();
      const here = targetKey(outlineOf(document), null, selection);
      desk.show({ bottom: 'preview' });
      if (previewTo !== null && here !== null) desk.setState({ previewTo: here });
      void preview.run();
    },
    cycleMode(moduleKey) {
      const { document } = store.getState().history.present;
      const choices = choicesOf(document);
      const own = ownModeOf(choices, moduleKey);
      const { response } = preview.getState();
      const outputs = response ? recordsOf(response).get(moduleKey)?.outputs : undefined;
      const module = outlineOf(document)
        .steps.flatMap(({ modules }) => modules)
        .find(({ key }) => key === moduleKey);
      if (!module) return;
      const pin = outputs ? { pinned: outputs } : null;
      if (own === null)
        chooseMode(workbench, moduleKey, isMedia(module.moduleId) ? pin : choices.mock ? 'real' : 'mock');
      else if (own === 'pinned') chooseMode(workbench, moduleKey, null);
      else chooseMode(workbench, moduleKey, pin);
    },
    runAgain(moduleKey) {
      desk.show({ bottom: 'preview' });
      void preview.run(moduleKey === undefined ? true : [moduleKey]);
    },
  };
}
