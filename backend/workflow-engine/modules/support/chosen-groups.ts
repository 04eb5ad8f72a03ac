import { isJsonObject, type JsonObject } from '../../models/json.ts';

/** A group that was chosen, with the place by which messages name it. */
export interface ChosenGroup {
  name: string;
  group: JsonObject;
}

export interface GroupChoice {
  /** All groups: by key, or in a list. */
  groups?: unknown;
  /** A stored selection (format.md 11.4); absent means all. */
  selectedIndices?: unknown;
  /** The chosen groups themselves, one or a list; goes before the other two. */
  selectedConfigs?: unknown;
}

/**
 * The groups that a selection chose, in its order. Entries that lead to no object are left out: what a group lacks is
 * the caller's to say.
 */
export function chosenGroups({ groups, selectedIndices, selectedConfigs }: GroupChoice): ChosenGroup[] {
  if (selectedConfigs !== undefined && selectedConfigs !== null) {
    const list: unknown[] = Array.isArray(selectedConfigs) ? selectedConfigs : [selectedConfigs];
    return list.flatMap((group, index) =>
      isJsonObject(group) ? [{ name: nameOf(group, `group ${index + 1}`), group }] : [],
    );
  }
  if (typeof groups !== 'object' || groups === null) return [];
  const paths =
    selectedIndices === undefined || selectedIndices === null
      ? Object.keys(groups).map((key) => [key])
      : pathsOf(selectedIndices, groups);
  return paths.flatMap((path) => {
    const group = memberAt(groups, path);
    return isJsonObject(group) ? [{ name: path.join('.'), group }] : [];
  });
}

function nameOf(group: JsonObject, fallback: string): string {
  const name = group['id'] ?? group['name'] ?? group['label'];
  return typeof name === 'string' && name !== '' ? name : fallback;
}

/** A flat list is a list of keys where each of them is one, else one path: the mode of the question is not known here. */
function pathsOf(selected: unknown, groups: object): unknown[][] {
  const entries: unknown[] = Array.isArray(selected) ? selected : [selected];
  if (entries.some(Array.isArray))
    return entries.map((entry) => (Array.isArray(entry) ? (entry as unknown[]) : [entry]));
  const areKeys = entries.every((entry) => isJsonObject(memberAt(groups, [entry])));
  return areKeys ? entries.map((entry) => [entry]) : [entries];
}

function memberAt(root: unknown, path: readonly unknown[]): unknown {
  let node = root;
  for (const key of path) {
    if (typeof key !== 'string' && typeof key !== 'number') return undefined;
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string | number, unknown>)[key];
  }
  return node;
}
