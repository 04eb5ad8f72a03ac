import { describe, expect, it } from 'vitest';
import { selectItems } from './select-items.ts';

const paths = (data: unknown, schema: unknown = {}, response?: Record<string, unknown>) =>
  selectItems({ data, schema, multi_select: true }, response).map(({ path }) => path);

describe('16.2 the items that addons mark', () => {
  it('16.2 objects in a root array, whatever the schema says', () => {
    expect(paths([{ a: 1 }, 'text', null, { a: 2 }])).toEqual([[0], [3]]);
  });

  it('16.2 objects in arrays whose items are selectable, in any spelling of the hint', () => {
    const data = { mains: [{ id: 1 }, 'text', { id: 2 }], about: [{ id: 3 }] };
    const spelt = (hints: object) => ({ properties: { mains: { items: hints }, about: { items: {} } } });
    for (const hints of [{ selectable: true }, { _ux: { selectable: true } }, { '_ux.selectable': true }]) {
      expect(paths(data, spelt(hints))).toEqual([
        ['mains', 0],
        ['mains', 2],
      ]);
    }
    expect(paths(data, { properties: { mains: { ui: { select: { max: 2 } } } } })).toEqual([
      ['mains', 0],
      ['mains', 2],
    ]);
  });

  it('16.2 values of a selectable map', () => {
    const data = { dal: { time: 3 }, soup: { time: 1 }, note: 'text' };
    expect(paths(data, { additionalProperties: { _ux: { selectable: true } } })).toEqual([['dal'], ['soup']]);
  });

  it('16.2 with an answer, those that were chosen', () => {
    expect(paths([{ a: 1 }, { a: 2 }, 'x'], {}, { selected_indices: [1, 2] })).toEqual([[1]]);
    const data = { starters: [{ id: 1 }], mains: [{ id: 2 }] };
    expect(paths(data, {}, { selected_indices: [['mains', 0]] })).toEqual([['mains', 0]]);
    expect(paths(data, {}, {})).toEqual([]);
  });

  it('25.22 nothing to choose is nothing to mark', () => {
    expect(paths(null)).toEqual([]);
  });
});
