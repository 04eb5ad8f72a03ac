import type { InteractionAnswer, InteractionRequest, RuleFailure } from '@wfm/workflow-engine/models';
import { checkQuestion } from '../../schema/index.ts';
import type { Option } from '../frame/options.ts';

/**
 * What the page says of an answer before it is sent, by the server's own rules; the server has the last word (format.md
 * 12.2, 19.6). Warnings come when nothing else is wrong. Retry and jump are not judged.
 */
export async function checkDraft(
  request: InteractionRequest,
  answer: InteractionAnswer,
  option: Option,
): Promise<readonly RuleFailure[]> {
  if (option.mode !== 'continue') return [];
  const verdict = await checkQuestion({
    request: bare(request),
    answer: effective(request, answer),
    rules: option.validations,
    confirmed: answer.confirmed_warnings ?? [],
  });
  if (!verdict) return [];
  return verdict.errors.length > 0 ? verdict.errors : verdict.unconfirmed;
}

/** The answer that rules see (format.md 12): an empty text is its default, and what was made belongs to it. */
function effective(request: InteractionRequest, answer: InteractionAnswer): InteractionAnswer {
  switch (request.interaction_type) {
    case 'text_input': {
      const isEmpty = typeof answer.value !== 'string' || answer.value.trim() === '';
      return isEmpty ? { ...answer, value: request.default_value } : answer;
    }
    case 'media_generation':
      return { ...answer, generations: request.generations };
    default:
      return answer;
  }
}

/** Without what says nothing about validity and may be large. */
function bare({
  data: _data,
  display_data: _shown,
  annotations: _notes,
  ...request
}: InteractionRequest): InteractionRequest {
  return { ...request, schema: undefined };
}
