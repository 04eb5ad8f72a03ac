import { isJsonObject, type JsonObject } from '../../../models/json.ts';
import { hint, ownMember, propertySchemas } from '../../../display/hints.ts';

/**
 * The object schema of one row, as its author wrote it: the form's `input_schema` (a hint of any spelling, or of the
 * list's items), else the schema itself (format.md 14.1).
 */
export function rowSchemaOf(schema: unknown): JsonObject {
  const inner = hint(schema, 'input_schema', true);
  if (isJsonObject(inner)) return inner;
  const items = ownMember(schema, 'items');
  if (isJsonObject(items)) return rowSchemaOf(items);
  return isJsonObject(schema) ? schema : {};
}

/**
 * The part of a row schema that judges validity, hints and older spellings taken out: `_ux` properties and properties
 * without a schema (format.md 25.8), lists of option objects as `enum`, `required: true` on a field (18.5).
 */
export function judgingSchema(rowSchema: JsonObject): JsonObject {
  const fields = propertySchemas(rowSchema);
  const listed = ownMember(rowSchema, 'required');
  const required = new Set(Array.isArray(listed) ? listed.filter((name) => typeof name === 'string') : []);
  const properties: JsonObject = {};
  for (const [name, schema] of fields) {
    if (schema['required'] === true || hint(schema, 'required') === true) required.add(name);
    properties[name] = judgingField(schema);
  }
  return { ...rowSchema, properties, required: [...required] };
}

function judgingField(schema: JsonObject): JsonObject {
  const options = schema['enum'];
  const plain = Array.isArray(options) && !options.some(isJsonObject);
  const { enum: _enum, required, ...rest } = schema;
  return { ...rest, ...(plain ? { enum: options } : {}), ...(Array.isArray(required) ? { required } : {}) };
}

/** The same schema without some of its fields: whatever they hold is right. */
export function withoutFields(rowSchema: JsonObject, names: readonly string[]): JsonObject {
  const properties = Object.entries(ownMember(rowSchema, 'properties') as JsonObject);
  const required = ownMember(rowSchema, 'required') as string[];
  return {
    ...rowSchema,
    properties: Object.fromEntries(properties.map(([name, schema]) => [name, names.includes(name) ? true : schema])),
    required: required.filter((name) => !names.includes(name)),
  };
}
