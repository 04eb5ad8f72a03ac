import { describe, expect, it } from 'vitest';
import type { InteractionAnswer, InteractionRequest } from '../../../models/interaction.ts';
import { askModule } from '../../testing/module-context.ts';
import { userFileInput } from '../file-input.ts';
import { userForm } from '../form.ts';
import { userSelect } from '../select.ts';
import { userTextInput } from '../text-input.ts';
import { answerFailures } from './answer-failures.ts';

const judge = (draft: object, answer: InteractionAnswer) =>
  answerFailures({ extra_options: [], context: {}, ...draft } as unknown as InteractionRequest, answer);

const texts = { prompt: 'Tags', validation_pattern: '^#\\w+$', validation_separator: ',' };
const dishes = { data: ['dal', 'soup', 'trout'], schema: {}, multi_select: true, max_selections: 2 };
const rows = {
  data: [{}, {}],
  schema: { type: 'object', properties: { count: { type: 'integer', minimum: 1 } }, required: ['count'] },
};

describe('answerFailures', () => {
  it.each<[string, { ask: () => ReturnType<typeof askModule>; answers: InteractionAnswer[] }]>([
    [
      'text',
      {
        ask: () => askModule(userTextInput, texts),
        answers: [{ value: '' }, { value: '#a, b' }, { value: '#a, #b' }, {}],
      },
    ],
    [
      'selection',
      {
        ask: () => askModule(userSelect, dishes),
        answers: [{ selected_indices: [] }, { selected_indices: [0, 2] }, { selected_indices: [0, 1, 2] }],
      },
    ],
    [
      'form',
      {
        ask: () => askModule(userForm, rows),
        answers: [{ form_data: [{ count: 0 }, {}] }, { form_data: [{ count: 1 }, { count: 2 }, { count: 3 }] }],
      },
    ],
  ])('U8 a page says of a %s what the server says of it', async (_type, { ask, answers }) => {
    const asked = await ask();
    for (const answer of answers)
      expect(judge(asked.draft as object, answer)).toEqual((await asked.intake(answer)).failures);
  });

  it('12.3 a text that leaves the question is not judged', async () => {
    const { draft } = await askModule(userTextInput, { ...texts, retry_trigger_keyword: 'r' });
    expect(judge(draft as object, { value: ' r ' })).toEqual([]);
    expect(judge(draft as object, { value: 'rr' })).toHaveLength(1);
  });

  it('11.2 a file is asked for before anything is sent', async () => {
    const { draft } = await askModule(userFileInput, { prompt: 'A photo' });
    expect(judge(draft as object, {})).toMatchObject([{ id: 'file_missing', field: 'value' }]);
    expect(judge(draft as object, { value: 'upload:1' })).toEqual([]);
  });

  it('11.2 types without terms of their own have no failures', () => {
    expect(judge({ interaction_type: 'confirm' }, {})).toEqual([]);
    expect(judge({ interaction_type: 'ballot' }, {})).toEqual([]);
  });
});
