import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawFor } from './draw.ts';
import { compileSafeRegex } from './safe-regex.ts';
import { samplePattern } from './sample-pattern.ts';
import { cpuMs } from '../testing/cpu-ms.ts';

test.each([
  '^abc$',
  '^[A-Z]{2}\\d{3}$',
  '^(?:yes|no|maybe)$',
  '^(?<y>\\d{4})-(?P<m>0[1-9]|1[0-2])$',
  '^\\w+@\\w+\\.(com|org)$',
  '^#[0-9a-fA-F]{6}$',
  '^[^\\s@]+$',
  '^\\S+(?: \\S+){2,4}$',
  '^[-+]?\\d+(?:\\.\\d+)?$',
  '^.{5,10}$',
  '^a*?b+?c??$',
  '(?i)^hello$',
  '^(?i:x)y$',
  '^\\u0041\\x42[\\u0043-\\u0045]$',
  '^[\\]\\-\\\\]+$',
  '^[]a]$'.replace('[]a]', '[a\\]]'),
  '^\\p{Lu}\\p{L}+$',
  '^$',
  '^((a|b){2}c){3}$',
  '^[\\w.-]+$',
  '^a{2}{3}$'.replace('{3}', ''),
  'x|y|z',
])('17.4 %s: texts made from it match it', (source) => {
  const regex = compileSafeRegex(source);
  for (let number = 0; number < 30; number++) {
    const text = samplePattern(source, drawFor('s', `/${number}`));
    expect(text).toSatisfy((made: string) => regex.test(made));
  }
});

test.each(['^[[:alpha:]]$', '^\\p{Sc}$', '(', '[a', 'a)', '[^\\x00-\\x{10FFFF}]'])(
  '17.4 %s is not simple',
  (source) => {
    expect(samplePattern(source, drawFor('s', ''))).toBeUndefined();
  },
);

test('17.4 lengths are met where the pattern has room', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('^[a-z]+$', '^(ab)*c?$', '^\\d{2}.*$', '^[a-z]+( [a-z]+)*$', 'a'),
      fc.integer({ min: 2, max: 50 }),
      fc.nat({ max: 20 }),
      fc.string(),
      (source, least, extra, seed) => {
        const text = samplePattern(source, drawFor(seed, ''), least, least + extra + 1) ?? '';
        expect(compileSafeRegex(source).test(text)).toBe(true);
        expect(text.length).toBeLessThanOrEqual(least + extra + 1);
        expect(text.length).toBeGreaterThanOrEqual(source === '^(ab)*c?$' ? least - 1 : least);
      },
    ),
  );
});

test('S4 nested repeats end', () => {
  const begun = cpuMs();
  expect(samplePattern('^(((a{30}){30}){30}){30}$', drawFor('s', ''))).toBeUndefined();
  expect(cpuMs() - begun).toBeLessThan(1000);
});
