import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { selectableItems } from '../../display/selectable-items.ts';
import type { AddonItem } from '../addons/addon.ts';
import { itemAt, type SelectionPath, storedPaths } from './support/canonical-selection.ts';

/** A question of `user.select`, as far as its items go. */
interface Choices {
  data?: unknown;
  schema?: unknown;
  multi_select: boolean;
}

/**
 * The items that addons mark (format.md 16): objects in a root array, in arrays whose items are selectable, and the
 * objects of a selectable map, in the order of the data; with a stored answer, those of them that it chose.
 */
export function selectItems(question: Choices, response?: JsonObject): AddonItem[] {
  const { data, schema } = question;
  const items = new Map<string, AddonItem>();
  const add = (path: SelectionPath): void => {
    const value = itemAt(data, path);
    if (isJsonObject(value)) items.set(JSON.stringify(path), { path, value });
  };
  if (Array.isArray(data)) for (const index of data.keys()) add([index]);
  for (const path of selectableItems(data, schema).paths) add(path);
  if (!response) return [...items.values()];
  const indices = Array.isArray(response['selected_indices']) ? (response['selected_indices'] as unknown[]) : [];
  return storedPaths(indices, question.multi_select).flatMap((path) => items.get(JSON.stringify(path)) ?? []);
}
