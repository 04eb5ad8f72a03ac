import type { Warning } from '../../events/run-event.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { setLeaf } from '../state-mapping.ts';

const refused = new Set(['__proto__', 'constructor', 'prototype']);

/** One entry of `result_mapping` (format.md 13). */
export interface ResultMapping {
  source: string;
  target: string;
  mode: 'replace' | 'merge';
}

/** The sound entries of a definition's `result_mapping`; the others are reported when the definition is loaded. */
export function readResultMapping(value: unknown): ResultMapping[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).flatMap((entry) => {
    if (!isJsonObject(entry)) return [];
    const { source, target, mode } = entry;
    if (typeof source !== 'string' || typeof target !== 'string') return [];
    return [{ source, target, mode: mode === 'merge' ? 'merge' : 'replace' } as const];
  });
}

/**
 * `state_mapped` of a sub-action: whole root keys of the parent's flat state as they shall be (format.md 13.2, 13.3).
 * `result` is the child's flat state, or what the open module returned; a source that it does not hold is skipped.
 * Neither argument is changed.
 */
export function mapResult(
  mapping: readonly ResultMapping[],
  result: Readonly<JsonObject>,
  flat: Readonly<JsonObject>,
): { mapped: JsonObject; warnings: Warning[] } {
  const mapped: JsonObject = {};
  const warnings: Warning[] = [];
  for (const { source, target, mode } of mapping) {
    const path = target.split('.');
    const from = source.split('.');
    if ([...path, ...from].some((part) => refused.has(part))) continue;
    const value = leafAt(result, from);
    const [root, ...rest] = path;
    if (value === undefined || root === undefined) continue;
    const present = Object.hasOwn(mapped, root) ? mapped[root] : ownOf(flat, root);
    const merged = mode === 'merge' ? merge(leafAt(present, rest), value) : { value, replaced: null };
    if (merged.replaced !== null) warnings.push(replacedWarning(target, merged.replaced, kindOf(value)));
    mapped[root] = setLeaf(present, rest, merged.value);
  }
  return { mapped, warnings };
}

/** Arrays concatenate, objects merge shallowly, nothing is set; what does not fit together is replaced (format.md 13.3). */
function merge(present: unknown, value: unknown): { value: unknown; replaced: string | null } {
  if (present === undefined) return { value, replaced: null };
  if (Array.isArray(present) && Array.isArray(value)) {
    return { value: [...(present as unknown[]), ...(value as unknown[])], replaced: null };
  }
  if (isJsonObject(present) && isJsonObject(value)) return { value: { ...present, ...value }, replaced: null };
  return { value, replaced: kindOf(present) === kindOf(value) ? null : kindOf(present) };
}

function replacedWarning(target: string, present: string, given: string): Warning {
  return {
    code: 'state_key_collision',
    params: { key: target, present, given },
    message: `"${target}" held ${present} and could not be merged with ${given}; it was replaced.`,
  };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function leafAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const part of path) at = ownOf(at, part);
  return at;
}

function ownOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as JsonObject)[key];
}
