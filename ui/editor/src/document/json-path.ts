import { isJsonObject } from '@wfm/workflow-engine/models';

/** Keys and indices from a JSON value down to a part of it. */
export type JsonPath = readonly (string | number)[];

/** The part of a value at a path; undefined where there is none. Own properties only. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  let part = value;
  for (const key of path) {
    if (Array.isArray(part)) part = typeof key === 'number' ? (part as unknown[])[key] : undefined;
    else if (isJsonObject(part) && Object.hasOwn(part, key)) part = part[key];
    else return undefined;
  }
  return part;
}

/**
 * The value with its part at `path` replaced, or taken out where `next` is undefined; objects on the way are made where
 * they are missing. Whatever is not on the way is shared, and a change that changes nothing gives the value itself.
 */
export function withValueAt(value: unknown, path: JsonPath, next: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (Array.isArray(value)) {
    const items = value as unknown[];
    if (typeof key !== 'number' || key < 0 || key > items.length) return value;
    const changed = withValueAt(items[key], rest, next);
    if (Object.is(changed, items[key]) && key < items.length) return value;
    return changed === undefined ? items.toSpliced(key, 1) : items.toSpliced(key, 1, changed);
  }
  const holder = isJsonObject(value) ? value : {};
  const name = String(key);
  const present = Object.hasOwn(holder, name);
  const changed = withValueAt(present ? holder[name] : undefined, rest, next);
  if (changed === undefined) return present ? without(holder, name) : value;
  if (present && Object.is(changed, holder[name])) return value;
  // A key keeps its place among its siblings: an author's order is part of what they wrote.
  return define({ ...holder }, name, changed);
}

/** The value with `items` put into the list at `path`, before the member at `index`. */
export function withInsertedAt(value: unknown, path: JsonPath, index: number, items: readonly unknown[]): unknown {
  const list = valueAt(value, path);
  const members = Array.isArray(list) ? (list as unknown[]) : [];
  return withValueAt(value, path, members.toSpliced(Math.min(index, members.length), 0, ...items));
}

function without(holder: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(holder).filter(([key]) => key !== name));
}

/** Own, whatever the name: a key called `__proto__` is a key. */
function define(holder: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  return holder;
}
