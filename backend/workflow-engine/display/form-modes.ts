import { isJsonObject, type JsonObject } from '../models/json.ts';
import { setDotted } from './form-fields.ts';
import { evaluateHint, renderHint, rootScope } from './view-scope.ts';

/** Another editor of one value: a few fields instead of one (format.md 18.2, `modes`). */
export interface FieldMode {
  name: string;
  /** Object schema of its fields. */
  schema: JsonObject;
  format: JsonObject;
  parse: JsonObject;
  layout: unknown;
}

/** The other editors that a field's hints offer; malformed ones are left out. */
export function fieldModes(ui: JsonObject): FieldMode[] {
  const modes = Array.isArray(ui['modes']) ? (ui['modes'] as unknown[]) : [];
  return modes.filter(isJsonObject).flatMap(({ name, schema, format, parse, layout }) => {
    if (typeof name !== 'string' || !isJsonObject(schema) || !isJsonObject(format)) return [];
    return [{ name, schema, format, parse: isJsonObject(parse) ? parse : {}, layout }];
  });
}

/** The fields of a mode for a value: what `parse` reads out of it; a field without such a way back is left empty. */
export function modeValues({ parse }: FieldMode, value: unknown): JsonObject {
  const values: JsonObject = {};
  if (value === undefined || value === null) return values;
  const scope = rootScope({ data: value });
  for (const [field, template] of Object.entries(parse)) {
    const parsed = evaluateHint(template, { value }, scope)?.value;
    if (parsed !== undefined && parsed !== null && parsed !== '') values[field] = parsed;
  }
  return values;
}

/**
 * The value that a mode's fields make: where `format` has `text` alone, that text; else an object of its paths. Undefined
 * while a template finds nothing.
 */
export function modeValue({ format }: FieldMode, values: JsonObject): unknown {
  const scope = rootScope({ data: values });
  const render = (template: unknown): string | undefined =>
    typeof template === 'string' ? renderHint(template, values, scope) : undefined;
  const paths = Object.keys(format);
  if (paths.length === 1 && paths[0] === 'text') return render(format['text']) || undefined;
  const value: JsonObject = {};
  for (const path of paths) {
    const text = render(format[path]);
    if (text !== undefined) setDotted(value, path, text);
  }
  return value;
}
