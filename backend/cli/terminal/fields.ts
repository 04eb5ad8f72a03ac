import { isJsonObject } from '@wfm/workflow-engine/models';

/** One field of a form, as the terminal asks it. */
export interface Field {
  name: string;
  title: string;
  help: string;
  required: boolean;
  start: unknown;
  kind: 'choice' | 'yes_no' | 'text' | 'value';
  options: { value: unknown; label: string }[];
}

/** The fields of a row in the order of their schema, with its start values. */
export function fieldsOf(rowSchema: unknown, defaults: Record<string, unknown>): Field[] {
  const schema = isJsonObject(rowSchema) ? rowSchema : {};
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).map(([name, node]) => {
    const { title, description, type } = isJsonObject(node) ? node : {};
    const options = optionsOf(node);
    const kind = options.length > 0 ? 'choice' : type === 'boolean' ? 'yes_no' : type === 'string' ? 'text' : 'value';
    return {
      name,
      title: typeof title === 'string' ? title : name,
      help: typeof description === 'string' ? description : '',
      required: required.includes(name),
      start: defaults[name],
      kind,
      options,
    };
  });
}

function optionsOf(node: unknown): Field['options'] {
  if (!isJsonObject(node)) return [];
  const { oneOf, enum: values } = node;
  if (Array.isArray(values)) return values.map((value: unknown) => ({ value, label: String(value) }));
  if (!Array.isArray(oneOf) || !oneOf.every((entry) => isJsonObject(entry) && 'const' in entry)) return [];
  return (oneOf as Record<string, unknown>[]).map(({ const: value, title }) => ({
    value,
    label: typeof title === 'string' ? title : String(value),
  }));
}

/**
 * What was typed as the field's value: JSON where the field is no text, else the text. `undefined` leaves the field
 * out: nothing was typed, and a blank is no number and no date.
 */
export function valueOf(field: Field, typed: string): unknown {
  const text = typed.trim();
  if (text === '') return field.kind === 'text' && field.start === '' ? '' : undefined;
  if (field.kind === 'text') return typed;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return typed;
  }
}
