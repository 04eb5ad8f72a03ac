import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { modulesOf, outlineOf } from '../document/outline.ts';
import type { VirtualApi } from '../runtime/virtual-api.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { recordsOf } from './module-records.ts';

/** What the page's address asks for: a module (`?m=step.module`) and a run to go on from (`&run=`). */
export function wishInAddress(search: string): { module: string | null; runId: string | null } {
  const query = new URLSearchParams(search);
  return { module: query.get('m'), runId: query.get('run') };
}

/**
 * Selects the module that the address names, and takes its run over into the preview, up to that module: its question is
 * open as it was, its outputs are the run's own. Without a module the whole run is taken (issue 6, from run to editor).
 */
export function openFromAddress(workbench: Workbench, api: VirtualApi, search: string): void {
  const { module, runId } = wishInAddress(search);
  const { store, preview } = workbench;
  const outline = outlineOf(store.getState().history.present.document);
  const found = modulesOf(outline).find(({ key }) => key.replace('/', '.') === module);
  if (found) store.acts.select({ kind: 'module', key: found.key });
  if (runId !== null) preview.beginFrom(runId, openRun(api, runId, found?.key ?? null));
}

async function openRun(api: VirtualApi, runId: string, key: string | null): Promise<VirtualWorkflowResponse> {
  const whole = await api.open({ workflow_run_id: runId });
  const record = key === null ? undefined : recordsOf(whole).get(key);
  const seq = record?.askedSeq ?? record?.seq;
  return seq === undefined ? whole : api.open({ workflow_run_id: runId, up_to_seq: seq });
}
