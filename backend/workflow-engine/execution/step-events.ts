import type { CompiledStep } from '../definition/compile-version.ts';
import type { EventDraft } from '../events/run-event.ts';

/** The beginning of a step, as the log says it. */
export function stepStarted({ stepId, index, name }: CompiledStep): EventDraft {
  return { type: 'step_started', step_id: stepId, data: { index, name } };
}

/** The end of a step, as the log says it. */
export function stepCompleted({ stepId, index, name }: CompiledStep): EventDraft {
  return { type: 'step_completed', step_id: stepId, data: { index, name } };
}
