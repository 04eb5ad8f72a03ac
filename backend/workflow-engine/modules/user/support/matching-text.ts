import { compileSafeRegex } from '../../../schema/index.ts';

/** Short texts that most authors' patterns take: a word, a number, a tag, an address, a date, a link. */
const candidates = [
  'text',
  'Text',
  'TEXT',
  '1',
  '10',
  '1.5',
  'a',
  'A1',
  '#text',
  '@text',
  '$1',
  '-',
  'text-1',
  'text_1',
  'some text',
  'name: text',
  'a=1',
  'a, b',
  'yes',
  'name@example.com',
  'https://example.com',
  '2026-01-01',
  '12:00',
  '100%',
  '#a1b2c3',
  '1x1',
  '16:9',
];

/** The first of a fixed list of short texts whose start matches the pattern; the plain word when none does. */
export function matchingText(pattern: string | undefined): string {
  const plain = candidates[0] ?? '';
  if (pattern === undefined) return plain;
  const compiled = compileSafeRegex(pattern);
  return candidates.find((text) => compiled.matchStart(text) !== null) ?? plain;
}
