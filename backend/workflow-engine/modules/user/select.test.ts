import { describe, expect, it } from 'vitest';
import { askModule } from '../testing/module-context.ts';
import { userSelect } from './select.ts';

const schema = { type: 'object' };
const menu = { starters: [{ id: 's1', _metadata: { x: 1 } }], mains: [{ id: 'm1' }, { id: 'm2' }] };
const ask = (inputs: Record<string, unknown>) => askModule(userSelect, { schema, ...inputs });

describe('user.select', () => {
  it('14.1 asks for one item by default', async () => {
    const { draft } = await ask({ data: ['a', 'b'] });
    expect(draft).toMatchObject({
      interaction_type: 'select_from_structured',
      title: 'Choose',
      multi_select: false,
      min_selections: 1,
      max_selections: 1,
      schema,
    });
  });

  it('14.1 no limit when several can be chosen, unless one is given', async () => {
    expect((await ask({ data: ['a', 'b'], multi_select: true })).draft).toMatchObject({ max_selections: -1 });
    expect((await ask({ data: ['a', 'b'], multi_select: true, max_selections: 2 })).draft).toMatchObject({
      max_selections: 2,
    });
  });

  it.each([
    [{ data: [], multi_select: true, min_selections: 3 }, 0],
    [{ data: null }, 0],
    [{ data: ['a', 'b'], multi_select: true, min_selections: 3 }, 2],
    [{ data: menu, multi_select: true, min_selections: 9 }, 3],
    [{ data: menu, min_selections: 9 }, 1],
    [{ data: { dal: {}, soup: {}, _note: 'x' }, multi_select: true, min_selections: 9 }, 2],
  ])('14.1 the minimum sinks to the number of items: %j', async (inputs, minimum) => {
    expect((await ask(inputs)).draft).toMatchObject({ min_selections: minimum });
  });

  it('14.1 empty data can be passed', async () => {
    const asked = await ask({ data: null });
    expect((await asked.intake({ selected_indices: [] })).failures).toEqual([]);
    expect(await asked.complete({ selected_indices: [] })).toMatchObject({ selected_indices: [], selected_data: null });
  });

  it('11.4 the answer is stored canonical and gives the item, without _metadata', async () => {
    const asked = await ask({ data: menu });
    expect((await asked.intake({ selected_indices: [['starters', '0']] })).response).toEqual({
      selected_indices: ['starters', 0],
    });
    expect(await asked.complete({ selected_indices: ['starters', '0'] })).toEqual({
      selected_indices: ['starters', 0],
      selected_data: { id: 's1' },
      retry_requested: false,
      retry_feedback: null,
      retry_groups: null,
      jump_back_requested: false,
      jump_back_target: null,
    });
  });

  it('11.4 several chosen items give a list', async () => {
    const asked = await ask({ data: menu, multi_select: true });
    const answer = {
      selected_indices: [
        ['mains', 1],
        ['starters', 0],
      ],
    };
    expect(await asked.complete(answer)).toMatchObject({ selected_data: [{ id: 'm2' }, { id: 's1' }] });
  });

  it.each([
    [[{ metadata: { indices: ['mains', 1] } }], ['mains', 1]],
    [[{ metadata: { indices: [['mains', 1]] } }], []],
  ])('11.2 places are read from selected_options: %j', async (options, stored) => {
    const asked = await ask({ data: menu });
    expect((await asked.intake({ selected_options: options })).response).toEqual({ selected_indices: stored });
  });

  it('11.2 _index of an option is a place in a list', async () => {
    const asked = await ask({ data: ['a', 'b'], multi_select: true });
    expect((await asked.intake({ selected_options: [{ _index: 1 }, { _index: '0' }] })).response).toEqual({
      selected_indices: [1, 0],
    });
  });

  it.each([
    [{}, [], { min: 1, max: 1, actual: 0 }],
    [{}, [[0], [1]], { min: 1, max: 1, actual: 2 }],
    [{ multi_select: true, min_selections: 2 }, [0], { min: 2, max: -1, actual: 1 }],
    [{ multi_select: true, max_selections: 1 }, [0, 1], { min: 1, max: 1, actual: 2 }],
    [{ multi_select: true, min_selections: 2 }, [0, 9], { min: 2, max: -1, actual: 1 }],
  ])('11.4 counts are enforced after dropping: %j answered %j', async (inputs, selected_indices, params) => {
    const asked = await ask({ data: ['a', 'b', 'c'], ...inputs });
    const { failures } = await asked.intake({ selected_indices });
    expect(failures).toMatchObject([{ id: 'selection_count', rule: 'selection_count', severity: 'error', params }]);
  });

  it('11.4 a list as such is no choice where its items are, unless the schema says so', async () => {
    const plain = await ask({ data: menu, multi_select: true });
    expect((await plain.intake({ selected_indices: ['mains'] })).warnings).toMatchObject([
      { code: 'selection_dropped' },
    ]);
    const hinted = await askModule(userSelect, {
      data: menu,
      multi_select: true,
      schema: { type: 'object', ui: { select: {} } },
    });
    expect((await hinted.intake({ selected_indices: ['mains'] })).response).toEqual({ selected_indices: ['mains'] });
  });

  it('14.1 review accepts without counting', async () => {
    const asked = await ask({ data: menu, mode: 'review' });
    expect(asked.draft.interaction_type).toBe('review_grouped');
    const intake = await asked.intake({ value: 'accepted' });
    expect(intake).toEqual({ response: { selected_indices: [], value: 'accepted' }, failures: [], warnings: [] });
    expect(asked.sample()).toEqual({ value: 'accepted' });
  });

  it.each([
    [{ mode: 'select' }, { value: 'Dal' }],
    [{ mode: 'select' }, { form_data: [] }],
    [{ mode: 'review' }, { value: 'rejected' }],
  ])('10.4 an answer of another type is response_invalid: %j', async (inputs, answer) => {
    const asked = await ask({ data: menu, ...inputs });
    await expect(asked.intake(answer)).rejects.toMatchObject({ code: 'response_invalid' });
  });

  it.each([
    [{ data: ['a', 'b', 'c'] }, [[0]]],
    [
      { data: menu, multi_select: true, min_selections: 2 },
      [
        ['starters', 0],
        ['mains', 0],
      ],
    ],
    [{ data: { dal: {}, soup: {} } }, [['dal']]],
    [{ data: [] }, []],
  ])('11.5 the sample is the first items, and valid: %j', async (inputs, selected_indices) => {
    const asked = await ask(inputs);
    expect(asked.sample()).toEqual({ selected_indices });
    expect((await asked.intake(asked.sample())).failures).toEqual([]);
  });

  it('11.5 the sample follows what the schema marks as selectable, in any spelling', async () => {
    const data = { note: 'x', places: { porto: { name: 'Porto' }, faro: { name: 'Faro' } }, tags: ['a'] };
    const spelt = (mark: object) => ({
      type: 'object',
      properties: {
        places: { type: 'object', additionalProperties: { type: 'object', ...mark } },
        tags: { type: 'array' },
      },
    });
    for (const mark of [{ _ux: { selectable: true } }, { '_ux.selectable': true }, { selectable: true }]) {
      const asked = await askModule(userSelect, { data, schema: spelt(mark) });
      expect(asked.sample()).toEqual({ selected_indices: [['places', 'porto']] });
    }
  });
});
