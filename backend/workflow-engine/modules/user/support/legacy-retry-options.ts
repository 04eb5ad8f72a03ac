import { z } from 'zod';
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

interface Leaving {
  action_id?: string | undefined;
  jump_back_target?: string | null | undefined;
}

/**
 * How an answer leaves the line instead of answering: by the trigger keyword (retry), or by the id of a menu entry,
 * given as the action or as the target of a jump.
 */
export function legacyDeparture(
  answer: Leaving,
  text: unknown,
  setting: { keyword: string | undefined; options: readonly { id?: unknown }[] },
): { mode: 'retry' | 'jump'; optionId?: string } | undefined {
  const chosen = setting.options.find((option) => option.id === (answer.jump_back_target ?? answer.action_id));
  if (typeof chosen?.id === 'string') return { mode: 'jump', optionId: chosen.id };
  const { keyword } = setting;
  return keyword !== undefined && keyword !== '' && text === keyword ? { mode: 'retry' } : undefined;
}
