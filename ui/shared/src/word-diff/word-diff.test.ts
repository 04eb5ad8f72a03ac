import { expect, test } from 'vitest';
import { wordChanges } from './word-diff.tsx';

test('E17 words that came and went, in order', () => {
  const changes = wordChanges('a red door', 'a blue door')?.map(({ value, added, removed }) => [value, added, removed]);
  expect(changes).toEqual([
    ['a ', false, false],
    ['red', false, true],
    ['blue', true, false],
    [' door', false, false],
  ]);
});

test('S4 texts that are long, or have nothing in common, are not compared', () => {
  const words = (count: number, stem: string) => Array.from({ length: count }, (_, n) => `${stem}${n}`).join(' ');
  expect(wordChanges(words(1_000, 'a'), words(1_000, 'b'))).toBeNull();
  expect(wordChanges('x'.repeat(20_001), '')).toBeNull();
  expect(wordChanges(words(1_000, 'a'), `${words(1_000, 'a')} more`)).toHaveLength(2);
});
