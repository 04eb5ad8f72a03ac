import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../models/json.ts';
import { mapOutputs, setLeaf } from './state-mapping.ts';

const flatOf = (data: JsonObject = {}): JsonObject => Object.assign(Object.create(null) as JsonObject, data);
const map = (mapping: Record<string, string>, outputs: JsonObject, flat: JsonObject = {}): JsonObject =>
  mapOutputs(mapping, outputs, flatOf(flat));

describe('2.3 outputs_to_state', () => {
  it.each<[string, Record<string, string>, JsonObject, JsonObject, JsonObject]>([
    ['a plain key', { o: 'k' }, { o: 1 }, {}, { k: 1 }],
    ['null is a value', { o: 'k' }, { o: null }, { k: 1 }, { k: null }],
    ['an output that was not produced is skipped', { o: 'k', p: 'l' }, { p: 1 }, { k: 9 }, { l: 1 }],
    ['an output with an inherited name is not produced', { toString: 'k' }, {}, {}, {}],
    ['a dotted key makes its root', { o: 'card.title' }, { o: 'T' }, {}, { card: { title: 'T' } }],
    [
      'a dotted key keeps its siblings',
      { o: 'card.title' },
      { o: 'T' },
      { card: { by: 'me' } },
      { card: { by: 'me', title: 'T' } },
    ],
    ['deeper', { o: 'a.b.c' }, { o: 1 }, { a: { b: { d: 2 }, e: 3 } }, { a: { b: { d: 2, c: 1 }, e: 3 } }],
    [
      '7.5 two leaves of one root come whole, once',
      { o: 'c.x', p: 'c.y' },
      { o: 1, p: 2 },
      { c: { z: 3 } },
      { c: { x: 1, y: 2, z: 3 } },
    ],
    ['a root and then its leaf', { o: 'c', p: 'c.y' }, { o: { x: 1 }, p: 2 }, {}, { c: { x: 1, y: 2 } }],
    ['a leaf and then its root', { p: 'c.y', o: 'c' }, { o: { x: 1 }, p: 2 }, {}, { c: { x: 1 } }],
    ['a text in the way gives way', { o: 'c.x' }, { o: 1 }, { c: 'text' }, { c: { x: 1 } }],
    ['null in the way gives way', { o: 'c.x.y' }, { o: 1 }, { c: { x: null } }, { c: { x: { y: 1 } } }],
    ['an index sets an item', { o: 'l.1' }, { o: 'B' }, { l: ['a', 'b'] }, { l: ['a', 'B'] }],
    ['the index after the last adds one', { o: 'l.2.n' }, { o: 1 }, { l: ['a', 'b'] }, { l: ['a', 'b', { n: 1 }] }],
    ['an index far outside makes no holes', { o: 'l.999999' }, { o: 1 }, { l: ['a'] }, { l: { 999999: 1 } }],
    ['a key that is no index replaces the list', { o: 'l.x' }, { o: 1 }, { l: ['a'] }, { l: { x: 1 } }],
    ['two outputs of one key: the one written last', { o: 'k', p: 'k' }, { o: 1, p: 2 }, {}, { k: 2 }],
    ['an inherited name is a key like any', { o: 'toString.x' }, { o: 1 }, {}, { toString: { x: 1 } }],
  ])('2.3 %s', (_title, mapping, outputs, flat, expected) => {
    expect(map(mapping, outputs, flat)).toEqual(expected);
  });

  it.each(['__proto__', '__proto__.polluted', 'a.__proto__.polluted', 'constructor.prototype.polluted', 'a.prototype'])(
    '6.8 %s is refused',
    (target) => {
      expect(map({ o: target }, { o: true }, { a: {} })).toEqual({});
      expect(({} as JsonObject).polluted).toBeUndefined();
    },
  );

  it('7.5 flat state, its values and the outputs are never written into', () => {
    const path = fc.array(fc.constantFrom('a', 'b', '0', '1'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', '0'), fc.jsonValue()),
        path,
        fc.jsonValue(),
        (data, keys, value) => {
          const flat = flatOf(data);
          const outputs = { o: value };
          const before = JSON.stringify([flat, outputs]);
          const mapped = mapOutputs({ o: keys.join('.') }, outputs, flat);
          expect(JSON.stringify([flat, outputs])).toBe(before);
          // What was set can be read where it was set.
          let found: unknown = mapped;
          for (const key of keys) found = (found as JsonObject)[key];
          expect(found).toEqual(value);
          expect(Object.keys(mapped)).toEqual([keys[0]]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('setLeaf without a path is the value', () => {
    expect(setLeaf({ a: 1 }, [], 2)).toBe(2);
  });
});
