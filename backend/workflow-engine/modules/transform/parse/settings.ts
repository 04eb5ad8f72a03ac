import { z } from 'zod';
import { isJsonObject } from '../../../models/json.ts';

/** The settings of `transform.parse_pattern` (format.md 14.10); where a list by field is wanted an object by field will do. */

export const patternSchema = z.looseObject({
  regex: z.string().optional(),
  separator: z.string().nullish(),
  separator_is_regex: z.boolean().nullish(),
  trim: z.boolean().nullish(),
});
export type PieceSettings = z.output<typeof patternSchema>;

export const fieldTypesSchema = z.record(z.string(), z.enum(['int', 'float', 'bool', 'string']));

export const mappingsSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

const lookupSchema = z.looseObject({
  field: z.string(),
  source: z.array(z.unknown()),
  match_field: z.string().nullish(),
  position_offset: z.number().int().nullish(),
  output_field: z.string().nullish(),
  required: z.boolean().nullish(),
});
export type Lookup = z.output<typeof lookupSchema>;
export const lookupsSchema = z.preprocess((value) => listByField(value, (settings) => settings), z.array(lookupSchema));

const computedFieldSchema = z.looseObject({ field: z.string(), expression: z.string() });
export type ComputedField = z.output<typeof computedFieldSchema>;
export const computedSchema = z.preprocess(
  (value) => listByField(value, (expression) => ({ expression })),
  z.array(computedFieldSchema),
);

const rulesSchema = z.looseObject({
  min: z.number().nullish(),
  max: z.number().nullish(),
  in: z.array(z.unknown()).nullish(),
  pattern: z.string().nullish(),
  required: z.boolean().nullish(),
});
export type FieldRules = z.output<typeof rulesSchema>;
export const validationSchema = z.record(z.string(), rulesSchema);

/** `{ city: … }` as `[{ field: "city", … }]`; anything else as it is. */
function listByField(value: unknown, settingsOf: (entry: unknown) => unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.entries(value).map(([field, entry]) => {
    const settings = isJsonObject(entry) ? entry : settingsOf(entry);
    return isJsonObject(settings) ? { field, ...settings } : settings;
  });
}
