import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import { describeKeywords, listOf, mapValues } from './schema-keywords.ts';

/**
 * What strict structured outputs take, by OpenAI's guide to them: these types and keywords, every object closed with
 * every property required, `anyOf` but no other combiner. Servers that speak its protocol take the same or more.
 */
const formats = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid']);
const kept = [
  'title',
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
];
const described = [
  'minLength',
  'maxLength',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'default',
  'examples',
];
const maxObjectDepth = 10;
const maxProperties = 5000;
const maxEnumValues = 1000;

interface Walk {
  properties: number;
  enumValues: number;
}

/** Thrown inside this file where a schema says what strict mode cannot. */
class NotStrict extends Error {}

/**
 * The strict form of a schema, or `undefined` when there is none: open objects, maps, tuples, conditions that carry
 * the shape. Whatever fits the author's schema fits the strict form once absent optional properties are written as
 * `null`; the opposite need not hold, because we check the reply ourselves.
 */
export function toStrict(schema: JsonObject): JsonObject | undefined {
  try {
    return strictNode(schema, 0, { properties: 0, enumValues: 0 });
  } catch (thrown) {
    if (thrown instanceof NotStrict) return undefined;
    throw thrown;
  }
}

function strictNode(node: unknown, depth: number, walk: Walk): JsonObject {
  if (!isJsonObject(node)) throw new NotStrict('a schema that is only true or false');
  if (depth > maxObjectDepth) throw new NotStrict('too deep');
  const defs = definitions(node, walk);
  const ref = node['$ref'];
  if (ref !== undefined) {
    if (typeof ref !== 'string' || !ref.startsWith('#')) throw new NotStrict('a reference to elsewhere');
    return { $ref: ref, ...defs };
  }
  if (Array.isArray(node['allOf'])) return { ...strictNode(mergeAllOf(node, node['allOf']), depth, walk), ...defs };

  const result: JsonObject = {};
  const undescribed = pattern(node, result);
  const description = describeKeywords(node, [...described, ...undescribed]);
  if (description !== undefined) result['description'] = description;
  for (const key of kept) if (Object.hasOwn(node, key)) result[key] = node[key];
  countEnum(node, walk);

  const alternatives = node['anyOf'] ?? node['oneOf'];
  if (alternatives !== undefined) {
    if (!Array.isArray(alternatives) || 'properties' in node || 'items' in node)
      throw new NotStrict('alternatives beside a shape');
    result['anyOf'] = alternatives.map((entry) => strictNode(entry, depth, walk));
    return { ...result, ...defs };
  }
  const type = typeOf(node);
  result['type'] = type;
  const types = Array.isArray(type) ? type : [type];
  if (types.includes('object')) Object.assign(result, strictObject(node, depth, walk));
  if (types.includes('array')) {
    if (!isJsonObject(node['items']) || 'prefixItems' in node)
      throw new NotStrict('an array without a schema of its items');
    result['items'] = strictNode(node['items'], depth + 1, walk);
  }
  return { ...result, ...defs };
}

function strictObject(node: JsonObject, depth: number, walk: Walk): JsonObject {
  const { properties, additionalProperties, patternProperties } = node;
  const open = additionalProperties === true || isJsonObject(additionalProperties) || patternProperties !== undefined;
  if (open || !isJsonObject(properties)) throw new NotStrict('an object that is open');
  const required = new Set(listOf(node['required']));
  const names = Object.keys(properties).filter((name) => name !== '__proto__');
  walk.properties += names.length;
  if (walk.properties > maxProperties || [...required].some((name) => !names.includes(String(name))))
    throw new NotStrict('properties');
  return {
    properties: mapValues(properties, (child, name) => {
      const strict = strictNode(child, depth + 1, walk);
      return required.has(name) ? strict : orNull(strict);
    }),
    required: names,
    additionalProperties: false,
  };
}

/** The same or null: how strict mode writes a property that may be absent. */
function orNull(node: JsonObject): JsonObject {
  const { type } = node;
  const plainType = !('anyOf' in node) && !('enum' in node) && !('const' in node);
  if (Array.isArray(type) && type.includes('null')) return node;
  if (plainType && typeof type === 'string') return { ...node, type: [type, 'null'] };
  if (plainType && Array.isArray(type)) return { ...node, type: [...listOf(type), 'null'] };
  if ('anyOf' in node) return { ...node, anyOf: [...listOf(node['anyOf']), { type: 'null' }] };
  return { anyOf: [node, { type: 'null' }] };
}

/** Looser than RE2, but what servers refuse most: look-around, named groups and whatever else begins with `(?`. */
function pattern(node: JsonObject, result: JsonObject): string[] {
  const told: string[] = [];
  if (typeof node['pattern'] === 'string') {
    if (node['pattern'].includes('(?')) told.push('pattern');
    else result['pattern'] = node['pattern'];
  }
  if (typeof node['format'] === 'string') {
    if (formats.has(node['format'])) result['format'] = node['format'];
    else told.push('format');
  }
  return told;
}

function typeOf(node: JsonObject): unknown {
  if (node['type'] !== undefined) return node['type'];
  if ('properties' in node) return 'object';
  if ('items' in node) return 'array';
  const listed = listOf(node['enum']);
  const values = 'const' in node ? [...listed, node['const']] : listed;
  const types = new Set(values.map(jsonType));
  if (types.size === 1) return [...types][0];
  if (types.size > 1) return [...types];
  throw new NotStrict('no type');
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function countEnum(node: JsonObject, walk: Walk): void {
  walk.enumValues += listOf(node['enum']).length;
  if (walk.enumValues > maxEnumValues) throw new NotStrict('too many values');
}

function definitions(node: JsonObject, walk: Walk): JsonObject {
  const found: JsonObject = {};
  for (const key of ['$defs', 'definitions']) {
    const entries = node[key];
    if (isJsonObject(entries)) found[key] = mapValues(entries, (entry) => strictNode(entry, 0, walk));
  }
  return found;
}

/** One object for an `allOf` whose parts speak of different properties; anything cleverer is not strict. */
function mergeAllOf(node: JsonObject, parts: unknown[]): JsonObject {
  const { allOf: _parts, $defs: _defs, definitions: _definitions, ...own } = node;
  const merged: JsonObject = { ...own };
  for (const part of parts) {
    if (!isJsonObject(part)) throw new NotStrict('a part that is only true or false');
    for (const [key, value] of Object.entries(part)) {
      const before = merged[key];
      if (key === 'properties' && isJsonObject(before) && isJsonObject(value)) {
        if (Object.keys(value).some((name) => Object.hasOwn(before, name)))
          throw new NotStrict('a property named twice');
        merged[key] = { ...before, ...value };
      } else if (key === 'required' && Array.isArray(before) && Array.isArray(value)) {
        merged[key] = [...listOf(before), ...listOf(value)];
      } else if (before === undefined || key === 'description' || key === 'title') {
        merged[key] = before ?? value;
      } else if (JSON.stringify(before) !== JSON.stringify(value)) {
        throw new NotStrict(`${key} named twice`);
      }
    }
    if (parts.length > 1 && part['additionalProperties'] === false) throw new NotStrict('a closed part');
  }
  return merged;
}
