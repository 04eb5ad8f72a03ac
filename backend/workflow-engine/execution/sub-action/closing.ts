import { type StoredError, toStoredError, WfmError } from '../../errors/index.ts';
import type { EventDraft } from '../../events/run-event.ts';
import type { RunState } from '../run-state.ts';

const closing = new Set(['interaction_response', 'retry_requested', 'jump_requested', 'workflow_cancelled']);

/**
 * Ends what still works for a question, in the append that closes it (format.md 10.4.7, 13.7). Before the closing event,
 * so that a line which is left ends with what left it.
 */
export function endingOfSubActions(state: RunState, event: EventDraft): EventDraft[] {
  if (!closing.has(event.type)) return [];
  const asking = state.modules.get(state.open?.key ?? '');
  const where = asking ? { step_id: asking.stepId, module_name: asking.name } : {};
  return state.subActions
    .filter((record) => record.status === 'running')
    .map((record) => ({ ...where, ...failedDraft(record, toStoredError(cancelledError())) }));
}

export function cancelledError(): WfmError {
  return new WfmError('sub_action_cancelled', 'The sub-action was cancelled.');
}

/** `sub_action_failed` of an execution. */
export function failedDraft(
  record: { interactionId: string; subActionId: string; executionId: string },
  error: StoredError,
): EventDraft {
  return {
    type: 'sub_action_failed',
    data: {
      interaction_id: record.interactionId,
      sub_action_id: record.subActionId,
      execution_id: record.executionId,
      error,
    },
  };
}
