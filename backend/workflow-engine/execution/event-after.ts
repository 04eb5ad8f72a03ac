import type { EventDraft, RunEvent } from '../events/run-event.ts';
import { applyEvent } from './evolve.ts';
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

/** Several of them, one after another, folded into a state that the caller owns. */
export function eventsAfter(state: RunState, drafts: readonly EventDraft[], now: Date): RunEvent[] {
  return drafts.map((draft) => {
    const event = eventAfter(state, draft, now);
    applyEvent(state, { event });
    return event;
  });
}
