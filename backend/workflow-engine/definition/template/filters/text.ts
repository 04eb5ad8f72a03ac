import type { Run } from '../run.ts';
import { characterCount, characters, isMapping, sliceCharacters } from '../values.ts';
import { filter, integerOf, itemsOf, stringOf, textOf } from './filter.ts';
import { stripTags } from './strip-tags.ts';
import { wrapText } from './wrap-text.ts';

const htmlEscapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
const wordStart = /[^-\s({[<]+/g;
const word = /[\p{L}\p{N}_]+/gu;

/** First letter in upper case, the rest in lower case. */
export function capitalize(text: string): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 32);
  return text === '' ? '' : first.toUpperCase() + text.slice(first.length).toLowerCase();
}

/** Every word capitalised, where a word begins behind white space, a hyphen or an opening bracket. */
export function titleCase(run: Run, text: string): string {
  return text.replace(wordStart, (found) => {
    run.charge(1);
    return capitalize(found);
  });
}

/** Replaces `old` by `fresh`, at most `count` times when that is not negative; an empty `old` stands between all. */
export function replaceText(run: Run, text: string, old: string, fresh: string, count: number): string {
  run.chargeText(text.length);
  if (old === '') run.chargeCharacters(text.length);
  let pieces = old === '' ? ['', ...characters(text), ''] : text.split(old);
  run.charge(pieces.length >>> 2);
  if (count >= 0 && count < pieces.length - 1) {
    pieces = [...pieces.slice(0, count), pieces.slice(count).join(old)];
  }
  run.chargeText(text.length + (pieces.length - 1) * Math.max(0, fresh.length - old.length));
  return pieces.join(fresh);
}

/** Takes white space, or the characters of `set`, from the ends. */
export function stripText(run: Run, text: string, set: string | null, ends: 'both' | 'start' | 'end'): string {
  run.chargeText(text.length);
  if (set === null) return ends === 'both' ? text.trim() : ends === 'start' ? text.trimStart() : text.trimEnd();
  run.chargeCharacters(text.length);
  const letters = characters(text);
  const unwanted = new Set(characters(set));
  let from = 0;
  let to = letters.length;
  if (ends !== 'end') while (from < to && unwanted.has(letters[from] as string)) from += 1;
  if (ends !== 'start') while (to > from && unwanted.has(letters[to - 1] as string)) to -= 1;
  return letters.slice(from, to).join('');
}

function escapeHtml(run: Run, value: unknown): string {
  const text = textOf(run, value).replace(/[&<>"']/g, (char) => htmlEscapes[char] as string);
  run.chargeText(text.length);
  return text;
}

function indent(run: Run, value: unknown, [width, first, blank]: readonly unknown[]): string {
  const text = textOf(run, value);
  const margin = typeof width === 'string' ? width : spaces(run, integerOf(run, width, 'width', 4));
  const lines = text.split('\n');
  run.charge(lines.length);
  run.chargeText(text.length + lines.length * margin.length);
  return lines.map((line, number) => ((number === 0 ? first : line !== '' || blank) ? margin + line : line)).join('\n');
}

function spaces(run: Run, width: number): string {
  run.chargeText(Math.max(0, width));
  return ' '.repeat(Math.max(0, width));
}

/** A text that is at most 5 characters over the length stays whole, as in Jinja. */
function truncate(run: Run, value: unknown, [size, killWords, tail, leeway]: readonly unknown[]): string {
  const text = textOf(run, value);
  run.chargeCharacters(text.length);
  const length = integerOf(run, size, 'length', 255);
  const end = stringOf(run, tail, '...');
  if (characterCount(text) <= length + integerOf(run, leeway, 'leeway', 5)) return text;
  const room = length - characterCount(end);
  if (room < 0) run.fail('"length" of truncate is shorter than its "end"');
  const kept = sliceCharacters(text, 0, room);
  run.chargeText(kept.length + end.length);
  if (killWords) return kept + end;
  const space = kept.lastIndexOf(' ');
  return (space === -1 ? kept : kept.slice(0, space)) + end;
}

function urlEncode(run: Run, value: unknown): string {
  if (!isMapping(value) && !Array.isArray(value)) return quote(run, textOf(run, value), true);
  const pairs = isMapping(value) ? Object.entries(value) : itemsOf(run, value);
  const encoded = pairs.map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2)
      return run.fail('urlencode takes a text, an object or a list of pairs');
    return pair.map((part) => quote(run, textOf(run, part), false).replaceAll('%20', '+')).join('=');
  });
  run.chargeText(encoded.reduce((sum, part) => sum + part.length + 1, 0));
  return encoded.join('&');
}

function quote(run: Run, text: string, keepsSlash: boolean): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  run.chargeText(encoded.length);
  return keepsSlash ? encoded.replaceAll('%2F', '/') : encoded;
}

function wordCount(run: Run, value: unknown): number {
  let count = 0;
  for (const _ of textOf(run, value).matchAll(word)) {
    run.charge(1);
    count += 1;
  }
  return count;
}

/** Text filters of format.md 6.2. All print their value first; undefined is the empty text. */
export const textFilters = [
  filter('capitalize', [], (run, value) => capitalize(textOf(run, value))),
  filter('escape', [], escapeHtml),
  filter('e', [], escapeHtml),
  filter('indent', ['width', 'first', 'blank'], indent),
  filter('lower', [], (run, value) => textOf(run, value).toLowerCase()),
  filter('replace', ['old!', 'new!', 'count'], (run, value, [old, fresh, count]) =>
    replaceText(
      run,
      textOf(run, value),
      stringOf(run, old, ''),
      stringOf(run, fresh, ''),
      integerOf(run, count, 'count', -1),
    ),
  ),
  filter('safe', [], (_run, value) => value),
  filter('string', [], (run, value) => textOf(run, value)),
  filter('striptags', [], (run, value) => {
    const text = textOf(run, value);
    run.chargeCharacters(text.length);
    return stripTags(text);
  }),
  filter('title', [], (run, value) => titleCase(run, textOf(run, value))),
  filter('trim', ['chars'], (run, value, [set]) =>
    stripText(run, textOf(run, value), set === undefined || set === null ? null : stringOf(run, set, ''), 'both'),
  ),
  filter('truncate', ['length', 'killwords', 'end', 'leeway'], truncate),
  filter('upper', [], (run, value) => textOf(run, value).toUpperCase()),
  filter('urlencode', [], urlEncode),
  filter('wordcount', [], wordCount),
  filter('wordwrap', ['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'], (run, value, args) =>
    wrapText(run, textOf(run, value), {
      width: integerOf(run, args[0], 'width', 79),
      breaksWords: args[1] === undefined || Boolean(args[1]),
      between: stringOf(run, args[2], '\n'),
      breaksHyphens: args[3] === undefined || Boolean(args[3]),
    }),
  ),
];
