import { isJsonObject } from '@wfm/workflow-engine/models';

/** The schema of a node's member; undefined where the display schema says nothing about it. */
export function schemaOfMember(schema: unknown, key: string | number): unknown {
  if (!isJsonObject(schema)) return undefined;
  if (typeof key === 'number') return schema['items'];
  const { properties } = schema;
  if (isJsonObject(properties) && Object.hasOwn(properties, key)) return properties[key];
  return schema['additionalProperties'];
}

/** A hint of format 2 (format.md 18.2). */
export function hintOf(schema: unknown, name: string): unknown {
  const ui = isJsonObject(schema) ? schema['ui'] : undefined;
  return isJsonObject(ui) ? ui[name] : undefined;
}

/**
 * What of an object is shown: hidden members and those that begin with `_` are left out, and members stand in the order
 * of the schema, then of the data (format.md 18.7).
 */
export function shownMembers(value: Record<string, unknown>, schema: unknown): [string, unknown][] {
  const properties =
    isJsonObject(schema) && isJsonObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  const named = properties.filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !named.includes(key) && !key.startsWith('_'));
  return [...named, ...others]
    .filter((key) => hintOf(schemaOfMember(schema, key), 'show') !== 'no')
    .map((key) => [key, value[key]]);
}

/** Data as indented lines for a reader; names by the schema's titles. */
export function outline(value: unknown, schema?: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    return value
      .map((item: unknown, index) => `${indent}${index + 1}.${nested(item, schemaOfMember(schema, 0), indent)}`)
      .join('\n');
  }
  if (!isJsonObject(value)) return `${indent}${plain(value).replaceAll('\n', `\n${indent}`)}`;
  return shownMembers(value, schema)
    .map(([key, item]) => {
      const member = schemaOfMember(schema, key);
      return `${indent}${titleOf(member, key)}:${nested(item, member, indent)}`;
    })
    .join('\n');
}

function nested(value: unknown, schema: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return ` ${value.map(plain).join(', ')}`;
  if (typeof value === 'object' && value !== null) return `\n${outline(value, schema, inner)}`;
  const text = plain(value);
  return text.includes('\n') ? `\n${outline(text, schema, inner)}` : ` ${text}`;
}

function titleOf(schema: unknown, key: string): string {
  const title = isJsonObject(schema) ? schema['title'] : undefined;
  if (typeof title === 'string' && title !== '') return title;
  const words = key.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
