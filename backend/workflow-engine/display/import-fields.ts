import { isJsonObject, type JsonObject } from '../models/json.ts';
import { at } from '../definition/place.ts';
import type { NodeDraft } from './import-context.ts';
import { inferInputKind } from './infer-kind.ts';
import { inputKinds } from './view-model.ts';

/** Hints of a form's field: its input, options, starting value, name in the answer, other editors (format.md 18.5). */
export function importField(draft: NodeDraft): void {
  importInput(draft);
  importOptions(draft);
  importStart(draft);
  importAlternative(draft);
  for (const word of ['minimum', 'maximum']) {
    const bound = draft.number(word);
    if (bound !== undefined && !Object.hasOwn(draft.schema, word)) {
      draft.schema[word] = bound;
      draft.changed(word, word);
    }
  }
}

function importInput(draft: NodeDraft): void {
  const named = draft.text('input_type');
  const renamed = named === 'tag_input' ? 'tags' : named?.replaceAll('_', '-');
  const kind = renamed !== undefined && inputKinds.includes(renamed) ? renamed : undefined;
  if (named !== undefined && kind === undefined) draft.unknown('input_type', named);
  if (kind !== undefined) draft.setInside('input', 'kind', kind, 'input_type');
  for (const name of ['rows', 'placeholder', 'step']) draft.setInside('input', name, draft.hint(name), name);
  const input = draft.ui['input'];
  if (!isJsonObject(input) || input['kind'] !== undefined) return;
  input['kind'] = input['rows'] === undefined ? inferInputKind(draft.schema) : 'textarea';
}

function importOptions(draft: NodeDraft): void {
  const { schema } = draft;
  const values = schema['enum'];
  const labels = draft.hint('enum_labels');
  const listed = draft.hint('enum');
  if (Array.isArray(listed) && listed.every(isJsonObject) && listed.length > 0) {
    delete schema['enum'];
    draft.setInside('options', 'from', listed, 'enum');
  } else if (Array.isArray(values) && (isJsonObject(labels) || Array.isArray(labels))) {
    schema['oneOf'] = values.map((value: unknown, index) => {
      const title: unknown = Array.isArray(labels) ? labels[index] : ownText(labels, String(value));
      return typeof title === 'string' ? { const: value, title } : { const: value };
    });
    delete schema['enum'];
    draft.changed('enum_labels', 'oneOf');
  }
  const source = draft.text('enum_source');
  if (source !== undefined) draft.setInside('options', 'from', `data.${source}`, 'enum_source');
  if (isJsonObject(draft.ui['options'])) draft.ui['options'] = { ...draft.ui['options'], ...optionKeys(draft.hints) };
}

