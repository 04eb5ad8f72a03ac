import { findModule, findStep, modulesOf, type Outline, outlineOf } from '../document/outline.ts';
import type { Selection } from '../document/history.ts';
import type { PreviewTarget } from '../runtime/preview-session.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { settingsOf } from './settings.ts';

/** The module that the preview goes up to: the pinned one, else the selected one; null for the workflow's end. */
export function targetKey(outline: Outline, pinned: string | null, selection: Selection): string | null {
  if (pinned !== null && findModule(outline, pinned)) return pinned;
  if (selection.kind === 'module') return findModule(outline, selection.key)?.key ?? null;
  if (selection.kind === 'step') return findStep(outline, selection.key)?.modules.at(-1)?.key ?? null;
  return null;
}

export function targetOf(outline: Outline, key: string | null): PreviewTarget | null {
  const module = key === null ? undefined : modulesOf(outline).find((candidate) => candidate.key === key);
  return module ? { stepId: module.key.slice(0, -module.name.length - 1), moduleName: module.name } : null;
}

/**
 * Tells the preview of every edit and of every other target, whichever panels are open: cards and outline show what it
 * finds too. Returns how to stop.
 */
export function startPreviewLoop({
  store,
  desk,
  checker,
  preview,
}: Pick<Workbench, 'store' | 'desk' | 'checker' | 'preview'>): () => void {
  let told: { document: unknown; key: string | null } | null = null;
  const look = (): void => {
    const { document, selection } = store.getState().history.present;
    const outline = outlineOf(document);
    const { previewTo } = desk.getState();
    // A file belongs to no module: while its text is written, what was looked at before stays in sight.
    const key = selection.kind === 'file' && told ? told.key : targetKey(outline, previewTo, selection);
    if (told?.document === document && told.key === key) return;
    told = { document, key };
    preview.edited({
      async definition() {
        const checked = await checker.check(document);
        return 'failed' in checked ? null : checked.resolved;
      },
      target: targetOf(outline, key),
      settings: settingsOf(document),
    });
  };
  const stop = [store.subscribe(look), desk.subscribe(look)];
  look();
  return () => stop.forEach((off) => off());
}
