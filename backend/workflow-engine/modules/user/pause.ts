import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { contentFamily } from '../../models/media.ts';
import { field } from '../field.ts';
import { defineModule, type Intake } from '../module.ts';

/** Characters of a state value that are shown (format.md 14.1). */
const shownCharacters = 1000;
/** Generated contents of one state value that are shown. */
const mostContents = 50;

export const userPause = defineModule({
  id: 'user.pause',
  kind: 'interactive',
  revision: 1,
  title: 'Pause',
  description: 'Waits until a person says to go on, and can show values of the state meanwhile.',
  inputs: z.object({
    message: field(z.string().default('Continue?'), 'Message', 'What the person reads.'),
    show_state: field(z.array(z.string()).default([]), 'State keys', 'Names of state values to show.'),
    jinja2_test: field(z.string().optional(), 'Test template', 'A template whose result is shown, to try one out.'),
  }),
  outputs: z.object({
    confirmed: field(z.boolean(), 'Confirmed', 'Always true: whoever does not confirm cancels.'),
  }),
  reads: (given, state) => shownValues(given.show_state, state, (value) => value ?? null),
  readsState: (written) =>
    Array.isArray(written['show_state']) ? written['show_state'].filter((key) => typeof key === 'string') : [],
  request(given, context) {
    const data: JsonObject = { state: shownValues(given.show_state, context.state, shown) };
    if (given.jinja2_test !== undefined) data['jinja2_test'] = given.jinja2_test;
    return {
      draft: {
        interaction_type: 'confirm',
        title: context.stepName,
        message: given.message,
        yes_label: 'Continue',
        ...(given.show_state.length > 0 || given.jinja2_test !== undefined ? { data } : {}),
      },
    };
  },
  intake: (): Intake => ({ response: { confirmed: true }, failures: [], warnings: [] }),
  complete: () => ({ confirmed: true }),
  sample: () => ({ value: '' }),
});

function shownValues(
  keys: readonly string[],
  state: Readonly<JsonObject>,
  show: (value: unknown) => unknown,
): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, show(Object.hasOwn(state, key) ? state[key] : undefined)]));
}

/** A picture is shown as one; what is not there is nothing. */
function shown(value: unknown): unknown {
  const contents: unknown[] = Array.isArray(value) ? value : [value];
  if (contents.length > 0 && contents.length <= mostContents && contents.every((item) => contentFamily(item)))
    return value;
  let text = '';
  if (typeof value === 'string') text = value;
  else if (value !== undefined && value !== null)
    text = JSON.stringify(value, null, isJsonObject(value) || Array.isArray(value) ? 2 : 0);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
