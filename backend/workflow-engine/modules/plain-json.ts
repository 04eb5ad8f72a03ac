import { type ErrorItem, WfmError } from '../errors/index.ts';
import { limits } from '../models/limits.ts';
import { appendKey } from '../schema/location.ts';

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);
/** A character of a text takes at most this many bytes in JSON (`\u0000`). */
const widestCharacter = 6;
const mostFaults = 20;

interface Walk {
  keys: (string | number)[];
  faults: ErrorItem[];
  /** Lower bound of the JSON's length in bytes, and the part of it that escapes could widen. */
  bytes: number;
  textLength: number;
  place: string;
}

/**
 * The value as plain JSON data, in one pass: `undefined` members are dropped, everything else is kept as it is (the
 * same object where nothing had to go). What JSON cannot carry unchanged is refused (format.md 10.3.4): functions,
 * symbols, big integers, dates and other class instances, NaN and infinities, keys such as `__proto__`.
 *
 * @param what names the value in messages: "outputs of api.llm"
 * @param place put before every path in the errors
 * @throws WfmError `output_invalid` with every fault's place, `json_too_deep`, `value_too_large` (format.md 23: 4 MB)
 */
export function plainJson(value: unknown, what: string, place: string): unknown {
  const walk: Walk = { keys: [], faults: [], bytes: 0, textLength: 0, place };
  const clean = visit(walk, value);
  const [first] = walk.faults;
  if (first) {
    const message = `The ${what} cannot be kept as data: ${first.message}`;
    throw new WfmError('output_invalid', message, { place: first.path, params: first.params, errors: walk.faults });
  }
  assertSize(walk, clean, what);
  return clean;
}

function visit(walk: Walk, value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      walk.bytes += value.length + 2;
      walk.textLength += value.length;
      return value;
    case 'number':
      walk.bytes += 8;
      return Number.isFinite(value) ? value : refuse(walk, `the number ${value}`);
    case 'boolean':
    case 'undefined':
      walk.bytes += 5;
      return value;
    case 'object':
      if (value === null) {
        walk.bytes += 4;
        return null;
      }
      return visitContainer(walk, value);
    default:
      return refuse(walk, `a ${typeof value}`);
  }
}

function visitContainer(walk: Walk, value: object): unknown {
  if (walk.keys.length >= limits.jsonDepth) {
    throw new WfmError('json_too_deep', `A value is nested more than ${limits.jsonDepth} levels deep.`, {
      place: placeOf(walk).slice(0, 500),
      params: { limit: limits.jsonDepth },
    });
  }
  walk.bytes += 2;
  if (Array.isArray(value)) return visitArray(walk, value);
  const prototype: unknown = Object.getPrototypeOf(value);
  // A plain object of another realm has a prototype of its own, whose prototype is null like that of ours.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return refuse(walk, value instanceof Date ? 'a date object (give its text instead)' : 'an object of a class');
  }
  return visitObject(walk, value as Record<string, unknown>);
}

function visitArray(walk: Walk, list: unknown[]): unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    walk.keys.push(index);
    // A hole has no place in JSON; like JSON.stringify it becomes null, so that the others keep their index.
    const clean = item === undefined ? null : visit(walk, item);
    walk.keys.pop();
    if (clean !== item) copy ??= list.slice();
    if (copy) copy[index] = clean;
  }
  return copy ?? list;
}

function visitObject(walk: Walk, object: Record<string, unknown>): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    walk.keys.push(key);
    walk.bytes += key.length + 4;
    walk.textLength += key.length;
    if (forbiddenKeys.has(key)) refuse(walk, `the key ${key}`);
    const item = object[key];
    const clean = visit(walk, item);
    walk.keys.pop();
    if (clean === item && item !== undefined) continue;
    copy ??= { ...object };
    if (clean === undefined) delete copy[key];
    else copy[key] = clean;
  }
  return copy ?? object;
}

function refuse(walk: Walk, found: string): undefined {
  if (walk.faults.length < mostFaults) {
    const path = placeOf(walk);
    walk.faults.push({ path, code: 'output_invalid', params: { found }, message: `${path} holds ${found}.` });
  }
  return undefined;
}

function placeOf(walk: Walk): string {
  return walk.keys.reduce<string>((path, key) => appendKey(path, key), walk.place);
}

function assertSize(walk: Walk, clean: unknown, what: string): void {
  const limit = limits.moduleValueBytes;
  // Most values are far below the limit even if every character were escaped: only the others are measured.
  if (walk.bytes + walk.textLength * (widestCharacter - 1) <= limit) return;
  const actual = walk.bytes > 4 * limit ? walk.bytes : Buffer.byteLength(JSON.stringify(clean) ?? '');
  if (actual <= limit) return;
  const message = `The ${what} take ${actual} bytes; at most ${limit} are allowed. Keep large data in a file.`;
  throw new WfmError('value_too_large', message, { place: walk.place, params: { limit, actual } });
}
