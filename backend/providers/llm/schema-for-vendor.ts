import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import { describeKeywords, keywordsOnly, listOf, mapSchemas } from './schema-keywords.ts';
import { toStrict } from './strict-schema.ts';

export interface VendorSchema {
  /** What is sent. */
  schema: JsonObject;
  /** True when the vendor can be held to it. */
  strict: boolean;
  /** Turns a reply to the sent schema into one to the author's; text that is no JSON comes back as it is. */
  restore: (text: string) => string;
}

/** `openai`: strict structured outputs and their imitations. `anthropic`: its SDK adapter simplifies further by itself. */
export type SchemaDialect = 'openai' | 'anthropic';

/** Keywords that Anthropic's adapter drops without a word; it describes the other unsupported ones itself. */
const droppedByAnthropic = [
  'contains',
  'minContains',
  'maxContains',
  'prefixItems',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
];

/**
 * The schema as a vendor takes it (format.md 14.2): strict where it can be, keywords that the vendor lacks moved into
 * descriptions, a root that is no object wrapped in one. In: an author's JSON Schema, already checked against the
 * limits of format.md 23. The engine checks the restored reply against the author's schema, so sending a looser one
 * is never wrong.
 */
export function schemaForVendor(schema: JsonObject, dialect: SchemaDialect): VendorSchema {
  const clean = asObject(keywordsOnly(schema));
  const wrapped = !isPlainObjectSchema(clean);
  const root = wrapped ? wrap(clean) : clean;
  const strict = dialect === 'openai' ? toStrict(root) : undefined;
  const loose = dialect === 'anthropic' ? asObject(describeDropped(root)) : root;
  return {
    schema: strict ?? loose,
    strict: strict !== undefined,
    restore: (text) => restore(text, root, wrapped, strict !== undefined),
  };
}

function isPlainObjectSchema(schema: JsonObject): boolean {
  const combined = ['$ref', 'anyOf', 'oneOf', 'allOf', 'enum', 'const', 'not'].some((key) => key in schema);
  return (
    !combined && (schema['type'] === 'object' || (schema['type'] === undefined && isJsonObject(schema['properties'])))
  );
}

/** Vendors want an object at the root: the value goes under a key, and references to the old root follow it. */
function wrap(schema: JsonObject): JsonObject {
  const { $defs, definitions, ...value } = asObject(moveReferences(schema));
  return {
    type: 'object',
    properties: { value },
    required: ['value'],
    additionalProperties: false,
    ...(isJsonObject($defs) ? { $defs } : {}),
    ...(isJsonObject(definitions) ? { definitions } : {}),
  };
}

function moveReferences(schema: JsonObject): unknown {
  return mapSchemas(schema, (node) => {
    const { $ref } = node;
    if (typeof $ref !== 'string' || !$ref.startsWith('#')) return node;
    if ($ref.startsWith('#/$defs/') || $ref.startsWith('#/definitions/')) return node;
    return { ...node, $ref: `#/properties/value${$ref.slice(1)}` };
  });
}

function describeDropped(schema: JsonObject): unknown {
  return mapSchemas(schema, (node) => {
    const description = describeKeywords(node, droppedByAnthropic);
    return description === undefined ? node : { ...node, description };
  });
}

function restore(text: string, root: JsonObject, wrapped: boolean, strict: boolean): string {
  if (!wrapped && !strict) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const state = { changed: false };
  const full = strict ? withoutNulls(value, [root], root, state) : value;
  if (wrapped && isJsonObject(full) && Object.hasOwn(full, 'value')) return JSON.stringify(full['value']);
  return state.changed ? JSON.stringify(full) : text;
}

/** Takes out the nulls that stand for absent properties: those that no schema for the place would accept. */
function withoutNulls(value: unknown, nodes: JsonObject[], root: JsonObject, state: { changed: boolean }): unknown {
  const schemas = nodes.flatMap((node) => expand(node, root));
  if (Array.isArray(value)) {
    const items = schemas.map((node) => node['items']).filter(isJsonObject);
    return value.map((entry) => withoutNulls(entry, items, root, state));
  }
  if (!isJsonObject(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [key, entry] of Object.entries(value)) {
    const children = schemas.map((node) => ownProperty(node['properties'], key)).filter(isJsonObject);
    if (entry === null && children.length > 0 && !children.some((child) => acceptsNull(child, root)))
      state.changed = true;
    else kept.push([key, withoutNulls(entry, children, root, state)]);
  }
  return Object.fromEntries(kept);
}

function ownProperty(object: unknown, key: string): unknown {
  return isJsonObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The schema itself and every schema that it refers to or combines, each once, so that a cycle of references ends. */
function expand(node: JsonObject, root: JsonObject, seen: Set<JsonObject> = new Set()): JsonObject[] {
  if (seen.has(node)) return [];
  seen.add(node);
  const more: unknown[] = [];
  if (typeof node['$ref'] === 'string') more.push(resolvePointer(root, node['$ref']));
  for (const key of ['anyOf', 'oneOf', 'allOf']) more.push(...listOf(node[key]));
  return [node, ...more.filter(isJsonObject).flatMap((entry) => expand(entry, root, seen))];
}

function acceptsNull(node: JsonObject, root: JsonObject): boolean {
  return expand(node, root).some((entry) => {
    const types = [entry['type'], ...listOf(entry['type'])];
    return types.includes('null') || entry['const'] === null || listOf(entry['enum']).includes(null);
  });
}

function resolvePointer(root: JsonObject, pointer: string): unknown {
  let at: unknown = root;
  for (const segment of pointer.split('/').slice(1)) {
    at = ownProperty(at, segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return at;
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
