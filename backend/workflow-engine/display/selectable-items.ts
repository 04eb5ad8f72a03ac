import { isJsonObject, type JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import type { DataPath } from './view-model.ts';
import { hint, ownMember, propertySchemas } from './hints.ts';

export interface SelectableItems {
  /** Every item that can be chosen, in the order of the schema, then of the data. */
  paths: DataPath[];
  /** True when the display schema said which they are. */
  hinted: boolean;
}

/**
 * What a person can choose in `data`: what the display schema marks (`ui.select` on the holder, the older `selectable`
 * on the items), else by the data's shape (format.md 11.4): items of an array, items of the arrays that an object
 * holds, keys of an object.
 */
export function selectableItems(data: unknown, schema: unknown): SelectableItems {
  const paths: DataPath[] = [];
  if (isMarked(schema)) paths.push(...entriesOf(data, []));
  collect(schema, data, [], paths);
  if (paths.length > 0) return { paths: unique(paths), hinted: true };
  return { paths: inferred(data), hinted: false };
}

/** Is this path a choice? Existence is the caller's to check; a list as such is none where its items are. */
export function isChoice(data: unknown, items: SelectableItems): (path: DataPath, value: unknown) => boolean {
  const holdsArrays = !items.hinted && isJsonObject(data) && Object.values(data).some(Array.isArray);
  return (path, value) => !(holdsArrays && path.length === 1 && Array.isArray(value));
}

function collect(schema: unknown, data: unknown, path: DataPath, paths: DataPath[]): void {
  if (path.length >= limits.selectionDepth || typeof data !== 'object' || data === null) return;
  const select = hint(schema, 'select');
  if (isJsonObject(select) || select === true) paths.push(...entriesOf(data, path));
  if (Array.isArray(data)) {
    const items = ownMember(schema, 'items');
    if (isMarked(items)) paths.push(...entriesOf(data, path));
    data.forEach((item, index) => collect(items, item, [...path, index], paths));
    return;
  }
  collectMembers(schema, data as JsonObject, path, paths);
}

function collectMembers(schema: unknown, data: JsonObject, path: DataPath, paths: DataPath[]): void {
  const named = propertySchemas(schema);
  const names = new Set(named.map(([name]) => name));
  const others = ownMember(schema, 'additionalProperties');
  const rest = Object.keys(data).filter((key) => !names.has(key) && !key.startsWith('_'));
  const members = [
    ...named.filter(([name]) => Object.hasOwn(data, name)),
    ...rest.map((key) => [key, others] as const),
  ];
  for (const [key, member] of members) {
    if (isMarked(member)) paths.push([...path, key]);
    collect(member, data[key], [...path, key], paths);
  }
}

function isMarked(schema: unknown): boolean {
  return hint(schema, 'selectable', true) === true;
}

function entriesOf(data: unknown, path: DataPath): DataPath[] {
  if (Array.isArray(data)) return data.map((_, index) => [...path, index]);
  if (!isJsonObject(data)) return [];
  return Object.keys(data).flatMap((key) => (key.startsWith('_') ? [] : [[...path, key]]));
}

function inferred(data: unknown): DataPath[] {
  if (!isJsonObject(data)) return entriesOf(data, []);
  const lists = Object.entries(data).filter(([key, value]) => Array.isArray(value) && !key.startsWith('_'));
  return lists.length > 0 ? lists.flatMap(([key, list]) => entriesOf(list, [key])) : entriesOf(data, []);
}

function unique(paths: DataPath[]): DataPath[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}
