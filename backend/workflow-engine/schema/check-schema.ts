import { type ErrorCode, type ErrorItem, isWfmError, WfmError } from '../errors/index.ts';
import { limits } from '../models/limits.ts';
import { isJsonObject, type JsonObject } from './json-values.ts';
import { inside, pathOf, type Place } from './location.ts';
import { compileSafeRegex, utf8Length } from './safe-regex.ts';
import { schemaListKeywords, schemaMapKeywords, subSchemas } from './sub-schemas.ts';

type Shape = (value: unknown) => string | undefined;

const types = new Set(['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;
const expects =
  (what: string, test: (value: unknown) => boolean): Shape =>
  (value) =>
    test(value) ? undefined : `must be ${what}`;

const number = expects('a number', (value) => typeof value === 'number' && Number.isFinite(value));
const count = expects('a whole number of 0 or more', (value) => Number.isInteger(value) && (value as number) >= 0);
const flag = expects('true or false', (value) => typeof value === 'boolean');
const text = expects('text', isText);

/** What each plain keyword of JSON Schema 2020-12 must look like. Unknown keywords are hints of ours or of others. */
const shapes: Record<string, Shape> = {
  type: expects('a type name or a list of them', (value) =>
    Array.isArray(value)
      ? isTextList(value) && value.length > 0 && value.every((name) => types.has(name))
      : types.has(value as string),
  ),
  enum: expects('a list', Array.isArray),
  multipleOf: expects('a number above 0', (value) => typeof value === 'number' && value > 0 && Number.isFinite(value)),
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  minLength: count,
  maxLength: count,
  minItems: count,
  maxItems: count,
  minProperties: count,
  maxProperties: count,
  minContains: count,
  maxContains: count,
  uniqueItems: flag,
  pattern: text,
  format: text,
  required: expects('a list of different names', isTextList),
  dependentRequired: expects(
    'lists of names by name',
    (value) => isJsonObject(value) && Object.values(value).every(isTextList),
  ),
  $ref: text,
  $dynamicRef: text,
  $id: text,
  $anchor: expects('a name', (value) => isText(value) && /^[A-Za-z_][\w.-]{0,99}$/.test(value)),
  $dynamicAnchor: expects('a name', (value) => isText(value) && /^[A-Za-z_][\w.-]{0,99}$/.test(value)),
};
const mostFaults = 50;

/**
 * Throws unless `schema` is a sound JSON Schema 2020-12 within the limits of format.md 23 (64 KB, 32 schemas deep, 500
 * schemas). References are looked at by `compileSchema`.
 *
 * @throws WfmError `schema_limit`, `schema_invalid`, `regex_invalid`, `regex_unsupported`, `regex_limit`; `errors`
 *   lists every fault with its path, the error itself is the first
 */
export function checkShape(schema: unknown, place = ''): void {
  checkSize(schema, place);
  const faults: ErrorItem[] = [];
  let schemas = 0;
  const visit = (node: unknown, at: Place, depth: number): void => {
    schemas++;
    if (depth > limits.schemaDepth) throw overLimit('schemas inside one another', limits.schemaDepth, depth, place);
    if (schemas > limits.subSchemas) throw overLimit('sub-schemas', limits.subSchemas, schemas, place);
    if (typeof node === 'boolean') return;
    if (!isJsonObject(node)) {
      report(at, 'schema_invalid', 'must be a schema: an object, true or false', {});
      return;
    }
    for (const keyword of Object.keys(node)) checkKeyword(node, keyword, inside(at, keyword), report);
    for (const { keyword, key, schema: sub } of subSchemas(node)) {
      visit(sub, key === undefined ? inside(at, keyword) : inside(inside(at, keyword), key), depth + 1);
    }
  };
  const report: Report = (at, code, problem, params) => {
    const path = joinPath(place, pathOf(at));
    if (faults.length < mostFaults)
      faults.push({ path, code, params, message: `In the schema, ${path || 'the root'} ${problem}.` });
  };
  visit(schema, null, 1);
  const [first] = faults;
  if (first) throw new WfmError(first.code, first.message, { params: first.params, place: first.path, errors: faults });
}

type Report = (at: Place, code: ErrorCode, problem: string, params: Record<string, unknown>) => void;

function checkKeyword(node: JsonObject, keyword: string, at: Place, report: Report): void {
  const value = node[keyword];
  if (Object.hasOwn(shapes, keyword)) {
    const problem = shapes[keyword]?.(value);
    if (problem !== undefined) return report(at, 'schema_invalid', problem, { keyword });
  }
  if (schemaListKeywords.has(keyword) && (!Array.isArray(value) || value.length === 0)) {
    report(at, 'schema_invalid', 'must be a list of schemas with at least one entry', { keyword });
  } else if (schemaMapKeywords.has(keyword) && !isJsonObject(value)) {
    report(at, 'schema_invalid', 'must map names to schemas', { keyword });
  } else if (keyword === 'items' && Array.isArray(value)) {
    report(at, 'schema_invalid', 'must be one schema; a list of schemas is called prefixItems', { keyword });
  }
  if (
    keyword === '__proto__' ||
    (isJsonObject(value) && schemaMapKeywords.has(keyword) && Object.hasOwn(value, '__proto__'))
  ) {
    report(at, 'schema_invalid', 'may not use the name __proto__', { keyword });
  }
  if (keyword === 'pattern') checkPattern(value, at, report);
  if (keyword === 'patternProperties' && isJsonObject(value)) {
    for (const pattern of Object.keys(value)) checkPattern(pattern, inside(at, pattern), report);
  }
}

function checkPattern(pattern: unknown, at: Place, report: Report): void {
  if (typeof pattern !== 'string') return;
  try {
    compileSafeRegex(pattern);
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    report(at, thrown.code, `has a pattern that cannot be used. ${thrown.message.replace(/\.$/, '')}`, thrown.params);
  }
}

/** Depth is checked before the text is made, so that a cycle or a tower of arrays cannot hurt. */
function checkSize(schema: unknown, place: string): void {
  let left: unknown[] = [schema];
  for (let depth = 0; left.length > 0; depth++) {
    if (depth > limits.jsonDepth * 2) throw overLimit('levels of JSON', limits.jsonDepth * 2, depth, place);
    const next: unknown[] = [];
    for (const value of left) {
      if (typeof value !== 'object' || value === null) continue;
      for (const child of Object.values(value)) next.push(child);
    }
    if (next.length > limits.schemaBytes) throw overLimit('bytes', limits.schemaBytes, next.length, place);
    left = next;
  }
  const bytes = utf8Length(JSON.stringify(schema) ?? '');
  if (bytes > limits.schemaBytes) throw overLimit('bytes', limits.schemaBytes, bytes, place);
}

function overLimit(what: string, limit: number, actual: number, place: string): WfmError {
  return new WfmError('schema_limit', `The schema has ${actual} ${what}; at most ${limit} are allowed.`, {
    params: { what, limit, actual },
    place: place || undefined,
  });
}

/** Puts a path inside a schema behind the place of that schema. */
export function joinPath(place: string, path: string): string {
  if (place === '' || path === '') return place + path;
  return path.startsWith('[') ? place + path : `${place}.${path}`;
}
