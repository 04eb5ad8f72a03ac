import { WfmError } from '../../../errors/index.ts';
import type { Warning } from '../../../events/run-event.ts';
import { isJsonObject } from '../../../models/json.ts';
import { limits } from '../../../models/limits.ts';

/** Keys and indices from the root of the data to what was chosen. */
export type SelectionPath = (string | number)[];

export interface SelectionOptions {
  data: unknown;
  multi: boolean;
  /** Says no to a place that exists but is not among the choices. */
  isItem?: (path: SelectionPath, value: unknown) => boolean;
}

export interface CanonicalSelection {
  /** What is stored: single one path, flat; multi a list whose paths of one segment stand bare. */
  indices: unknown[];
  paths: SelectionPath[];
  /** One `selection_dropped` for each entry that leads nowhere. */
  warnings: Warning[];
}

/**
 * The one stored form of a selection (format.md 11.4): wrapped or bare paths and digit strings are understood, doubles
 * and entries that lead nowhere are dropped, order is kept. Applying it to its own result changes nothing.
 *
 * @throws WfmError `response_too_large` for more than 1000 entries
 */
export function canonicalSelection(entries: readonly unknown[], options: SelectionOptions): CanonicalSelection {
  if (entries.length > limits.selections) {
    throw new WfmError('response_too_large', `At most ${limits.selections} items can be chosen at once.`, {
      params: { limit: limits.selections, actual: entries.length },
    });
  }
  const paths: SelectionPath[] = [];
  const warnings: Warning[] = [];
  const seen = new Set<string>();
  for (const entry of candidates(entries, options.multi)) {
    const path = resolvePath(entry, options);
    const key = JSON.stringify(path);
    if (path === null) warnings.push(dropped(entry));
    else if (!seen.has(key)) paths.push(path);
    seen.add(key);
  }
  return { indices: storedForm(paths, options.multi), paths, warnings };
}

/** In single mode a flat list is one path; a nested list is a list of paths in either mode. */
function candidates(entries: readonly unknown[], multi: boolean): unknown[][] {
  if (entries.length === 0) return [];
  if (!multi && !entries.some(Array.isArray)) return [[...entries]];
  return entries.map((entry) => (Array.isArray(entry) ? (entry as unknown[]) : [entry]));
}

function storedForm(paths: SelectionPath[], multi: boolean): unknown[] {
  if (multi) return paths.map((path) => (path.length === 1 ? path[0] : path));
  return paths.length === 1 ? (paths[0] ?? []) : paths;
}

function resolvePath(entry: readonly unknown[], options: SelectionOptions): SelectionPath | null {
  if (entry.length === 0 || entry.length > limits.selectionDepth) return null;
  const path: SelectionPath = [];
  let node = options.data;
  for (const segment of entry) {
    const key = segmentIn(node, segment);
    if (key === undefined) return null;
    node = (node as Record<string | number, unknown>)[key];
    path.push(key);
  }
  return options.isItem && !options.isItem(path, node) ? null : path;
}

function segmentIn(node: unknown, segment: unknown): string | number | undefined {
  if (Array.isArray(node)) {
    const index = typeof segment === 'string' && /^\d{1,15}$/.test(segment) ? Number(segment) : segment;
    return typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < node.length
      ? index
      : undefined;
  }
  return typeof segment === 'string' && isJsonObject(node) && Object.hasOwn(node, segment) ? segment : undefined;
}

function dropped(entry: readonly unknown[]): Warning {
  const shown = (JSON.stringify(entry) ?? '').slice(0, 200);
  return {
    code: 'selection_dropped',
    params: { entry: shown },
    place: 'response.selected_indices',
    message: `The chosen entry ${shown} is not among the choices and was dropped.`,
  };
}

/** The paths of a stored selection. */
export function storedPaths(indices: readonly unknown[], multi: boolean): SelectionPath[] {
  return candidates(indices, multi) as SelectionPath[];
}

/** What a path leads to, or null. */
export function itemAt(data: unknown, path: readonly (string | number)[]): unknown {
  let node = data;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return null;
    node = (node as Record<string | number, unknown>)[key];
  }
  return node ?? null;
}

/** A copy without the members called `_metadata`, at any depth. */
export function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (key === '_metadata' ? [] : [[key, withoutMetadata(item)]])),
  );
}
