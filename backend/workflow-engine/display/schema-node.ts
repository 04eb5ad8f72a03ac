import { isJsonObject, type JsonObject } from '../models/json.ts';
import { parsePointer } from '../schema/location.ts';
import { ownMember, propertySchemas } from './hints.ts';

const mostHops = 16;

/**
 * A schema node with its reference inside the schema followed (`#/$defs/x`); hints beside the reference win. Anything
 * that is no schema object is the empty one.
 */
export function resolveNode(node: unknown, root: JsonObject): JsonObject {
  let current: JsonObject = isJsonObject(node) ? node : {};
  for (let hops = 0; hops < mostHops; hops += 1) {
    const reference = ownMember(current, '$ref');
    if (typeof reference !== 'string' || !reference.startsWith('#')) return current;
    const { $ref: _reference, ...beside } = current;
    const target = follow(reference.slice(1), root);
    if (!isJsonObject(target)) return beside;
    const ui = { ...uiOf(target), ...uiOf(beside) };
    current = { ...target, ...beside, ...(Object.keys(ui).length > 0 ? { ui } : {}) };
  }
  return {};
}

function follow(pointer: string, root: JsonObject): unknown {
  return parsePointer(pointer)?.reduce<unknown>((node, key) => {
    return Array.isArray(node) ? (node as unknown[])[Number(key)] : ownMember(node, key);
  }, root);
}

/** The hints of a node. */
export function uiOf(node: JsonObject): JsonObject {
  const ui = ownMember(node, 'ui');
  return isJsonObject(ui) ? ui : {};
}

/** The schema of an item, before references are followed. */
export function itemSchema(node: JsonObject, index: number): unknown {
  const listed = node['prefixItems'];
  return (Array.isArray(listed) ? (listed as unknown[])[index] : undefined) ?? node['items'];
}

/** Members of an object in drawing order before `order`: listed and there, then others (format.md 18.7). */
export function membersOf(data: JsonObject, node: JsonObject): [name: string, schema: unknown][] {
  const listed = propertySchemas(node);
  const names = new Set(listed.map(([name]) => name));
  // What begins with `_` is ours or a machine's, unless the schema lists it.
  const others = Object.keys(data).filter((name) => !names.has(name) && !name.startsWith('_'));
  return [...listed, ...others.map((name): [string, unknown] => [name, node['additionalProperties']])];
}

/** Numbered ones first by their number, the others after them; ties keep their order (format.md 18.2). */
export function byOrder<T>(entries: readonly T[], orderOf: (entry: T) => unknown): T[] {
  const rank = (entry: T): number => {
    const order = orderOf(entry);
    return typeof order === 'number' ? order : Number.POSITIVE_INFINITY;
  };
  // Infinity minus itself is no number: equal ranks are told apart first.
  return [...entries].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** A key as words: `cook_time` is "Cook time". */
export function wordsOf(key: string): string {
  const words = key.replace(/[_-]+/g, ' ').trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
