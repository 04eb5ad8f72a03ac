import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import type { InteractionAnswer, InteractionRequest } from '../../models/interaction.ts';
import { isJsonObject } from '../../models/json.ts';
import { field } from '../field.ts';
import { defineModule, type Intake, type Question } from '../module.ts';
import { selectItems } from './select-items.ts';
import { canonicalSelection, itemAt, storedPaths, withoutMetadata } from './support/canonical-selection.ts';
import { countFailures } from './support/selection-count.ts';
import { isChoice, selectableItems } from '../../display/selectable-items.ts';

type Selection = Extract<InteractionRequest, { interaction_type: 'select_from_structured' | 'review_grouped' }>;

const inputs = z.object({
  data: field(
    z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullable(),
    'Choices',
    'A list, an object of lists or an object whose keys are chosen; null means nothing to choose.',
  ),
  schema: field(
    z.record(z.string(), z.unknown()),
    'Display schema',
    'JSON Schema of the data, with hints on how to draw it.',
  ),
  prompt: field(z.string().default('Choose'), 'Question', 'What the person is asked.'),
  multi_select: field(z.boolean().default(false), 'Several', 'Whether more than one item can be chosen.'),
  mode: field(
    z.enum(['select', 'review']).default('select'),
    'Mode',
    'Choose items, or look at all of them and accept or retry.',
  ),
  min_selections: field(z.number().int().min(0).default(1), 'At least', 'Fewest items; sinks to the number there are.'),
  max_selections: field(
    z.number().int().min(-1).nullable().default(null),
    'At most',
    'Most items; -1 for no limit; by default one, or no limit when several can be chosen.',
  ),
});

const outputs = z.object({
  selected_indices: field(z.array(z.unknown()), 'Chosen places', 'Paths of what was chosen, in canonical form.'),
  selected_data: field(z.unknown(), 'Chosen data', 'The chosen item, or the list of them when several can be chosen.'),
  retry_requested: field(z.boolean().default(false), 'Retry', 'Always false here: a retry leaves on another branch.'),
  retry_feedback: field(z.string().nullable().default(null), 'Feedback', 'What the person said on retry.'),
  retry_groups: field(z.array(z.string()).nullable().default(null), 'Groups', 'What was to be retried.'),
  jump_back_requested: field(z.boolean().default(false), 'Jump', 'Always false here: a jump leaves on another branch.'),
  jump_back_target: field(z.string().nullable().default(null), 'Jump target', 'Where the jump went.'),
});

export const userSelect = defineModule({
  id: 'user.select',
  kind: 'interactive',
  revision: 1,
  title: 'Select',
  description: 'Asks a person to choose among items, or to review them.',
  inputs,
  outputs,
  displaySchemaInputs: ['schema'],
  nullableInputs: ['data'],
  request(given) {
    const data = given.data ?? [];
    const single = !given.multi_select;
    // Fewer items than asked for: all of them must do (format.md 14.1).
    const most = selectableItems(data, given.schema).paths.length;
    const limit = given.max_selections ?? -1;
    return {
      draft: {
        interaction_type: given.mode === 'review' ? 'review_grouped' : 'select_from_structured',
        title: given.prompt,
        data,
        schema: given.schema,
        multi_select: given.multi_select,
        min_selections: Math.min(given.min_selections, most, single ? 1 : most),
        max_selections: single ? 1 : limit,
      },
    };
  },
  intake(answer, question): Intake {
    const request = question.request as Selection;
    const review = request.interaction_type === 'review_grouped';
    const { indices, paths, warnings } = canonicalSelection(chosenEntries(answer, review), {
      data: request.data,
      multi: request.multi_select,
      isItem: isChoice(request.data, selectableItems(request.data, request.schema)),
    });
    const response = { selected_indices: indices, ...(review ? { value: 'accepted' } : {}) };
    return { response, failures: review ? [] : countFailures(paths.length, request), warnings };
  },
  complete(response, _given, question) {
    const { data, multi_select: multi } = question.request as Selection;
    const indices = response['selected_indices'] as unknown[];
    const items = storedPaths(indices, multi).map((path) => withoutMetadata(itemAt(data, path)));
    return { selected_indices: indices, selected_data: multi ? items : (items[0] ?? null) };
  },
  addonItems: (draft, response) => selectItems(draft as Selection, response),
  sample(question: Question): InteractionAnswer {
    const request = question.request as Selection;
    if (request.interaction_type === 'review_grouped') return { value: 'accepted' };
    const { paths } = selectableItems(request.data, request.schema);
    return { selected_indices: paths.slice(0, Math.max(1, request.min_selections)) };
  },
});

/** Entries as the answer names them: by indices, else by the options that older clients send. */
function chosenEntries(answer: InteractionAnswer, review: boolean): unknown[] {
  if (answer.selected_indices) return answer.selected_indices;
  if (answer.selected_options) return answer.selected_options.map(placeOfOption);
  const foreign = review ? answer.value !== undefined && answer.value !== 'accepted' : answer.value !== undefined;
  if (foreign || answer.form_data !== undefined || answer.file_written !== undefined) {
    const message = review
      ? 'This question is answered by accepting, or by asking for a retry.'
      : 'This question is answered with selected_indices: a list of places in the data.';
    throw new WfmError('response_invalid', message, { place: 'response.selected_indices' });
  }
  return [];
}

function placeOfOption(option: unknown): unknown {
  if (!isJsonObject(option)) return option;
  const metadata = isJsonObject(option['metadata']) ? option['metadata'] : {};
  const place = metadata['indices'] ?? option['_index'] ?? metadata['_index'];
  return Array.isArray(place) ? place : [place];
}
