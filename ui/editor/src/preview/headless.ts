import { checkPackage } from '@wfm/workflow-engine/checks';
import type { Checker } from '../checks/checker.ts';
import { setText } from '../document/commands.ts';
import { documentOf, type EditorDocument, type StoredFiles, storedFiles } from '../document/document.ts';
import { wholeWorkflow } from '../document/history.ts';
import { PreviewSession } from '../runtime/preview-session.ts';
import { virtualApi } from '../runtime/virtual-api.ts';
import { createEditorStore } from '../store/editor-store.ts';
import { createDesk } from '../workbench/desk.ts';
import { startPreviewLoop } from './preview-loop.ts';
import { choose, type PreviewChoices } from './settings.ts';

/** A workflow that is edited and previewed without a page, for whoever measures what an edit costs. */
export interface HeadlessEditor {
  readonly preview: PreviewSession;
  /** Types into a file, a text after the other, as fast as it goes. */
  type(path: string, texts: readonly string[]): void;
  select(key: string): void;
  choose(change: Partial<PreviewChoices>): void;
  /** Resolves once the preview is that of what is written. */
  settled(): Promise<void>;
  close(): void;
}

/** `key` is the preview's: one per editor. The checks run on the caller's thread. */
export function openHeadless(files: StoredFiles, entryPoint: string, key: string): HeadlessEditor {
  const store = createEditorStore({ document: documentOf(files, entryPoint), sourceBuffer: null });
  const desk = createDesk();
  const preview = new PreviewSession(virtualApi(), key);
  const stop = startPreviewLoop({ store, desk, checker, preview });
  return {
    preview,
    type(path, texts) {
      for (const text of texts) store.acts.run(setText(path, text, wholeWorkflow));
    },
    select: (module) => store.acts.select({ kind: 'module', key: module }),
    choose: (change) => choose({ store }, change),
    settled: () =>
      new Promise((resolve) => {
        const look = (): void => {
          const { phase, stale } = preview.getState();
          if (phase === 'waiting' || phase === 'running' || (stale && phase === 'settled')) return;
          off();
          resolve();
        };
        const off = preview.subscribe(look);
        look();
      }),
    close() {
      stop();
      preview.cancel();
    },
  };
}

const encoder = new TextEncoder();

const checker: Checker = {
  check: (document) =>
    Promise.resolve({ id: 0, ...checkPackage({ files: bytesOf(document), entryPoint: document.entryPoint }) }),
  stop: () => undefined,
};

function bytesOf(document: EditorDocument): Map<string, Uint8Array> {
  return new Map(
    Object.entries(storedFiles(document)).flatMap(([path, content]) =>
      typeof content === 'string' ? [[path, encoder.encode(content)] as const] : [],
    ),
  );
}
