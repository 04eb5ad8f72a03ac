/** How an input is edited by hand: by its schema where that is plain, else as JSON. */
export interface InputField {
  name: string;
  title: string;
  description: string;
  editor: 'text' | 'number' | 'boolean' | 'choice' | 'json';
  choices: readonly unknown[];
  /** False: the module was not given it. */
  given: boolean;
  value: unknown;
}

type Schema = Record<string, unknown>;
const recordOf = (value: unknown): Schema => (typeof value === 'object' && value !== null ? (value as Schema) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Fields for what the module was given, then for what it could be given. */
export function inputFields(schema: unknown, inputs: Record<string, unknown>): InputField[] {
  const properties = recordOf(recordOf(schema).properties);
  const names = [...new Set([...Object.keys(inputs), ...Object.keys(properties)])].filter((name) => name !== 'api_key');
  return names
    .map((name) => {
      const property = recordOf(properties[name]);
      const given = Object.hasOwn(inputs, name);
      const value = given ? inputs[name] : property.default;
      const choices = Array.isArray(property.enum) ? property.enum : [];
      return {
        name,
        title: textOf(property.title) || name,
        description: textOf(property.description),
        editor: editorOf(property, value, choices),
        choices,
        given,
        value,
      };
    })
    .sort((a, b) => Number(b.given) - Number(a.given));
}

function editorOf(property: Schema, value: unknown, choices: readonly unknown[]): InputField['editor'] {
  if (choices.length > 0) return 'choice';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (value !== undefined && value !== null) return 'json';
  switch (property.type) {
    case 'string':
      return 'text';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'json';
  }
}

/** What the person wrote, as text; a field that is not here was not touched. */
export type Edits = Readonly<Record<string, string>>;

/** The text that a field begins with. */
export function textIn({ editor, value }: InputField): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return JSON.stringify(value, null, editor === 'json' ? 2 : 0);
}

/** The inputs that differ from what was given, and the fields whose text is none. */
export function editedInputs(
  fields: readonly InputField[],
  edits: Edits,
): { inputs: Record<string, unknown>; faults: ReadonlySet<string> } {
  const inputs: Record<string, unknown> = {};
  const faults = new Set<string>();
  for (const field of fields) {
    const text = edits[field.name];
    if (text === undefined || text === textIn(field)) continue;
    const read = valueOf(field, text);
    if (read === undefined) faults.add(field.name);
    else inputs[field.name] = read.value;
  }
  return { inputs, faults };
}

function valueOf({ editor, choices }: InputField, text: string): { value: unknown } | undefined {
  switch (editor) {
    case 'text':
      return { value: text };
    case 'choice':
      return { value: choices.find((choice) => String(choice) === text) };
    case 'boolean':
      return { value: text === 'true' };
    case 'number': {
      const number = Number(text);
      return text.trim() === '' || !Number.isFinite(number) ? undefined : { value: number };
    }
    case 'json':
      try {
        return { value: JSON.parse(text) as unknown };
      } catch {
        return undefined;
      }
  }
}
