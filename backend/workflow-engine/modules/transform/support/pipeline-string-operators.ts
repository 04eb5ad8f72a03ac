import { limits } from '../../../models/limits.ts';
import { compileSafeRegex, type RegexHit } from '../../../schema/index.ts';
import {
  evaluateList,
  evaluateNamed,
  isMissing,
  listFor,
  type Operator,
  type OperatorSet,
  textFor,
} from './pipeline-evaluate.ts';

// What $trim takes away when it is told nothing: NUL, white space and the spaces of U+2000 to U+200A.
const blanks = [
  0,
  0x20,
  0x09,
  0x0a,
  0x0b,
  0x0c,
  0x0d,
  0xa0,
  0x1680,
  ...Array.from({ length: 11 }, (_, index) => 0x2000 + index),
];
const blankLetters = new Set(blanks.map((code) => String.fromCodePoint(code)));

/**
 * Text operators that mingo has without bounds, or with native regular expressions: each is checked for room before
 * its result is built, and patterns run on the linear-time engine (format.md 14.8).
 */
export const stringOperators: OperatorSet = (meter) => {
  const room = (length: number): void => meter.room('characters in a text', length, limits.moduleValueBytes);
  const pieces = (count: number): void => meter.room('pieces of a text', count, limits.pipelineDocuments);

  const trim =
    (left: boolean, right: boolean): Operator =>
    (document, argument, options) => {
      const { input, chars } = evaluateNamed(document, argument, options);
      if (isMissing(input)) return null;
      const letters = [...textFor(input, '$trim')];
      const dropped = isMissing(chars) ? blankLetters : new Set(textFor(chars, '$trim'));
      const first = left ? letters.findIndex((letter) => !dropped.has(letter)) : 0;
      const last = right ? letters.findLastIndex((letter) => !dropped.has(letter)) : letters.length - 1;
      return first < 0 ? '' : letters.slice(first, last + 1).join('');
    };

  const search =
    (finish: (hits: RegexHit[], text: string) => unknown, most: number, nothing: unknown): Operator =>
    (document, argument, options) => {
      const { input, regex, options: flags } = evaluateNamed(document, argument, options);
      if (isMissing(input) || isMissing(regex)) return nothing;
      const compiled = compileSafeRegex(
        textFor(regex, 'regex'),
        undefined,
        isMissing(flags) ? '' : textFor(flags, 'options'),
      );
      const text = textFor(input, 'a regex');
      meter.spend((compiled.cost * text.length) / 50);
      if (finish === matched) return compiled.test(text);
      const hits = compiled.findAll(text, most);
      pieces(hits.length);
      return finish(hits, text);
    };
  const matched = (): boolean => true;
  // MongoDB counts a hit's place in code points.
  const described = (hit: RegexHit, text: string): object => ({
    match: hit.text,
    idx: codePoints(text.slice(0, hit.index)),
    captures: hit.captures,
  });

  const replace =
    (all: boolean): Operator =>
    (document, argument, options) => {
      const { input, find, replacement } = evaluateNamed(document, argument, options);
      if (isMissing(input) || isMissing(find) || isMissing(replacement)) return null;
      const [text, sought, inserted] = [
        textFor(input, 'input'),
        textFor(find, 'find'),
        textFor(replacement, 'replacement'),
      ];
      const parts = all ? text.split(sought) : splitOnce(text, sought);
      room(text.length + (parts.length - 1) * (inserted.length - sought.length));
      return parts.join(inserted);
    };

  return {
    $concat(document, argument, options) {
      const texts = evaluateList(document, argument, options);
      if (texts.some(isMissing)) return null;
      const checked = texts.map((text) => textFor(text, '$concat'));
      room(checked.reduce((sum, text) => sum + text.length, 0));
      return checked.join('');
    },
    $split(document, argument, options) {
      const [text, separator] = evaluateList(document, argument, options);
      if (isMissing(text)) return null;
      const by = textFor(separator, '$split');
      if (by === '') throw new Error('$split needs a separator that is not empty');
      const parts = textFor(text, '$split').split(by, limits.pipelineDocuments + 1);
      pieces(parts.length);
      return parts;
    },
    $replaceOne: replace(false),
    $replaceAll: replace(true),
    $trim: trim(true, true),
    $ltrim: trim(true, false),
    $rtrim: trim(false, true),
    $regexMatch: search(matched, 1, false),
    $regexFind: search(([hit], text) => (hit ? described(hit, text) : null), 1, null),
    $regexFindAll: search((hits, text) => hits.map((hit) => described(hit, text)), limits.pipelineDocuments + 1, []),
    $strLenBytes(document, argument, options) {
      const [text] = evaluateList(document, argument, options);
      return new TextEncoder().encode(textFor(text, '$strLenBytes')).length;
    },
    $indexOfCP(document, argument, options) {
      const [text, sought, start = 0, end] = listFor(evaluateList(document, argument, options), '$indexOfCP');
      if (isMissing(text)) return null;
      const letters = [...textFor(text, '$indexOfCP')];
      const until = (end as number | undefined) ?? letters.length;
      const part = letters.slice(start as number, until).join('');
      const found = part.indexOf(textFor(sought, '$indexOfCP'));
      return found < 0 ? -1 : codePoints(part.slice(0, found)) + (start as number);
    },
  };
};

function codePoints(text: string): number {
  return [...text].length;
}

function splitOnce(text: string, sought: string): string[] {
  const at = text.indexOf(sought);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + sought.length)];
}
