import type { JsonObject } from '../models/json.ts';

/** What a file reference of type `text` or `jinja2` becomes in a resolved definition (format.md 3.6). */
export interface TypedNode {
  type: 'text' | 'jinja2';
  content: string;
  /** Seconds for which a provider is asked to cache this part. */
  cache_ttl?: number;
  /** Present on a prompt part written as an object (format.md 3.9); such a node stays an object at run time. */
  role?: string;
}

const knownKeys = new Set(['type', 'content', 'cache_ttl', '$source', 'comment', 'role']);

/**
 * The typed node in `value`, or undefined for an ordinary object. Any further key makes it ordinary: data that merely
 * has fields called `type` and `content` is left alone.
 */
export function readTypedNode(value: JsonObject): TypedNode | undefined {
  const { type, content } = value;
  if ((type !== 'text' && type !== 'jinja2') || typeof content !== 'string') return undefined;
  for (const key of Object.keys(value)) if (!knownKeys.has(key)) return undefined;
  const node: TypedNode = { type, content };
  if (typeof value['cache_ttl'] === 'number') node.cache_ttl = value['cache_ttl'];
  if (typeof value['role'] === 'string') node.role = value['role'];
  return node;
}

/** The run-time form of a node whose text is known (format.md 3.7): a string, or an object when it carries more than text. */
export function materialise(node: TypedNode, text: string): unknown {
  if (node.cache_ttl === undefined && node.role === undefined) return text;
  const part: JsonObject = { content: text, type: node.type };
  if (node.cache_ttl !== undefined) part['cache_ttl'] = node.cache_ttl;
  if (node.role !== undefined) part['role'] = node.role;
  return part;
}
