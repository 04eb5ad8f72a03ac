import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWfmError } from '../../../errors/index.ts';
import { runs } from '../../../testing/runs.ts';
import { canonicalSelection, itemAt, storedPaths, withoutMetadata } from './canonical-selection.ts';

const list = ['a', 'b', 'c'];
const menu = { starters: [{ id: 's1' }], mains: [{ id: 'm1' }, { id: 'm2' }] };
const dishes = { dal: { name: 'Dal' }, soup: { name: 'Soup' }, '7': { name: 'Seven' } };
const deep = { a: { b: [{ c: ['x', 'y'] }] } };

const table: [name: string, data: unknown, multi: boolean, accepted: unknown[][], stored: unknown[]][] = [
  ['array, single', list, false, [[1], [[1]], ['1'], [['1']]], [1]],
  [
    'array, multi',
    list,
    true,
    [
      [0, 2],
      [[0], [2]],
      ['0', '2'],
      [['0'], 2],
      [0, 2, 0, ['2']],
    ],
    [0, 2],
  ],
  [
    'object holding arrays, single',
    menu,
    false,
    [['mains', 1], ['mains', '1'], [['mains', 1]], [['mains', '1']]],
    ['mains', 1],
  ],
  [
    'object holding arrays, multi',
    menu,
    true,
    [
      [
        ['starters', 0],
        ['mains', 1],
      ],
      [
        ['starters', '0'],
        ['mains', '1'],
        ['mains', 1],
      ],
    ],
    [
      ['starters', 0],
      ['mains', 1],
    ],
  ],
  ['object keys, single', dishes, false, [['dal'], [['dal']]], ['dal']],
  [
    'object keys, multi',
    dishes,
    true,
    [
      ['dal', 'soup'],
      [['dal'], ['soup']],
      ['dal', 'soup', 'dal'],
    ],
    ['dal', 'soup'],
  ],
  ['a digit key of an object stays text', dishes, true, [['7'], [['7']]], ['7']],
  [
    'deeper, single',
    deep,
    false,
    [['a', 'b', 0, 'c', 1], ['a', 'b', '0', 'c', '1'], [['a', 'b', 0, 'c', 1]]],
    ['a', 'b', 0, 'c', 1],
  ],
  [
    'deeper, multi',
    deep,
    true,
    [
      [
        ['a', 'b', 0, 'c', 0],
        ['a', 'b', '0', 'c', '1'],
      ],
    ],
    [
      ['a', 'b', 0, 'c', 0],
      ['a', 'b', 0, 'c', 1],
    ],
  ],
  ['order is kept', list, true, [[2, 0]], [2, 0]],
  ['nothing, single', list, false, [[]], []],
  ['nothing, multi', list, true, [[]], []],
];

describe('canonicalSelection', () => {
  for (const [name, data, multi, accepted, stored] of table) {
    it.each(accepted.map((entries) => [JSON.stringify(entries), entries] as const))(
      `11.4 ${name}: %s`,
      (_shown, entries) => {
        const { indices, warnings } = canonicalSelection(entries, { data, multi });
        expect(indices).toEqual(stored);
        expect(warnings).toEqual([]);
      },
    );
  }

  it('11.4 in single mode a flat list of two is one path, never two keys', () => {
    const { indices, warnings } = canonicalSelection(['dal', 'soup'], { data: dishes, multi: false });
    expect(indices).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it.each([
    ['out of range', list, [3]],
    ['negative', list, [-1]],
    ['a fraction', list, [0.5]],
    ['a text that is no number', list, ['one']],
    ['null', list, [null]],
    ['an object', list, [{ index: 0 }]],
    ['an empty path', list, [[]]],
    ['an unknown key', dishes, ['pie']],
    ['a number for an object', dishes, [7]],
    ['an inherited key', dishes, ['toString']],
    ['a forbidden key', dishes, ['__proto__']],
    ['a path into a text', list, [[0, 'length']]],
    ['a path of nine segments', deep, [['a', 'b', 0, 'c', 0, 0, 0, 0, 0]]],
    ['a path that is wrapped twice', menu, [[['mains', 1]]]],
  ])('11.4 dropped with selection_dropped: %s', (_name, data, entries) => {
    const { indices, paths, warnings } = canonicalSelection(entries, { data, multi: true });
    expect([indices, paths]).toEqual([[], []]);
    expect(warnings.map(({ code }) => code)).toEqual(['selection_dropped']);
  });

  it('11.4 several paths in single mode stay apart, so that the count is wrong rather than the choice', () => {
    const { indices, paths } = canonicalSelection([[0], [2]], { data: list, multi: false });
    expect(indices).toEqual([[0], [2]]);
    expect(paths).toHaveLength(2);
  });

  it('11.4 what exists but is no choice is dropped', () => {
    const isItem = (path: unknown[]) => path.length > 1;
    expect(canonicalSelection(['mains'], { data: menu, multi: true, isItem }).indices).toEqual([]);
  });

  it('23 over 1000 selections is response_too_large', () => {
    try {
      canonicalSelection(
        Array.from({ length: 1001 }, () => 0),
        { data: list, multi: true },
      );
      expect.unreachable();
    } catch (thrown) {
      expect(isWfmError(thrown) && thrown.code).toBe('response_too_large');
    }
  });

  it('11.4 law: canonicalising twice is canonicalising once, and every stored path leads somewhere', () => {
    const leaf = fc.constantFrom('x', 1, null, true);
    const data = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', '0', '1'), tie('node')),
      ),
    })).node;
    const segment = fc.constantFrom<unknown>('a', 'b', '0', '1', 0, 1, 2, -1, null, '01');
    const entry = fc.oneof(segment, fc.array(segment, { maxLength: 4 }));
    fc.assert(
      fc.property(data, fc.array(entry, { maxLength: 5 }), fc.boolean(), (tree, entries, multi) => {
        const once = canonicalSelection(entries, { data: tree, multi });
        const twice = canonicalSelection(once.indices, { data: tree, multi });
        expect(twice.indices).toEqual(once.indices);
        expect(twice.warnings).toEqual([]);
        expect(storedPaths(once.indices, multi)).toEqual(once.paths);
        for (const path of once.paths) expect(itemAt({ root: tree }, ['root', ...path])).toEqual(itemAt(tree, path));
      }),
      { numRuns: runs(500, 20_000) },
    );
  });
});

describe('withoutMetadata', () => {
  it('11.4 members called _metadata are removed at any depth', () => {
    const value = { _metadata: 1, name: 'x', rows: [{ _metadata: {}, a: { _metadata: 2, b: 3 } }] };
    expect(withoutMetadata(value)).toEqual({ name: 'x', rows: [{ a: { b: 3 } }] });
  });
});
