import { z } from 'zod';
import type { InteractionAnswer, InteractionRequest } from '../../../models/interaction.ts';
import type { RetryOption } from '../../../models/workflow.ts';

/** The older menu of `user.text_input` and `user.file_input`: where a person may go back to, by id. */
export const legacyRetryOptionsSchema = z.record(
  z.string().min(1),
  z.looseObject({
    description: z.string().default(''),
    target_step_id: z.string().optional(),
    target_module_name: z.string().optional(),
  }),
);

/** A legacy menu as jump options (format.md 12.3), in the order written. */
export function legacyRetryOptions(menu: z.output<typeof legacyRetryOptionsSchema>): RetryOption[] {
  return Object.entries(menu).map(([id, entry]) => ({
    id,
    mode: 'jump',
    label: entry.description === '' ? id : entry.description,
    ...(entry.target_step_id === undefined ? {} : { target_step: entry.target_step_id }),
    ...(entry.target_module_name === undefined ? {} : { target_module: entry.target_module_name }),
  }));
}

/**
 * How an answer leaves the line instead of answering: by the id of a menu entry, given as the action or as the target of
 * a jump, or by the text of the trigger keyword (retry).
 */
export function departureOf(
  answer: InteractionAnswer,
  { extra_options: options, context }: Pick<InteractionRequest, 'extra_options' | 'context'>,
): { mode: 'retry' | 'jump'; optionId?: string } | undefined {
  const chosen = options.find((option) => option['id'] === (answer.jump_back_target ?? answer.action_id));
  if (typeof chosen?.['id'] === 'string') return { mode: 'jump', optionId: chosen['id'] };
  const { retry_trigger_keyword: keyword } = context;
  const { value } = answer;
  const isKeyword = typeof value === 'string' && value.length < longestKeyword && value.trim() === keyword;
  return isKeyword && keyword !== '' ? { mode: 'retry' } : undefined;
}

/** What is longer is a text or a file. */
const longestKeyword = 200;
