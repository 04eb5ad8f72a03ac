import { isJsonObject, type JsonObject } from '../models/json.ts';
import { canonicalJson, hashOf } from './canonical-json.ts';
import { at } from './place.ts';
import { readTypedNode } from './typed-node.ts';

export interface VersionChange {
  type: 'added' | 'removed' | 'changed';
  /** A place in which members of named lists go by their name: `steps[slogan].modules[write].inputs.model`. */
  path: string;
  old_value?: unknown;
  new_value?: unknown;
}

export interface VersionDiff {
  has_changes: boolean;
  /** `2 added, 1 changed`. */
  summary: string;
  changes: VersionChange[];
}

/** Longer values, as JSON, are shown as `sha256:<hex>` (format.md 1.9). */
const longestShown = 2048;

/**
 * What changed between two resolved definitions (format.md 1.9). Texts that differ in white space only are equal; lists
 * of objects are matched by `step_id`, `name` or `id` where all members have one, so that moving a step is one change.
 */
export function versionDiff(before: unknown, after: unknown): VersionDiff {
  const changes: VersionChange[] = [];
  compare(before, after, '', changes);
  return { has_changes: changes.length > 0, summary: summarise(changes), changes };
}

function summarise(changes: VersionChange[]): string {
  if (changes.length === 0) return 'no changes';
  const parts = (['added', 'removed', 'changed'] as const).map((type) => {
    const count = changes.filter((change) => change.type === type).length;
    return count === 0 ? '' : `${count} ${type}`;
  });
  return parts.filter((part) => part !== '').join(', ');
}

function compare(before: unknown, after: unknown, path: string, changes: VersionChange[]): void {
  if (before === after) return;
  if (typeof before === 'string' && typeof after === 'string') {
    if (collapse(before) !== collapse(after)) changes.push(changed(path, before, after));
  } else if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, changes);
  else if (isJsonObject(before) && isJsonObject(after)) compareObjects(before, after, path, changes);
  else if (!Object.is(before, after)) changes.push(changed(path, before, after));
}

function compareObjects(before: JsonObject, after: JsonObject, path: string, changes: VersionChange[]): void {
  const ignored = readTypedNode(before) || readTypedNode(after) ? '$source' : undefined;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (key === ignored) continue;
    comparePair(read(before, key), read(after, key), at(path, key), changes);
  }
}

function read(record: JsonObject, key: string): Slot {
  return Object.hasOwn(record, key) ? { value: record[key] } : undefined;
}

/** A member that may be absent. */
type Slot = { value: unknown } | undefined;

function comparePair(before: Slot, after: Slot, path: string, changes: VersionChange[]): void {
  if (before && after) compare(before.value, after.value, path, changes);
  else if (after) changes.push({ type: 'added', path, new_value: shown(after.value) });
  else if (before) changes.push({ type: 'removed', path, old_value: shown(before.value) });
}

function compareLists(before: unknown[], after: unknown[], path: string, changes: VersionChange[]): void {
  const names = commonNames(before, after);
  if (!names) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      const old = index < before.length ? { value: before[index] } : undefined;
      const now = index < after.length ? { value: after[index] } : undefined;
      comparePair(old, now, at(path, index), changes);
    }
    return;
  }
  const { old, now } = names;
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const below = `${path}[${/^[^[\]".]+$/.test(name) ? name : JSON.stringify(name)}]`;
    const was = old.has(name) ? { value: old.get(name) } : undefined;
    const is = now.has(name) ? { value: now.get(name) } : undefined;
    comparePair(was, is, below, changes);
  }
  const keptBefore = [...old.keys()].filter((name) => now.has(name));
  const keptAfter = [...now.keys()].filter((name) => old.has(name));
  if (keptBefore.some((name, index) => name !== keptAfter[index])) changes.push(changed(path, keptBefore, keptAfter));
}

/** Members by their name, when one of the naming fields names every member of both lists, each differently. */
function commonNames(
  before: unknown[],
  after: unknown[],
): { old: Map<string, unknown>; now: Map<string, unknown> } | undefined {
  for (const field of ['step_id', 'name', 'id']) {
    const old = byName(before, field);
    const now = byName(after, field);
    if (old && now) return { old, now };
  }
  return undefined;
}

function byName(list: unknown[], field: string): Map<string, unknown> | undefined {
  const members = new Map<string, unknown>();
  for (const item of list) {
    const name = isJsonObject(item) && Object.hasOwn(item, field) ? item[field] : undefined;
    if (typeof name !== 'string' || members.has(name)) return undefined;
    members.set(name, item);
  }
  return members;
}

function changed(path: string, before: unknown, after: unknown): VersionChange {
  return { type: 'changed', path, old_value: shown(before), new_value: shown(after) };
}

function shown(value: unknown): unknown {
  return canonicalJson(value).length > longestShown ? `sha256:${hashOf(value)}` : value;
}

function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
