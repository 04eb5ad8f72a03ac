import type { JsonObject } from '../models/json.ts';

/** What a file reference of type `text` or `jinja2` becomes in a resolved definition (format.md 3.6). */
export interface TypedNode {
  type: 'text' | 'jinja2';
  content: string;
  /** Seconds for which a provider is asked to cache this part. */
  cache_ttl?: number;
}

const knownKeys = new Set(['type', 'content', 'cache_ttl', '$source', 'comment']);

/**
 * How the `content` of an object is meant: `text` is a literal, `jinja2` a template. Null for every other object. True
 * also of prompt parts that carry more than a typed node, a `role` say; those stay objects (format.md 3.9).
 */
export function contentType(value: JsonObject): 'text' | 'jinja2' | null {
  const { type, content } = value;
  return (type === 'text' || type === 'jinja2') && typeof content === 'string' ? type : null;
}

/** The typed node in `value`, or undefined: any further key makes it an ordinary object. */
export function readTypedNode(value: JsonObject): TypedNode | undefined {
  const type = contentType(value);
  if (type === null) return undefined;
  for (const key of Object.keys(value)) if (!knownKeys.has(key)) return undefined;
  const node: TypedNode = { type, content: value['content'] as string };
  if (typeof value['cache_ttl'] === 'number') node.cache_ttl = value['cache_ttl'];
  return node;
}

/** The run-time form of a node whose text is known (format.md 3.7): its string, or with `cache_ttl` an object. */
export function materialise(node: TypedNode, text: string): unknown {
  return node.cache_ttl === undefined ? text : { content: text, type: node.type, cache_ttl: node.cache_ttl };
}
