import type { EventDraft, RunEvent } from '../events/run-event.ts';
import type { RunState } from './run-state.ts';

/** The event that a command puts behind everything on a line. */
export function eventAfter(state: RunState, draft: EventDraft, now: Date): RunEvent {
  return {
    workflow_run_id: state.runId,
    branch_id: state.branchId,
    seq: state.lastSeq + 1,
    time: now.toISOString(),
    version_id: state.versionId,
    ...draft,
  };
}
