import type { JsonObject } from '../models/json.ts';
import type { ReferenceType } from './source-map.ts';

/** `{ "$ref": "prompts/ask.j2", "type"?, "cache_ttl"? }` (format.md 3). */
export interface FileReference {
  path: string;
  /** As written, or by extension; undefined when it is written and none of the three. */
  type: ReferenceType | undefined;
  /** As written, unchecked. */
  cacheTtl: unknown;
}

const knownKeys = new Set(['$ref', 'type', 'cache_ttl', 'comment']);

/** The file reference in an object, or undefined; `{"$ref": "#/…"}` belongs to JSON Schema (format.md 3.1). */
export function readFileReference(value: JsonObject): FileReference | undefined {
  const path = Object.hasOwn(value, '$ref') ? value['$ref'] : undefined;
  if (typeof path !== 'string' || path.startsWith('#')) return undefined;
  for (const key of Object.keys(value)) if (!knownKeys.has(key)) return undefined;
  return { path, type: typeOf(path, value['type']), cacheTtl: value['cache_ttl'] };
}

function typeOf(path: string, written: unknown): ReferenceType | undefined {
  if (written === 'json' || written === 'text' || written === 'jinja2') return written;
  if (written !== undefined) return undefined;
  const name = path.toLowerCase();
  if (name.endsWith('.json')) return 'json';
  return /\.(?:j2|jinja|jinja2)$/.test(name) ? 'jinja2' : 'text';
}

/**
 * Where a reference leads, from the folder of the file that holds it; undefined when it is absolute, a URL, or is above
 * the root of the package at any moment, even if it comes back (format.md 3.2).
 */
export function targetOf(reference: string, from: string): string | undefined {
  const path = reference.replaceAll('\\', '/');
  if (path.startsWith('/') || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(path)) return undefined;
  const segments = from.split('/').slice(0, -1);
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/').normalize('NFC');
}
