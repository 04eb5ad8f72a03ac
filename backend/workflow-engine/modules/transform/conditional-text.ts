import { z } from 'zod';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';

const placeholder = '$state.condition_value';

export const transformConditionalText = defineModule({
  id: 'transform.conditional_text',
  kind: 'compute',
  revision: 1,
  title: 'Conditional text',
  description: 'Chooses between two texts by whether a value is empty.',
  inputs: z.object({
    condition_value: field(z.unknown(), 'Value', 'Empty when it is null or a blank text.'),
    text_if_not_empty: field(z.string(), 'Text if not empty', `May hold ${placeholder}, which becomes the value.`),
    text_if_empty: field(z.string().default(''), 'Text if empty', 'The other text.'),
  }),
  outputs: z.object({
    result: field(z.string(), 'Result', 'The chosen text.'),
  }),
  nullableInputs: ['condition_value'],
  run(given) {
    const value = given.condition_value;
    const empty = value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
    const shown = typeof value === 'string' ? value : (JSON.stringify(value ?? '') ?? '');
    const text = empty ? given.text_if_empty : given.text_if_not_empty;
    return { result: text.split(placeholder).join(empty ? '' : shown) };
  },
});
