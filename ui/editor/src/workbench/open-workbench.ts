import type { Person } from '@wfm/shared/app';
import { newId } from '@wfm/shared/core';
import { createChecker, startCheckWorker } from '../checks/checker.ts';
import { type DraftKeeperOptions, keepDraft, openDraft } from '../drafts/draft-keeper.ts';
import { httpDraftServer } from '../drafts/http-draft-server.ts';
import { localDrafts } from '../drafts/local-drafts.ts';
import { openFromAddress } from '../preview/from-run.ts';
import { startPreviewLoop } from '../preview/preview-loop.ts';
import { PreviewSession } from '../runtime/preview-session.ts';
import { virtualApi } from '../runtime/virtual-api.ts';
import { createEditorStore } from '../store/editor-store.ts';
import { createDesk } from './desk.ts';
import { observable } from './observable.ts';
import type { CheckState, Saving, Workbench } from './workbench.ts';

/** After the last keystroke; the checks take a core of their own, not the page's. */
const checkMs = 200;

/**
 * Opens the draft of a workflow and everything that works on it. Throws `ApiError` where there is none to be had.
 * `close` keeps what is not yet kept, then ends it all.
 */
export async function openWorkbench(
  templateId: string,
  person: Person,
  labelFor: DraftKeeperOptions['labelFor'],
  signal: AbortSignal,
): Promise<{ workbench: Workbench; recovered: boolean; close(): void }> {
  const server = httpDraftServer(templateId);
  const local = localDrafts(person.user_id);
  const opened = await openDraft(server, local, templateId, signal);
  const saving = observable<Saving>({ state: 'saved' });
  const checks = observable<CheckState | null>(null);
  const store = createEditorStore(opened.state);
  const onState: DraftKeeperOptions['onState'] = (state, about) => saving.set({ state, ...about });
  const keeper = keepDraft({ templateId, server, local, onState, labelFor }, opened);
  const checker = createChecker(startCheckWorker);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = (): void => {
    const { document } = store.getState().history.present;
    void checker.check(document).then((checked) => checks.set({ of: document, checked }));
  };
  const off = store.subscribe(({ history, sourceBuffer }, before) => {
    const { document } = history.present;
    if (document === before.history.present.document && sourceBuffer === before.sourceBuffer) return;
    keeper.keep({ document, sourceBuffer });
    clearTimeout(timer);
    timer = setTimeout(check, checkMs);
  });
  check();
  const api = virtualApi();
  const preview = new PreviewSession(api, newId());
  const workbench: Workbench = {
    templateId,
    person,
    store,
    keeper,
    saving,
    checker,
    checks,
    check,
    preview,
    desk: createDesk(),
    baseVersionId: opened.stored.baseVersionId,
  };
  openFromAddress(workbench, api, globalThis.location.search);
  const stopPreview = startPreviewLoop(workbench);
  return {
    workbench,
    recovered: opened.recovered,
    close() {
      off();
      stopPreview();
      clearTimeout(timer);
      void keeper.flush().finally(() => keeper.stop());
      checker.stop();
      preview.cancel();
    },
  };
}
