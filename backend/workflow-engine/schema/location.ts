/** Where in a value we are: a chain from the leaf to the root, turned into text only when a fault needs it. */
export interface Location {
  parent: Place;
  key: string | number;
}
export type Place = Location | null;

function keysOf(place: Place): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at = place; at !== null; at = at.parent) keys.push(at.key);
  return keys.reverse();
}

/** The place of `key` inside `place`. */
export function inside(place: Place, key: string | number): Place {
  return { parent: place, key };
}

/** JSON pointer (RFC 6901): `/rows/0/name`; the root is the empty text. */
export function pointerOf(place: Place): string {
  return keysOf(place)
    .map((key) => `/${escapePointer(String(key))}`)
    .join('');
}

/** The form people read: `rows[0].name`, `rows[0]["odd key"]`; the root is the empty text. */
export function pathOf(place: Place): string {
  return keysOf(place).reduce<string>((path, key) => appendKey(path, key), '');
}

/** One step further in a readable path. */
export function appendKey(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** Escapes one segment of a JSON pointer. */
export function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Takes a JSON pointer apart; undefined when it is malformed. */
export function parsePointer(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
