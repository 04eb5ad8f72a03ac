import { isJsonObject, type JsonObject } from './json-values.ts';

/** Keywords of JSON Schema 2020-12 whose value is a schema. */
const schemaKeywords: ReadonlySet<string> = new Set(
  'additionalProperties unevaluatedProperties unevaluatedItems items contains propertyNames not if then else contentSchema'.split(
    ' ',
  ),
);
/** Keywords whose value is a list of schemas. */
export const schemaListKeywords: ReadonlySet<string> = new Set('allOf anyOf oneOf prefixItems'.split(' '));
/** Keywords whose value maps names to schemas; `definitions` is the older name of `$defs`, still referred to. */
export const schemaMapKeywords: ReadonlySet<string> = new Set(
  'properties patternProperties dependentSchemas $defs definitions'.split(' '),
);
/** Keywords that look at the same value as the schema they stand in. */
export const inPlaceKeywords: ReadonlySet<string> = new Set(
  'allOf anyOf oneOf not if then else dependentSchemas'.split(' '),
);

export interface SubSchema {
  keyword: string;
  /** Name or index under the keyword; absent when the keyword's value is the schema itself. */
  key?: string | number;
  schema: unknown;
}

/** The schemas directly inside `node`, in the order in which they are written. */
export function* subSchemas(node: JsonObject): Generator<SubSchema> {
  for (const keyword of Object.keys(node)) {
    const value = node[keyword];
    if (schemaKeywords.has(keyword)) yield { keyword, schema: value };
    else if (schemaListKeywords.has(keyword) && Array.isArray(value)) {
      for (const [key, schema] of value.entries()) yield { keyword, key, schema };
    } else if (schemaMapKeywords.has(keyword) && isJsonObject(value)) {
      for (const key of Object.keys(value)) yield { keyword, key, schema: value[key] };
    }
  }
}
