import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasCode } from '../errors/index.ts';
import { limits } from '../models/limits.ts';
import { compileSafeRegex, utf8Length } from './safe-regex.ts';
import { cpuMs } from '../testing/cpu-ms.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) return String(thrown.code);
    throw thrown;
  }
  return 'none';
};

describe('14.10 safe regexes', () => {
  test.each([
    ['(?=a)', 'regex_unsupported'],
    ['(?!a)', 'regex_unsupported'],
    ['(?<=a)b', 'regex_unsupported'],
    ['(?<!a)b', 'regex_unsupported'],
    ['(a)\\1', 'regex_unsupported'],
    ['(?P<x>a)(?P=x)', 'regex_unsupported'],
    ['(?<x>a)\\k<x>', 'regex_unsupported'],
    ['(?>a)', 'regex_unsupported'],
    ['(?(1)a)', 'regex_unsupported'],
    ['a++', 'regex_unsupported'],
    ['a{1001}', 'regex_unsupported'],
    ['((a{100}){100}){100}', 'regex_unsupported'],
    ['(', 'regex_invalid'],
    ['[a', 'regex_invalid'],
    ['*a', 'regex_invalid'],
    ['a**', 'regex_invalid'],
    ['a{3,1}', 'regex_invalid'],
    ['\\p{Nonsense}', 'regex_invalid'],
    ['(?P<constructor>a)', 'regex_invalid'],
    ['(?P<n>a)(?P<n>b)', 'regex_invalid'],
  ])('14.10 %s is %s', (source, code) => {
    expect(codeOf(() => compileSafeRegex(source, 'inputs.pattern'))).toBe(code);
  });

  test('23 a source over 1 KB is regex_limit, in bytes', () => {
    for (const source of ['a'.repeat(limits.regexSource + 1), 'é'.repeat(limits.regexSource / 2 + 1)]) {
      expect(codeOf(() => compileSafeRegex(source))).toBe('regex_limit');
    }
    expect(compileSafeRegex('a'.repeat(limits.regexSource)).test('a')).toBe(false);
  });

  test('a refusal names its place and the reason', () => {
    expect(() => compileSafeRegex('(?=x)', 'inputs.pattern.regex')).toThrow(
      expect.objectContaining({
        place: 'inputs.pattern.regex',
        params: { pattern: '(?=x)', reason: expect.stringContaining('(?=') },
      }),
    );
  });

  test('14.10 Python and ECMAScript spellings are understood', () => {
    expect(compileSafeRegex('(?P<year>\\d{4})-(?<month>\\d\\d)').matchStart('2026-07 and more')).toEqual({
      text: '2026-07',
      groups: { year: '2026', month: '07' },
    });
    expect(compileSafeRegex('caf\\u00e9\\Z').test('un café')).toBe(true);
    expect(compileSafeRegex('^\\p{Letter}+$').fullMatch('Größe')).toBe(true);
    expect(compileSafeRegex('^\\p{Script=Greek}+$').fullMatch('λόγος')).toBe(true);
  });

  test('a match must begin at the start; groups that took no part are left out', () => {
    const regex = compileSafeRegex('(?P<n>\\d+)(?:/(?P<of>\\d+))?');
    expect(regex.matchStart('12 of them')).toEqual({ text: '12', groups: { n: '12' } });
    expect(regex.matchStart('about 12')).toBeNull();
    expect(regex.groupNames).toEqual(['n', 'of']);
  });

  test('a test looks anywhere, fullMatch at everything', () => {
    const regex = compileSafeRegex('b+');
    expect([regex.test('abba'), regex.fullMatch('abba'), regex.fullMatch('bb')]).toEqual([true, false, true]);
  });

  test('split drops the separators, not what their groups caught', () => {
    expect(compileSafeRegex('\\s*(,|;)\\s*').split('a , b;c,')).toEqual(['a', 'b', 'c', '']);
    expect(compileSafeRegex('x*').split('abc')).toEqual(['abc']);
  });

  test('findAll gives places and captures, and goes past empty matches', () => {
    expect(compileSafeRegex('([a-z])(\\d)?').findAll('a1 b')).toEqual([
      { text: 'a1', index: 0, captures: ['a', '1'] },
      { text: 'b', index: 3, captures: ['b', null] },
    ]);
    expect(
      compileSafeRegex('a*')
        .findAll('baa')
        .map((hit) => hit.index),
    ).toEqual([0, 1, 3]);
    expect(compileSafeRegex('a').findAll('aaaa', 2)).toHaveLength(2);
  });

  test('flags i, m and s are known, others are not', () => {
    expect(compileSafeRegex('^b.c$', undefined, 'ims').test('a\nB\nC')).toBe(true);
    expect(codeOf(() => compileSafeRegex('a', undefined, 'x'))).toBe('regex_unsupported');
  });

  test('23 input over 100 KB is regex_limit, in bytes', () => {
    const regex = compileSafeRegex('a');
    expect(regex.test('b'.repeat(limits.regexInput))).toBe(false);
    expect(codeOf(() => regex.test('b'.repeat(limits.regexInput + 1)))).toBe('regex_limit');
    expect(codeOf(() => regex.test('é'.repeat(limits.regexInput / 2 + 1)))).toBe('regex_limit');
  });

  test.each([
    ['^(a+)+$', 'a', '!'],
    ['(x+x+)+y', 'x', ''],
    ['^(\\w+\\s?)*$', 'a', '!'],
    ['((a|a)*)*b', 'a', ''],
    ['(.*)(.*)(.*)(.*)(.*)=', 'a', ''],
    ['(?:a?){300}a{300}', 'a', ''],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', ''],
  ])('S4 %s ends fast on 100 KB', (source, unit, end) => {
    const text = unit.repeat(limits.regexInput - end.length) + end;
    const regex = compileSafeRegex(source);
    const begun = cpuMs();
    regex.test(text);
    regex.matchStart(text);
    expect(cpuMs() - begun).toBeLessThan(1500);
  });

  test('S4 a pattern whose program is large takes less text', () => {
    expect(
      hasCode(
        attempt(() => compileSafeRegex('(a{0,500}b|a{0,499}c)d').findAll('a'.repeat(limits.regexInput))),
        'regex_limit',
      ),
    ).toBe(true);
  });

  test('agrees with the native engine on tame patterns', () => {
    const piece = fc.constantFrom('a', 'b', '[ab]', '\\d', '(a|b)', 'a?', 'b+', '.', '\\s');
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 8 }),
        (pieces, text) => {
          const source = pieces.join('');
          expect(compileSafeRegex(source).test(text)).toBe(new RegExp(source).test(text));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('utf8Length counts what an encoder would write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
}
