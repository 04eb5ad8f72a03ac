import { WfmError } from '../../errors/index.ts';
import type { RuleFailure, WorkflowResponse } from '../../models/execution.ts';
import type { InteractionAnswer, InteractionRequest } from '../../models/interaction.ts';

/** Where the next answer comes from; null when this source has none. */
export type AnswerSource = (request: InteractionRequest) => Promise<InteractionAnswer | null>;

/** How often the same question may come back unanswered before something is plainly wrong with the recorded answers. */
const REFUSALS = 5;

/**
 * Carries a run from question to question until it needs nobody or has no answer left. `onRefused` hears what was wrong
 * with an answer. Throws `response_invalid` when the answers to one question are refused again and again.
 */
export async function converse(
  first: WorkflowResponse,
  respond: (interactionId: string, answer: InteractionAnswer) => Promise<WorkflowResponse>,
  source: AnswerSource,
  onRefused: (failure: RuleFailure) => void = () => undefined,
): Promise<WorkflowResponse> {
  let response = first;
  let refusals = 0;
  let confirmed: string[] = [];
  while (
    (response.status === 'awaiting_input' || response.status === 'validation_failed') &&
    response.interaction_request
  ) {
    const request = response.interaction_request;
    if (response.status === 'validation_failed') {
      for (const item of [...response.validation_errors, ...response.validation_warnings]) onRefused(item);
      refusals += 1;
      if (refusals >= REFUSALS)
        throw new WfmError('response_invalid', `The answers to "${request.title}" were refused ${refusals} times.`);
      confirmed = response.validation_warnings.map((item) => item.id);
    } else {
      refusals = 0;
      confirmed = [];
    }
    const answer = await source(request);
    if (!answer) return response;
    response = await respond(
      request.interaction_id,
      confirmed.length > 0 ? { ...answer, confirmed_warnings: confirmed } : answer,
    );
  }
  return response;
}
