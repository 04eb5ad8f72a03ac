import { describe, expect, test } from 'vitest';
import { ar } from './ar.ts';
import { en } from './en.ts';

function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, item]) => textsOf(item, path === '' ? key : `${path}.${key}`));
}

/** What a message is told: names in braces that no branch of a plural is. */
const gapsOf = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{\s*([a-z]\w*)\s*[,}]/g)].map(([, name]) => name ?? '').toSorted()),
];

describe('the editor’s words', () => {
  test('are in Arabic what they are in English: the same keys, told the same things', () => {
    const english = textsOf(en).map(([key, text]) => [key, gapsOf(text)]);
    const arabic = textsOf(ar).map(([key, text]) => [key, gapsOf(text)]);
    expect(new Set(arabic.map(String))).toEqual(new Set(english.map(String)));
  });
});
