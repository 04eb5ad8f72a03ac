import { WfmError } from '../../../errors/index.ts';
import { limits } from '../../../models/limits.ts';
import { forbiddenNames } from './pipeline-names.ts';

export type Document = Record<string, unknown>;

/** True for a document or a sub-document: neither null, a list nor a date. */
export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The order of types when unlike values are compared, as MongoDB has it. */
function rank(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'number') return 1;
  if (typeof value === 'string') return 2;
  if (Array.isArray(value)) return 4;
  if (typeof value === 'boolean') return 5;
  return value instanceof Date ? 6 : 3;
}

/** Compares any two values; 0 means equal. Missing and null are equal, lists compare item by item. */
export function compareValues(a: unknown, b: unknown): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA !== rankB) return rankA - rankB;
  if (rankA === 0) return 0;
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  if (isDocument(a) && isDocument(b)) {
    const [keysA, keysB] = [Object.keys(a).sort(), Object.keys(b).sort()];
    return (
      compareLists(keysA, keysB) ||
      compareLists(
        keysA.map((key) => a[key]),
        keysB.map((key) => b[key]),
      )
    );
  }
  const [left, right] = [
    Number.isNaN(a) ? Number.NEGATIVE_INFINITY : a,
    Number.isNaN(b) ? Number.NEGATIVE_INFINITY : b,
  ] as [number, number];
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const order = compareValues(a[index], b[index]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** A text that is equal for equal values, whatever the order of their keys: what groups and sets are keyed by. */
export function keyOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (Array.isArray(value)) return `[${value.map(keyOf).join(',')}]`;
  if (isDocument(value)) {
    const members = Object.keys(value).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${keyOf(value[key])}`).join(',')}}`;
  }
  return typeof value === 'number' ? String(value + 0) : JSON.stringify(value);
}

/** Reads a path as `$path` does in an expression: through documents, and through each item of a list. */
export function readPath(value: unknown, segments: readonly string[], from = 0): unknown {
  let current = value;
  for (let at = from; at < segments.length; at++) {
    const segment = segments[at] ?? '';
    if (Array.isArray(current)) {
      if (/^\d{1,5}$/.test(segment)) current = (current as unknown[])[Number(segment)];
      else return current.map((item) => readPath(item, segments, at)).filter((item) => item !== undefined);
    } else if (isDocument(current) && Object.hasOwn(current, segment)) current = current[segment];
    else return undefined;
  }
  return current;
}

/**
 * A copy of a value that differs at one path and shares the rest; lists on the way are entered, missing objects made.
 * `undefined` removes. Nothing is ever written in place, so documents may share their parts.
 */
export function withPath(target: unknown, segments: readonly string[], value: unknown): unknown {
  const [segment, ...rest] = segments;
  if (segment === undefined || forbiddenNames.has(segment)) return target;
  if (Array.isArray(target)) return target.map((item) => withPath(item, segments, value));
  if (!isDocument(target)) return target;
  const copy = { ...target };
  let inner = value;
  if (rest.length > 0) {
    const before = Object.hasOwn(target, segment) ? target[segment] : undefined;
    const enters = isDocument(before) || Array.isArray(before);
    if (!enters && value === undefined) return target;
    inner = withPath(enters ? before : {}, rest, value);
  }
  if (inner === undefined) delete copy[segment];
  else copy[segment] = inner;
  return copy;
}

/** The result as plain JSON: dates as ISO texts, what is undefined left out, what JSON cannot hold as null. */
export function plainResult(documents: readonly Document[], place: string): unknown[] {
  let bytes = 0;
  const plain = (value: unknown): unknown => {
    bytes += typeof value === 'string' ? value.length + 3 : 6;
    if (bytes > limits.moduleValueBytes) {
      const message = `The result of the pipeline is larger than ${limits.moduleValueBytes} bytes.`;
      throw new WfmError('value_too_large', message, { params: { limit: limits.moduleValueBytes }, place });
    }
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (Array.isArray(value)) return value.map((item) => plain(item ?? null));
    if (isDocument(value)) {
      const copy: Document = {};
      for (const [key, item] of Object.entries(value)) {
        bytes += key.length;
        if (item !== undefined) copy[key] = plain(item);
      }
      return copy;
    }
    return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  };
  return documents.map(({ _id, ...document }) => plain(document));
}
