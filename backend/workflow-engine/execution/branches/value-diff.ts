import { canonicalJson } from '../../definition/canonical-json.ts';
import { at } from '../../definition/place.ts';
import { isJsonObject } from '../../models/json.ts';
import { contentHash } from '../hash.ts';

export interface ValueChange {
  type: 'added' | 'removed' | 'changed';
  /** `result[2].name`; empty for the whole value. */
  path: string;
  a?: unknown;
  b?: unknown;
}

/** Longer values, as JSON, are shown as `sha256:<hex>`, as in a diff of versions (format.md 1.9). */
const LONGEST_SHOWN = 2048;
const CHANGES_SHOWN = 50;

/**
 * Where two JSON values differ, place by place; lists go by position. At most 50 changes: what is more is
 * only counted, since a reader of a longer list wants the values themselves.
 */
export function valueDiff(a: unknown, b: unknown): { changes: ValueChange[]; more: number } {
  const changes: ValueChange[] = [];
  let more = 0;
  const note = (change: ValueChange): void => {
    if (changes.length < CHANGES_SHOWN) changes.push(change);
    else more += 1;
  };
  const visit = (left: unknown, right: unknown, path: string): void => {
    if (left === right) return;
    if (Array.isArray(left) && Array.isArray(right)) {
      for (let index = 0; index < Math.max(left.length, right.length); index += 1)
        visitSlot(index in left, left[index], index in right, right[index], at(path, index));
    } else if (isJsonObject(left) && isJsonObject(right)) {
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
        visitSlot(Object.hasOwn(left, key), left[key], Object.hasOwn(right, key), right[key], at(path, key));
    } else note({ type: 'changed', path, a: shown(left), b: shown(right) });
  };
  const visitSlot = (inA: boolean, left: unknown, inB: boolean, right: unknown, path: string): void => {
    if (inA && inB) visit(left, right, path);
    else if (inB) note({ type: 'added', path, b: shown(right) });
    else if (inA) note({ type: 'removed', path, a: shown(left) });
  };
  visit(a, b, '');
  return { changes, more };
}

/** The value, or its hash where it is long. */
export function shown(value: unknown): unknown {
  return canonicalJson(value).length > LONGEST_SHOWN ? `sha256:${contentHash(value)}` : value;
}
