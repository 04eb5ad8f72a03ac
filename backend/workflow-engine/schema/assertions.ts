import { type Frame, fail, spend } from './evaluation.ts';
import { formats } from './formats.ts';
import { codePointLength, isJsonObject, isMultipleOf, jsonKind, sortedJson } from './json-values.ts';
import { inside } from './location.ts';
import { compileSafeRegex } from './safe-regex.ts';

export type Keyword = (frame: Frame, setting: unknown) => void;

const kindNames: Record<string, string> = {
  null: 'null',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'an object',
  other: 'something JSON cannot hold',
};

/** Shown in messages: short values as JSON, long ones cut. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function isType(value: unknown, type: unknown): boolean {
  return type === 'integer' ? Number.isInteger(value) : jsonKind(value) === type;
}

function type(frame: Frame, setting: unknown): void {
  const expected = Array.isArray(setting) ? (setting as string[]) : [setting as string];
  if (expected.some((name) => isType(frame.value, name))) return;
  const actual = jsonKind(frame.value);
  const wanted = expected.map((name) => kindNames[name] ?? name).join(' or ');
  const found = actual === 'number' && expected.includes('integer') ? show(frame.value) : kindNames[actual];
  fail(frame, 'type', `This must be ${wanted}, not ${found}.`, { expected, actual });
}

/** Compares as JSON: 1 and 1.0 are equal, key order does not count. */
function equals(frame: Frame, candidates: unknown[]): boolean {
  const { value } = frame;
  if (typeof value !== 'object' || value === null) {
    spend(frame.run, candidates.length);
    return candidates.includes(value);
  }
  const composite = candidates.filter((candidate) => typeof candidate === 'object' && candidate !== null);
  if (composite.length === 0) return false;
  const wanted = composite.map(sortedJson);
  const text = sortedJson(value);
  spend(frame.run, text.length);
  return wanted.includes(text);
}

function enumeration(frame: Frame, setting: unknown): void {
  const allowed = setting as unknown[];
  if (!equals(frame, allowed))
    fail(
      frame,
      'enum',
      `This must be one of ${allowed.slice(0, 12).map(show).join(', ')}${allowed.length > 12 ? ', …' : ''}.`,
      { allowed },
    );
}

function constant(frame: Frame, setting: unknown): void {
  if (!equals(frame, [setting])) fail(frame, 'const', `This must be ${show(setting)}.`, { allowed: setting });
}

function bound(keyword: string, words: string, holds: (value: number, limit: number) => boolean): Keyword {
  return (frame, setting) => {
    const { value } = frame;
    if (typeof value !== 'number' || holds(value, setting as number)) return;
    fail(frame, keyword, `This must be ${words} ${String(setting)}.`, { limit: setting, actual: value });
  };
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return codePointLength(value);
  return Array.isArray(value) ? value.length : Object.keys(value as object).length;
}

function size(keyword: string, kind: 'string' | 'array' | 'object', unit: string, most: boolean): Keyword {
  return (frame, setting) => {
    const { value } = frame;
    if (jsonKind(value) !== kind) return;
    const actual = sizeOf(value);
    spend(frame.run, kind === 'string' ? 1 + actual / 64 : 1);
    const limit = setting as number;
    if (most ? actual <= limit : actual >= limit) return;
    fail(
      frame,
      keyword,
      `This must have at ${most ? 'most' : 'least'} ${limit} ${unit}${limit === 1 ? '' : 's'}, not ${actual}.`,
      { limit, actual },
    );
  };
}

function pattern(frame: Frame, setting: unknown): void {
  const { value } = frame;
  if (typeof value !== 'string') return;
  if (!matches(frame, setting as string, value))
    fail(frame, 'pattern', `This does not have the form ${show(setting)}.`, { pattern: setting });
}

/** Runs a pattern of the schema on the linear-time engine, and pays for it. */
export function matches(frame: Frame, source: string, text: string): boolean {
  const regex = compileSafeRegex(source);
  spend(frame.run, 2 + (regex.cost * text.length) / 50);
  return regex.test(text);
}

function format(frame: Frame, setting: unknown): void {
  const { value } = frame;
  const test = formats.get(setting as string);
  if (typeof value !== 'string' || !test) return;
  spend(frame.run, 1 + value.length / 16);
  if (!test(value)) fail(frame, 'format', `This is not a valid ${String(setting)}.`, { format: setting });
}

function uniqueItems(frame: Frame, setting: unknown): void {
  const { value } = frame;
  if (setting !== true || !Array.isArray(value)) return;
  const first = new Map<string, number>();
  for (const [index, item] of value.entries()) {
    const text = sortedJson(item);
    spend(frame.run, 1 + text.length / 16);
    const earlier = first.get(text);
    if (earlier !== undefined) {
      return fail(frame, 'uniqueItems', `Entry ${index + 1} repeats entry ${earlier + 1}; each may appear once.`, {
        first: earlier,
        second: index,
      });
    }
    first.set(text, index);
  }
}

function required(frame: Frame, setting: unknown): void {
  const { value } = frame;
  if (!isJsonObject(value)) return;
  for (const property of setting as string[]) {
    if (Object.hasOwn(value, property)) continue;
    fail(frame, 'required', `"${property}" is missing.`, { property }, inside(frame.at, property));
  }
}

function dependentRequired(frame: Frame, setting: unknown): void {
  const { value } = frame;
  if (!isJsonObject(value)) return;
  for (const [trigger, needed] of Object.entries(setting as Record<string, string[]>)) {
    if (!Object.hasOwn(value, trigger)) continue;
    for (const property of needed) {
      if (Object.hasOwn(value, property)) continue;
      const message = `"${property}" is missing; it is needed because "${trigger}" is given.`;
      fail(frame, 'dependentRequired', message, { property, trigger }, inside(frame.at, property));
    }
  }
}

function multipleOf(frame: Frame, setting: unknown): void {
  const { value } = frame;
  if (typeof value !== 'number' || !Number.isFinite(value) || isMultipleOf(value, setting as number)) return;
  fail(frame, 'multipleOf', `This must be a multiple of ${String(setting)}.`, { step: setting, actual: value });
}

/** The keywords that look at one value and at nothing inside it (JSON Schema Validation 2020-12, 6 and 7). */
export const assertions: [string, Keyword][] = [
  ['type', type],
  ['enum', enumeration],
  ['const', constant],
  ['minimum', bound('minimum', 'at least', (value, limit) => value >= limit)],
  ['maximum', bound('maximum', 'at most', (value, limit) => value <= limit)],
  ['exclusiveMinimum', bound('exclusiveMinimum', 'more than', (value, limit) => value > limit)],
  ['exclusiveMaximum', bound('exclusiveMaximum', 'less than', (value, limit) => value < limit)],
  ['multipleOf', multipleOf],
  ['minLength', size('minLength', 'string', 'character', false)],
  ['maxLength', size('maxLength', 'string', 'character', true)],
  ['pattern', pattern],
  ['format', format],
  ['minItems', size('minItems', 'array', 'item', false)],
  ['maxItems', size('maxItems', 'array', 'item', true)],
  ['uniqueItems', uniqueItems],
  ['minProperties', size('minProperties', 'object', 'field', false)],
  ['maxProperties', size('maxProperties', 'object', 'field', true)],
  ['required', required],
  ['dependentRequired', dependentRequired],
];
