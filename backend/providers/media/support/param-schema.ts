import type { JsonObject } from '@wfm/workflow-engine/models';

/** Short ways to write the JSON Schemas of models' parameters, all closed and with titles for forms. */

/** An object with these properties and no others. */
export function closedSchema(properties: Record<string, JsonObject>, required: string[] = []): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** `range` in the unit that the title names; `step` is a multiple that the vendor asks for. */
export function numberParam(
  title: string,
  range: { min: number; max: number; step?: number; default?: number; whole?: boolean },
): JsonObject {
  return {
    type: range.whole === false ? 'number' : 'integer',
    title,
    minimum: range.min,
    maximum: range.max,
    ...(range.step === undefined ? {} : { multipleOf: range.step }),
    ...(range.default === undefined ? {} : { default: range.default }),
  };
}

/** One of these values. */
export function choiceParam<T extends string | number>(title: string, values: readonly T[], byDefault?: T): JsonObject {
  return { enum: [...values], title, ...(byDefault === undefined ? {} : { default: byDefault }) };
}

/** Yes or no. */
export function flagParam(title: string, byDefault?: boolean): JsonObject {
  return { type: 'boolean', title, ...(byDefault === undefined ? {} : { default: byDefault }) };
}

/** A text of at most `maxLength` characters; `more` is added to its schema. */
export function textParam(title: string, maxLength: number, more: JsonObject = {}): JsonObject {
  return { type: 'string', title, maxLength, ...more };
}

/** What a model is asked to write (format.md 15.2): every field required, closed. */
export function promptSchema(fields: Record<string, JsonObject>): JsonObject {
  return closedSchema(fields, Object.keys(fields));
}

/** The prompt schema where nothing else is said (format.md 15.2). */
export const plainPromptSchema: JsonObject = promptSchema({
  prompt: { type: 'string', description: 'What is to be seen.' },
  style_notes: { type: 'string', description: 'Style, light, colours and mood.' },
});
