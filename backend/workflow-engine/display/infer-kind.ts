import type { JsonObject } from '../models/json.ts';
import { isJsonObject } from '../models/json.ts';

/** Leaf kind of a value by its schema's standard words, else by the value itself (format.md 18.1, 18.7). */
export function inferLeafKind(schema: JsonObject, value: unknown): string {
  const { format, contentMediaType: media } = schema;
  if (format === 'date' || format === 'date-time') return 'date';
  if (format === 'uri') return 'link';
  if (format === 'color' || format === 'markdown') return format;
  if (typeof media === 'string') {
    const family = /^(image|audio|video)\//.exec(media)?.[1];
    if (family !== undefined) return family;
    if (media === 'text/markdown') return 'markdown';
    if (media === 'application/json') return 'json';
  }
  if (typeof value === 'number') return 'number';
  return 'text';
}

/** The input that edits a value of this schema, when no hint names one. */
export function inferInputKind(schema: JsonObject): string {
  const { type, format, enum: values, oneOf, maxLength, items } = schema;
  const types: unknown[] = Array.isArray(type) ? type : [type];
  const choices = Array.isArray(values) ? values : Array.isArray(oneOf) ? oneOf : undefined;
  if (choices !== undefined && !types.includes('array')) return 'select';
  if (types.includes('boolean')) return 'switch';
  if (types.includes('integer') || types.includes('number')) return 'number';
  if (types.includes('array')) {
    const inner: JsonObject = isJsonObject(items) ? items : {};
    if (Array.isArray(inner['enum']) || Array.isArray(inner['oneOf'])) return 'checks';
    return inner['type'] === 'string' ? 'tags' : 'list';
  }
  if (types.includes('object')) return 'json';
  if (format === 'date' || format === 'date-time') return 'date';
  if (format === 'color') return 'color';
  return format === 'markdown' || (typeof maxLength === 'number' && maxLength > 200) ? 'textarea' : 'text';
}
