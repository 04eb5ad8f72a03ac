import { en, type Messages } from './en.ts';

const accents: Record<string, string> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  y: 'ý',
  c: 'ç',
  n: 'ñ',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
  C: 'Ç',
  N: 'Ñ',
};

/** English, made 40 % longer and strange, so that a text which is not in the catalogue or does not fit shows (ux.md G15). */
export function pseudoMessages(): Messages {
  return strange(en) as Messages;
}

/** Any words of the page, made strange. */
export function strange(value: unknown): unknown {
  if (typeof value === 'string') return `⟦${outsideBraces(value)}${'~'.repeat(Math.ceil(value.length * 0.4))}⟧`;
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, strange(item)]));
}

/** What stands in braces belongs to the message's own syntax. */
function outsideBraces(text: string): string {
  let depth = 0;
  let made = '';
  for (const char of text) {
    if (char === '{') depth += 1;
    made += depth === 0 ? (accents[char] ?? char) : char;
    if (char === '}') depth -= 1;
  }
  return made;
}
