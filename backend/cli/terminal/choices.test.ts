import { describe, expect, it } from 'vitest';
import { choicesOf, selectedIndices } from './choices.ts';

describe('choices in a terminal', () => {
  it('11.4 offers the items of the arrays that an object holds, each with its group', () => {
    const data = { starters: [{ id: 's1', name: 'Leek soup' }], mains: [{ id: 'm1', name: 'Dal' }] };
    expect(choicesOf(data, { type: 'object' })).toEqual([
      { path: ['starters', 0], label: 'starters: Leek soup', hint: 's1' },
      { path: ['mains', 0], label: 'mains: Dal', hint: 'm1' },
    ]);
  });

  it('18.2 leaves out what is hidden, and takes the title from its slot', () => {
    const schema = {
      type: 'object',
      ui: { select: { min: 1 } },
      additionalProperties: {
        type: 'object',
        properties: {
          where: { type: 'string' },
          what: { type: 'string', ui: { slot: 'title' } },
          prompt: { type: 'string', ui: { show: 'no' } },
          schema: { type: 'object' },
        },
      },
    };
    const data = {
      wall: { what: 'Text on\nthe glass', where: 'outside', prompt: 'secret', schema: { type: 'object' } },
    };
    expect(choicesOf(data, schema)).toEqual([{ path: ['wall'], label: 'Text on the glass', hint: 'outside' }]);
  });

  it('18.5 shows an older schema by its hints, and calls what is not drawn by its place', () => {
    const schema = {
      type: 'array',
      _ux: { display: true },
      items: {
        _ux: { display: true, computed: { price: { display_format: '{{ cost }} €' } } },
        properties: { name: { _ux: { display: true, render_as: 'card-title' } }, cost: {} },
      },
    };
    expect(choicesOf([{ name: 'Dal', cost: 7 }], schema)).toEqual([{ path: [0], label: 'Dal', hint: '7 €' }]);
    expect(choicesOf(['a'], { _ux: { display: false } })).toEqual([{ path: [0], label: '1', hint: '' }]);
  });

  it('18.2 offers items where the display schema marks them, at any depth', () => {
    const schema = {
      type: 'array',
      items: { type: 'object', properties: { objects: { type: 'array', ui: { select: { max: 2 } } } } },
    };
    const data = [{ objects: ['token', 'key'] }];
    expect(choicesOf(data, schema).map(({ path, label }) => [path, label])).toEqual([
      [[0, 'objects', 0], '1: token'],
      [[0, 'objects', 1], '1: key'],
    ]);
  });

  it('11.4 an answer has plain places where each is one step deep', () => {
    expect(selectedIndices([[0], [2]])).toEqual([0, 2]);
    expect(selectedIndices([['keys', 0]])).toEqual([['keys', 0]]);
    expect(selectedIndices([])).toEqual([]);
  });
});
