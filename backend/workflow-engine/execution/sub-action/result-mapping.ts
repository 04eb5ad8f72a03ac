import { WfmError } from '../../errors/index.ts';
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
 * Neither argument is changed. What a merge does not fit onto is replaced with a warning where `tolerant`; else throws
 * `state_invalid`, naming the mapping's place below `place`, the target and both kinds.
 */
export function mapResult(
  mapping: readonly ResultMapping[],
  result: Readonly<JsonObject>,
  flat: Readonly<JsonObject>,
  { tolerant, place }: { tolerant: boolean; place: string },
): { mapped: JsonObject; warnings: Warning[] } {
  const mapped: JsonObject = {};
  const warnings: Warning[] = [];
  for (const [index, { source, target, mode }] of mapping.entries()) {
    const path = target.split('.');
    const from = source.split('.');
    if ([...path, ...from].some((part) => refused.has(part))) continue;
    const value = leafAt(result, from);
    const [root, ...rest] = path;
    if (value === undefined || root === undefined) continue;
    const present = Object.hasOwn(mapped, root) ? mapped[root] : ownOf(flat, root);
    const { leaf, key } = standingAt(present, path);
    const merged = mode === 'merge' ? merge(key === target ? leaf : undefined, value) : value;
    const given = key === target ? kindOf(value) : 'object';
    if (mode === 'merge' && !fits(leaf, given)) {
      const misfit = { key, present: kindOf(leaf), given };
      if (!tolerant && leaf !== null) throw misfitError(misfit, `${place}.result_mapping[${index}].target`);
      warnings.push(replacedWarning(misfit));
    }
    mapped[root] = setLeaf(present, rest, merged);
  }
  return { mapped, warnings };
}

/** What stands at a dotted target, or at the key on the way to it that leads no further. */
function standingAt(root: unknown, path: readonly string[]): { leaf: unknown; key: string } {
  let leaf = root;
  for (const [index, part] of path.slice(1).entries()) {
    const isWay = isJsonObject(leaf) || (Array.isArray(leaf) && /^\d+$/.test(part));
    if (!isWay && leaf !== undefined) return { leaf, key: path.slice(0, index + 1).join('.') };
    leaf = ownOf(leaf, part);
  }
  return { leaf, key: path.join('.') };
}

const fits = (present: unknown, given: string): boolean => present === undefined || kindOf(present) === given;

/** Arrays concatenate, objects merge shallowly, everything else is set (format.md 13.3). */
function merge(present: unknown, value: unknown): unknown {
  if (Array.isArray(present) && Array.isArray(value)) return [...(present as unknown[]), ...(value as unknown[])];
  return isJsonObject(present) && isJsonObject(value) ? { ...present, ...value } : value;
}

interface Misfit extends JsonObject {
  key: string;
  present: string;
  given: string;
}

function replacedWarning(params: Misfit): Warning {
  const { key, present, given } = params;
  const message = `"${key}" held ${present} and could not be merged with ${given}; it was replaced.`;
  return { code: 'state_key_collision', params, message };
}

function misfitError(params: Misfit, place: string): WfmError {
  const { key, present, given } = params;
  return new WfmError('state_invalid', `"${key}" holds ${present}, and ${given} cannot be merged into that.`, {
    params,
    place,
  });
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
