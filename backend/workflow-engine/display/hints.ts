import { isJsonObject, type JsonObject } from '../models/json.ts';

/** An own member of an object; undefined for anything else. */
export function ownMember(node: unknown, key: string): unknown {
  return isJsonObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}

/**
 * A display hint of a schema node in any spelling: our own `ui`, else the older flat `_ux.name`, else the older object
 * `_ux` (format.md 18.5: flat wins), else the bare key where the caller allows one.
 */
export function hint(node: unknown, name: string, bare = false): unknown {
  const candidates = [
    ownMember(ownMember(node, 'ui'), name),
    ownMember(node, `_ux.${name}`),
    ownMember(ownMember(node, '_ux'), name),
    bare ? ownMember(node, name) : undefined,
  ];
  return candidates.find((value) => value !== undefined);
}

/** The property schemas of an object schema: those that are objects and not hints themselves (format.md 25.8). */
export function propertySchemas(node: unknown): [string, JsonObject][] {
  const properties = ownMember(node, 'properties');
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).filter(
    (entry): entry is [string, JsonObject] => isJsonObject(entry[1]) && !/^_ux(?:\.|$)/.test(entry[0]),
  );
}
