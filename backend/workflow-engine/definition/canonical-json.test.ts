import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../testing/runs.ts';
import { canonicalJson, hashOf, versionIdOf } from './canonical-json.ts';

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, shuffled(item)]),
  );
}

describe('canonical JSON (RFC 8785)', () => {
  it('sorts keys by UTF-16 code units, as the example of the RFC has it', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}');
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [1e21, '1e+21'],
    [333333333.3333333, '333333333.3333333'],
    [1e-27, '1e-27'],
    [4.5, '4.5'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('writes the number %d as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('leaves out properties that are undefined, and takes objects without a prototype', () => {
    const bare = Object.assign(Object.create(null) as object, { b: undefined, a: [{}] });
    expect(canonicalJson(bare)).toBe('{"a":[{}]}');
  });

  it('writes a lone surrogate as an escape', () => {
    expect(canonicalJson('\ud83d')).toBe(String.raw`"\ud83d"`);
  });

  it.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a big integer', 1n],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a date', { at: new Date(0) }],
    ['a map', new Map()],
    ['bytes', new Uint8Array(1)],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('ends a cycle with json_too_deep', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => canonicalJson(cycle)).toThrow(expect.objectContaining({ code: 'json_too_deep' }));
  });

  it('does not depend on the order of keys, and parsing it gives the value back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        // JSON knows no negative zero.
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  it('hashes as the host does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(hashOf(value)).toBe(createHash('sha256').update(canonicalJson(value)).digest('hex'));
      }),
      { numRuns: runs(50, 2000) },
    );
  });
});

describe('1.5 version id', () => {
  const node = { type: 'text', content: 'Be kind.' };

  it('is the hash of the resolved definition', () => {
    expect(versionIdOf({ a: 1 })).toBe(`sha256:${hashOf({ a: 1 })}`);
  });

  it('leaves provenance of typed nodes out', () => {
    const withSource = { prompt: { ...node, $source: { path: 'voice.txt', sha256: 'abc' } } };
    expect(versionIdOf(withSource)).toBe(versionIdOf({ prompt: node }));
  });

  it('keeps a key $source that is no provenance', () => {
    expect(versionIdOf({ map: { $source: 'x' } })).not.toBe(versionIdOf({ map: {} }));
    expect(versionIdOf({ ...node, $source: 'x', other: 1 })).not.toBe(versionIdOf({ ...node, other: 1 }));
  });
});