function ownText(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Hints of how options are drawn and which is chosen at first, as keys of `ui.options`. */
function optionKeys(hints: JsonObject): JsonObject {
  const { value_key: value, label_key: label, label_format: format, default_index: pick, reset } = hints;
  return {
    ...(typeof value === 'string' ? { value } : {}),
    ...(typeof label === 'string' ? { label: `{{ ${pathExpression('item', label)} }}` } : {}),
    ...(typeof format === 'string' ? { label: fromBraces(format, 'item') } : {}),
    pick: typeof pick === 'number' ? pick : 0,
    keep: reset !== true,
  };
}

/** A dotted path as a template reads it; keys that are no names stand in brackets. */
function pathExpression(root: string, path: string): string {
  return path.split('.').reduce((expression, key) => {
    return /^[A-Za-z_]\w*$/.test(key) ? `${expression}.${key}` : `${expression}[${JSON.stringify(key)}]`;
  }, root);
}

/** Single-brace places `{a.b}` as template expressions below `root`; double braces stay as they are. */
function fromBraces(text: string, root: string | undefined): string {
  return text.replace(/(?<![{%#])\{([\w.-]{1,200})\}(?!\})/g, (_, path: string) => {
    return `{{ ${root === undefined ? path : pathExpression(root, path)} }}`;
  });
}

function importStart(draft: NodeDraft): void {
  const source = draft.hint('source_data');
  const field = draft.text('source_field');
  const fallback = field === undefined ? undefined : pathExpression('data', field);
  if (source !== undefined && source !== null) {
    const init = typeof source === 'string' ? fromBraces(source, 'data') : source;
    const lone =
      typeof init === 'string' ? /^\s*\{\{((?:(?!\}\}|\{\{).)*)\}\}\s*$/s.exec(init)?.[1]?.trim() : undefined;
    // What the first source lacks, the second gives.
    const both = fallback !== undefined && lone !== undefined;
    draft.set('init', both ? `{{ (${lone}) if (${lone}) is defined else ${fallback} }}` : init, 'source_data');
  } else if (fallback !== undefined) draft.set('init', `{{ ${fallback} }}`, 'source_field');
  draft.set('to', draft.text('destination_field'), 'destination_field');
}

function importAlternative(draft: NodeDraft): void {
  const alternative = draft.hint('alternative');
  if (!isJsonObject(alternative)) return;
  const properties: JsonObject = {};
  const fields = Array.isArray(alternative['fields']) ? alternative['fields'] : [];
  for (const [index, field] of fields.entries()) {
    if (!isJsonObject(field)) continue;
    const { key, content, ...rest } = field;
    if (typeof key === 'string' && key !== '') properties[key] = fieldSchema(rest, index);
    else if (typeof content === 'string') {
      properties[`static_${index + 1}`] = {
        readOnly: true,
        ui: { as: 'text', label: false, text: content, order: index },
      };
    }
  }
  const { compose, layout, name } = alternative;
  const templates = isJsonObject(compose) ? compose : { text: compose };
  const format = Object.fromEntries(
    Object.entries(templates).flatMap(([path, text]) => {
      return typeof text === 'string' ? [[path, fromBraces(text, undefined)]] : [];
    }),
  );
  const mode: JsonObject = {
    name: typeof name === 'string' ? name : 'alternative',
    schema: { type: 'object', properties },
    format,
  };
  if (layout !== undefined) mode['layout'] = layout;
  draft.set('modes', [mode], 'alternative');
}

function fieldSchema(field: JsonObject, order: number): JsonObject {
  const { label, type, input_type: input, ...rest } = field;
  const words = Object.entries(rest).filter(([word]) =>
    ['minimum', 'maximum', 'default', 'enum', 'title'].includes(word),
  );
  const schema: JsonObject = { type: typeof type === 'string' ? type : 'string', ...Object.fromEntries(words) };
  if (typeof label === 'string') schema['title'] = label;
  schema['ui'] = { order, ...(typeof input === 'string' && inputKinds.includes(input) ? { input } : {}) };
  return schema;
}

/**
 * `controls` of a field, written on the fields that it controls (format.md 18.5). `members` are the imported schemas
 * beside it, by name; those named are changed, being drafts still.
 */
export function importControls(name: string, draft: NodeDraft, members: ReadonlyMap<string, JsonObject>): void {
  const controls = draft.hint('controls');
  if (!isJsonObject(controls)) return;
  for (const [target, control] of Object.entries(controls)) {
    const member = members.get(target);
    if (!member || !isJsonObject(control)) {
      draft.unknown(`controls.${target}`);
      continue;
    }
    const ui = (member['ui'] ?? {}) as JsonObject;
    member['ui'] = ui;
    if (applyControl(name, control, ui)) draft.changed(`controls.${target}`, `${at('properties', target)}.ui`);
    else draft.unknown(`controls.${target}.type`, control['type']);
  }
}

function applyControl(name: string, control: JsonObject, ui: JsonObject): boolean {
  const { type, enum_path: enumPath, value_path: valuePath, visible_when: when } = control;
  const from = `selected.${name}`;
  if (type === 'enum') {
    const options = typeof enumPath === 'string' ? `${from}.${enumPath}` : from;
    const before = isJsonObject(ui['options']) ? ui['options'] : {};
    ui['options'] = { ...before, from: options, ...optionKeys(control) };
  } else if (type === 'value') {
    ui['init'] = `{{ ${typeof valuePath === 'string' ? pathExpression(from, valuePath) : from} }}`;
  } else if (type === 'visibility') {
    const accepted = Array.isArray(when) ? { enum: when } : { const: when ?? true };
    const show = { properties: { value: { properties: { [name]: accepted }, required: [name] } } };
    ui['when'] = { ...(isJsonObject(ui['when']) ? ui['when'] : {}), show };
  } else return false;
  return true;
}
