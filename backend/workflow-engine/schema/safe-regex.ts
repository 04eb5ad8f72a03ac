import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import { WfmError } from '../errors/index.ts';
import { limits } from '../models/limits.ts';

/** One hit: its text, where it begins (UTF-16 units), and all groups by number, null where a group took no part. */
export interface RegexHit {
  text: string;
  index: number;
  captures: (string | null)[];
}

/** A pattern that runs in time linear in its input (security.md 4, Regex). Every method throws `regex_limit` on huge input. */
export interface SafeRegex {
  readonly source: string;
  /** The names of its groups, in the order of their numbers. */
  readonly groupNames: readonly string[];
  /** Size of the compiled program: time grows with `cost` times the length of the input. */
  readonly cost: number;
  /** Is there a match anywhere? */
  test(text: string): boolean;
  /** The match that begins at the start of `text`; named groups that took no part are left out. */
  matchStart(text: string): { text: string; groups: Record<string, string> } | null;
  /** Does the whole of `text` match? */
  fullMatch(text: string): boolean;
  /** At most `most` hits from left to right, not overlapping. */
  findAll(text: string, most?: number): RegexHit[];
  /** The pieces between the non-empty matches; groups are not part of the result. */
  split(text: string): string[];
}

/** Instructions times characters, at about 10 ns each in the worst case seen: one second. */
const workLimit = 100_000_000;
const forbiddenNames = new Set(['__proto__', 'constructor', 'prototype']);
const unicodeClasses = new Map([
  ['Letter', 'L'],
  ['Lowercase_Letter', 'Ll'],
  ['Uppercase_Letter', 'Lu'],
  ['Mark', 'M'],
  ['Number', 'N'],
  ['Decimal_Number', 'Nd'],
  ['digit', 'Nd'],
  ['Punctuation', 'P'],
  ['Symbol', 'S'],
  ['Separator', 'Z'],
]);
const cache = new LRUCache<string, SafeRegex>({ max: 200 });
const unsupported =
  /`\(\?(?:[=!>(#&|R]|<[=!])|`\(\?P`|`\\[1-9]`|^unsupported|operator: `[*+?}]\+`|repeat count|too large|nests too deep/;
const knownEscapes = 'dDwWsSbBAzZnrtfvaxucpP';

/**
 * Compiles an author's pattern for the linear-time engine. ECMAScript and Python spellings are both understood
 * (`(?<n>…)`, `(?P<n>…)`, `\u00e9`, `\Z`).
 *
 * @param flags any of `i`, `m`, `s`; `u` is accepted and changes nothing
 * @throws WfmError `regex_limit` (source over 1 KB), `regex_unsupported` (look-around, back-references, possessive
 *   operators, repeats over 1000), `regex_invalid` (anything else)
 */
export function compileSafeRegex(source: string, place?: string, flags = ''): SafeRegex {
  const key = `${flags}/${source}`;
  const known = cache.get(key);
  if (known) return known;
  const bytes = utf8Length(source);
  if (bytes > limits.regexSource) {
    throw new WfmError(
      'regex_limit',
      `The pattern is ${bytes} bytes long; at most ${limits.regexSource} are allowed.`,
      {
        params: { limit: limits.regexSource, actual: bytes },
        place,
      },
    );
  }
  const compiled = wrap(source, compile(source, flags, place));
  cache.set(key, compiled);
  return compiled;
}

function compile(source: string, flags: string, place: string | undefined): RE2JS {
  const bits = flagBits(flags, place);
  let reason = unknownEscape(source);
  if (reason === undefined) {
    try {
      const regex = RE2JS.compile(RE2JS.translateRegExp(respell(source)), bits);
      const forbidden = Object.keys(regex.namedGroups()).find((name) => forbiddenNames.has(name));
      if (forbidden === undefined) return regex;
      reason = `a group may not be called ${forbidden}`;
    } catch (thrown) {
      reason = (thrown instanceof Error ? thrown.message : 'unknown fault').replace(/^error parsing regexp: /, '');
    }
  }
  const params = { pattern: source, reason };
  if (unsupported.test(reason) && !backwards(reason)) {
    const message = `The pattern uses something the linear-time engine does not have (${reason}). Look-around, back-references, possessive operators and repeats over 1000 are not supported.`;
    throw new WfmError('regex_unsupported', message, { params, place });
  }
  throw new WfmError('regex_invalid', `The pattern cannot be compiled: ${reason}.`, { params, place });
}

/** The translation drops a backslash that it does not know, which would turn `\k<n>` into plain letters. */
function unknownEscape(source: string): string | undefined {
  for (const [pair] of source.matchAll(/\\[\s\S]/g)) {
    const letter = pair.charAt(1);
    if (/[A-Za-z]/.test(letter) && !knownEscapes.includes(letter)) return `unsupported escape sequence: \`${pair}\``;
  }
  return undefined;
}

