import type { InteractionRequest } from '@wfm/workflow-engine/models';

/** What may change in a question without touching what somebody has begun to answer. */
const passing = new Set([
  'interaction_id',
  'title',
  'help',
  'step_context',
  'generations',
  'annotations',
  'previous_answer',
]);

/**
 * A preview asks an open question anew with every edit, under a new id. While it asks for the same, it keeps the id under
 * which it was first shown, and with it what has been filled in. `before`: the question as it was shown last.
 */
export function sameQuestion(before: InteractionRequest | null, now: InteractionRequest): InteractionRequest {
  return before && partsOf(before) === partsOf(now) ? { ...now, interaction_id: before.interaction_id } : now;
}

function partsOf(request: InteractionRequest): string {
  return JSON.stringify(Object.entries(request).filter(([key]) => !passing.has(key)));
}
