import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';

/** Keywords under which one schema stands. */
const single = new Set(['items', 'additionalProperties', 'contains', 'not', 'if', 'then', 'else', 'propertyNames']);
/** Keywords under which a list of schemas stands. */
const lists = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
/** Keywords under which schemas stand by name. */
const maps = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

/** Assertions and annotations that mean something to a language model. */
const plain = new Set([
  '$ref',
  'type',
  'enum',
  'const',
  'title',
  'description',
  'default',
  'examples',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'required',
  'dependentRequired',
]);

/**
 * A copy of a JSON Schema with JSON Schema's own keywords only: display hints (`_ux`, `display_format` and whatever
 * else an author's tools keep there) are nothing that a vendor knows, and some refuse a schema for one.
 */
export function keywordsOnly(schema: unknown): unknown {
  return mapSchemas(schema, (node) => Object.fromEntries(Object.entries(node).filter(([key]) => isKeyword(key))));
}

function isKeyword(key: string): boolean {
  return plain.has(key) || single.has(key) || lists.has(key) || maps.has(key);
}

/**
 * The schema with `change` applied to it and to every schema in it, inner ones first. Tells schemas from values and
 * from property names, so a property called `type` or an example that looks like a schema stays what it is.
 */
export function mapSchemas(schema: unknown, change: (node: JsonObject) => JsonObject): unknown {
  if (!isJsonObject(schema)) return schema;
  const inner = (value: unknown) => mapSchemas(value, change);
  const copy = mapValues<unknown>(schema, (value, key) => {
    if (single.has(key)) return Array.isArray(value) ? value.map(inner) : inner(value);
    if (lists.has(key) && Array.isArray(value)) return value.map(inner);
    if (maps.has(key) && isJsonObject(value)) return mapValues(value, inner);
    return value;
  });
  return change(copy);
}

/** The object with each value changed; keys that could reach a prototype are dropped. */
export function mapValues<T>(object: JsonObject, change: (value: unknown, key: string) => T): Record<string, T> {
  const entries: [string, T][] = Object.entries(object)
    .filter(([key]) => key !== '__proto__')
    .map(([key, value]) => [key, change(value, key)]);
  return Object.fromEntries(entries);
}

/** The value as a list of things that nobody has looked at yet; empty for anything else. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

const names: Record<string, string> = {
  minLength: 'at least this many characters',
  maxLength: 'at most this many characters',
  pattern: 'matches the pattern',
  format: 'has the format',
  minProperties: 'at least this many keys',
  maxProperties: 'at most this many keys',
  uniqueItems: 'all items differ',
  contains: 'some item fits',
  minContains: 'at least this many such items',
  maxContains: 'at most this many such items',
  prefixItems: 'the first items fit, in order',
  not: 'does not fit',
  if: 'whatever fits this',
  then: 'also fits this',
  else: 'and what does not fit it, fits this',
  dependentRequired: 'keys that need other keys',
  dependentSchemas: 'keys that need a shape',
  patternProperties: 'keys by pattern',
  propertyNames: 'every key fits',
  default: 'if in doubt',
  examples: 'for example',
};

/**
 * The description with a sentence for each keyword that a vendor lacks, so that the model is at least told
 * (format.md 14.2). Long values are cut: a schema inside a sentence helps little.
 */
export function describeKeywords(node: JsonObject, keywords: readonly string[]): string | undefined {
  const own = typeof node['description'] === 'string' ? node['description'] : '';
  const rules = keywords
    .filter((keyword) => Object.hasOwn(node, keyword) && node[keyword] !== false)
    .map((keyword) => {
      const value = node[keyword];
      const name = names[keyword] ?? keyword;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return value === true ? name : `${name}: ${text.slice(0, 200)}`;
    });
  if (rules.length === 0) return own === '' ? undefined : own;
  return `${own === '' ? '' : `${own} `}(${rules.join('; ')})`;
}