/** `x{3,1}` is a mistake, not a missing feature. */
function backwards(reason: string): boolean {
  const range = /repeat count: `\{(\d+),(\d+)\}`/.exec(reason);
  return range !== null && Number(range[2]) < Number(range[1]);
}

function flagBits(flags: string, place: string | undefined): number {
  let bits = 0;
  for (const flag of flags) {
    if (flag === 'i') bits |= RE2JS.CASE_INSENSITIVE;
    else if (flag === 'm') bits |= RE2JS.MULTILINE;
    else if (flag === 's') bits |= RE2JS.DOTALL;
    else if (flag !== 'u') {
      throw new WfmError('regex_unsupported', `The pattern option "${flag}" is not supported; use i, m or s.`, {
        params: { flag },
        place,
      });
    }
  }
  return bits;
}

/** Python's `\Z` and ECMAScript's long names of Unicode classes, in this engine's spelling. */
function respell(source: string): string {
  return source.replace(/\\(?:[pP]\{([^}]*)\}|[\s\S])/g, (pair, name: string | undefined) => {
    if (pair === '\\Z') return '\\z';
    if (name === undefined) return pair;
    const plain = name.replace(/^(?:Script|sc|General_Category|gc)=/, '');
    return `${pair.slice(0, 2)}{${unicodeClasses.get(plain) ?? plain}}`;
  });
}

function wrap(source: string, regex: RE2JS): SafeRegex {
  const cost = regex.programSize();
  const names = Object.entries(regex.namedGroups()).sort(([, a], [, b]) => a - b);
  const guard = (text: string): string => {
    const bytes = text.length > limits.regexInput ? text.length : utf8Length(text);
    if (bytes > limits.regexInput) throw tooLong(limits.regexInput, bytes);
    if (cost * text.length > workLimit) throw tooLong(Math.floor(workLimit / cost), text.length);
    return text;
  };
  const findAll = (text: string, most = Number.POSITIVE_INFINITY): RegexHit[] => {
    const hits: RegexHit[] = [];
    const matcher = regex.matcher(guard(text));
    while (hits.length < most && matcher.find()) {
      const captures: (string | null)[] = [];
      for (let group = 1; group <= regex.groupCount(); group++) captures.push(matcher.group(group));
      hits.push({ text: matcher.group() ?? '', index: matcher.start(), captures });
    }
    return hits;
  };
  return {
    source,
    groupNames: names.map(([name]) => name),
    cost,
    test: (text) => regex.test(guard(text)),
    fullMatch: (text) => regex.testExact(guard(text)),
    matchStart(text) {
      const matcher = regex.matcher(guard(text));
      if (!matcher.lookingAt()) return null;
      const groups: Record<string, string> = {};
      for (const [name, number] of names) {
        const value = matcher.group(number);
        if (value !== null) groups[name] = value;
      }
      return { text: matcher.group() ?? '', groups };
    },
    findAll,
    split(text) {
      const pieces: string[] = [];
      let from = 0;
      for (const hit of findAll(text)) {
        if (hit.text === '') continue;
        pieces.push(text.slice(from, hit.index));
        from = hit.index + hit.text.length;
      }
      pieces.push(text.slice(from));
      return pieces;
    },
  };
}

function tooLong(limit: number, actual: number): WfmError {
  const message = `The text is too long for this pattern: ${actual} characters, where ${limit} are allowed.`;
  return new WfmError('regex_limit', message, { params: { limit, actual } });
}

/** Length of `text` in UTF-8 bytes, without building them. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
