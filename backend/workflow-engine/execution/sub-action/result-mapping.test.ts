import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../testing/runs.ts';
import { deepMerge } from './child-definition.ts';
import { mapResult, readResultMapping } from './result-mapping.ts';

const older = { tolerant: true, place: 'here' };
const strict = { tolerant: false, place: 'here' };
const map = (mode: 'replace' | 'merge', target: string, value: unknown, flat: Record<string, unknown>, how = older) =>
  mapResult([{ source: 'a.b', target, mode }], { a: { b: value } }, flat, how);

const json = fc.jsonValue().filter((value) => value !== null) as fc.Arbitrary<unknown>;
const list = fc.array(json, { maxLength: 5 });
const record = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), json, { maxKeys: 5 });

describe('result mapping', () => {
  it('13.3, 25.12 replace sets, also below a root; the root is cloned and named whole', () => {
    const flat = { card: { title: 'old', note: { x: 1 } } };
    const { mapped } = map('replace', 'card.note.y', 2, flat);
    expect(mapped).toEqual({ card: { title: 'old', note: { x: 1, y: 2 } } });
    expect(flat).toEqual({ card: { title: 'old', note: { x: 1 } } });
    expect(map('replace', 'new.deep.key', 1, {}).mapped).toEqual({ new: { deep: { key: 1 } } });
  });

  it('13.3 merge: lists are joined, objects overlaid, and nothing is set', () => {
    expect(map('merge', 'x.y', [3], { x: { y: [1, 2] } }).mapped).toEqual({ x: { y: [1, 2, 3] } });
    expect(map('merge', 'x', { b: 2 }, { x: { a: 1, b: 1 } }).mapped).toEqual({ x: { a: 1, b: 2 } });
    expect(map('merge', 'x.y', [1], {})).toEqual({ mapped: { x: { y: [1] } }, warnings: [] });
  });

  it('13.3 in format 1 what does not fit together is replaced, with a warning that names both kinds', () => {
    const cases: [unknown, unknown, string, string][] = [
      [5, [1], 'number', 'array'],
      [{ a: 1 }, [1], 'object', 'array'],
      [[1], { a: 1 }, 'array', 'object'],
      [null, [1], 'null', 'array'],
    ];
    for (const [present, value, kind, given] of cases) {
      const { mapped, warnings } = map('merge', 'x', value, { x: present });
      expect(mapped).toEqual({ x: value });
      expect(warnings).toMatchObject([{ code: 'state_key_collision', params: { key: 'x', present: kind, given } }]);
    }
  });

  it('13.3 in format 2 a merge onto what takes none is state_invalid: what, where, and nothing changed', () => {
    const cases: [string, unknown, unknown, object][] = [
      ['x', 5, [1], { key: 'x', present: 'number', given: 'array' }],
      ['x', 'text', { a: 1 }, { key: 'x', present: 'string', given: 'object' }],
      ['x', [1], { a: 1 }, { key: 'x', present: 'array', given: 'object' }],
      ['x.y.z', { y: 'text' }, { a: 1 }, { key: 'x.y', present: 'string', given: 'object' }],
      ['x.y', [1], [2], { key: 'x', present: 'array', given: 'object' }],
    ];
    for (const [target, present, value, params] of cases) {
      const flat = { x: present };
      expect(() => map('merge', target, value, flat, strict)).toThrow(
        expect.objectContaining({ code: 'state_invalid', params, place: 'here.result_mapping[0].target' }),
      );
      expect(flat).toEqual({ x: present });
      expect(map('merge', target, value, flat).warnings).toMatchObject([{ code: 'state_key_collision', params }]);
    }
    // Nothing is lost where null stood, and a list's own place is a way on.
    expect(map('merge', 'x', [1], { x: null }, strict)).toMatchObject({ mapped: { x: [1] }, warnings: [{}] });
    expect(map('merge', 'x.0', { b: 2 }, { x: [{ a: 1 }] }, strict).mapped).toEqual({ x: [{ a: 1, b: 2 }] });
    expect(map('replace', 'x.y', 1, { x: 'text' }, strict).mapped).toEqual({ x: { y: 1 } });
  });

  it('13.2 a source that is not there is skipped; later entries see what earlier ones have set', () => {
    expect(mapResult([{ source: 'none.x', target: 'x', mode: 'replace' }], {}, {}, older).mapped).toEqual({});
    const twice = [
      { source: 'a', target: 'x', mode: 'merge' as const },
      { source: 'a', target: 'x', mode: 'merge' as const },
    ];
    expect(mapResult(twice, { a: [1] }, { x: [0] }, older).mapped).toEqual({ x: [0, 1, 1] });
  });

  it('names of prototypes are neither read nor written', () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      expect(mapResult([{ source: name, target: 'x', mode: 'replace' }], {}, {}, older).mapped).toEqual({});
      expect(mapResult([{ source: 'a', target: `${name}.x`, mode: 'merge' }], { a: 1 }, {}, older).mapped).toEqual({});
    }
    expect(({} as { x?: unknown }).x).toBeUndefined();
    const evil = JSON.parse('{"inputs":{"__proto__":{"x":1},"constructor":{"x":1},"ok":1}}') as unknown;
    expect(JSON.stringify(deepMerge({}, evil))).toBe('{"inputs":{"ok":1}}');
  });

  it('an entry that is no mapping is left out', () => {
    expect(
      readResultMapping(['x', {}, { source: 'a', target: 'b' }, { source: 'a', target: 'b', mode: 'odd' }]),
    ).toEqual([
      { source: 'a', target: 'b', mode: 'replace' },
      { source: 'a', target: 'b', mode: 'replace' },
    ]);
    expect(readResultMapping('x')).toEqual([]);
  });

  it('13.3 laws: joining lists is associative, an overlay idempotent, and neither changes what it was given', () => {
    const merged = (present: unknown, ...values: unknown[]): unknown =>
      values.reduce((at, value) => map('merge', 'x', value, { x: at }).mapped['x'], present);
    fc.assert(
      fc.property(list, list, list, (a, b, c) => {
        expect(merged(a, b, c)).toEqual(merged(a, [...b, ...c]));
        expect(merged(a, [])).toEqual(a);
      }),
      { numRuns: runs(100, 1000) },
    );
    fc.assert(
      fc.property(record, record, json, (a, b, other) => {
        const before = JSON.stringify([a, b]);
        const once = merged(a, b);
        expect(merged(once, b)).toEqual(once);
        expect(once).toEqual({ ...a, ...b });
        expect(JSON.stringify([a, b])).toBe(before);
        expect(merged(undefined, other)).toEqual(other);
      }),
      { numRuns: runs(100, 1000) },
    );
  });
});
