import type { JsonObject } from '../models/json.ts';
import { isJsonObject } from '../models/json.ts';

const refused = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * `state_mapped` of a module (format.md 2.3, 7.5): whole root keys of flat state as they shall be after it. An output
 * that was not produced is skipped. A dotted target clones its root and sets the leaf; `flat` itself is not changed.
 */
export function mapOutputs(
  mapping: Record<string, string>,
  outputs: JsonObject,
  flat: Readonly<JsonObject>,
): JsonObject {
  const mapped: JsonObject = {};
  for (const [output, target] of Object.entries(mapping)) {
    if (!Object.hasOwn(outputs, output)) continue;
    const path = target.split('.');
    if (path.some((part) => refused.has(part))) continue;
    const [root, ...rest] = path;
    if (root === undefined) continue;
    const present = Object.hasOwn(mapped, root) ? mapped[root] : flat[root];
    mapped[root] = setLeaf(present, rest, outputs[output]);
  }
  return mapped;
}

/** A copy of `present` in which the leaf at `path` is `value`; what stands in the way and is no object gives way. */
export function setLeaf(present: unknown, path: readonly string[], value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (Array.isArray(present) && /^\d{1,6}$/.test(head) && Number(head) <= present.length) {
    const copy: unknown[] = [...(present as unknown[])];
    copy[Number(head)] = setLeaf(copy[Number(head)], rest, value);
    return copy;
  }
  const base = isJsonObject(present) ? present : {};
  return { ...base, [head]: setLeaf(Object.hasOwn(base, head) ? base[head] : undefined, rest, value) };
}
