import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../definition/canonical-json.ts';
import { shown, valueDiff } from './value-diff.ts';

describe('9.11 diff of two values', () => {
  it('names places, by key and by position', () => {
    expect(valueDiff({ a: [1, { 'odd key': 2 }], gone: 1 }, { a: [1, { 'odd key': 3 }, 4], come: null })).toEqual({
      changes: [
        { type: 'changed', path: 'a[1]["odd key"]', a: 2, b: 3 },
        { type: 'added', path: 'a[2]', b: 4 },
        { type: 'removed', path: 'gone', a: 1 },
        { type: 'added', path: 'come', b: null },
      ],
      more: 0,
    });
    expect(valueDiff([1], { 0: 1 }).changes).toEqual([{ type: 'changed', path: '', a: [1], b: { 0: 1 } }]);
  });

  it('is empty exactly where the values are equal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(valueDiff(a, structuredClone(a)).changes).toEqual([]);
        expect(valueDiff(a, b).changes.length === 0).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
  });

  it('white space counts, long values go by hash, long lists are counted', () => {
    expect(valueDiff('a b', 'a  b').changes).toHaveLength(1);
    expect(shown('x'.repeat(3000))).toMatch(/^sha256:[0-9a-f]{64}$/);
    const { changes, more } = valueDiff(Array(70).fill(0), Array(70).fill(1));
    expect([changes.length, more]).toEqual([50, 20]);
  });
});
