import { isJsonObject, type JsonObject } from '../models/json.ts';
import { type FormField, formFields, hiddenFields, readDotted, setDotted } from './form-fields.ts';
import { type FieldOption, optionsOf, pickedOption, sourceOf } from './form-options.ts';
import { type DisplayScope, evaluateHint, rootScope } from './view-scope.ts';

/** What a form stands on: `data` is the item or the data node that it is about. */
export interface FormSource {
  /** Object schema with `ui` hints; an older one goes through `importHints` with `role: "form"` first. */
  schema: unknown;
  data?: unknown;
  state?: unknown;
  now?: Date;
  timezone?: string;
}

/** A form being filled in: plain values, made anew by every change. */
export interface FormState {
  values: JsonObject;
  /** Fields that the person set: their value follows nothing any more. */
  edited: string[];
}

/** The form as it opens: start values of 19.2, then the defaults of options. */
export function startForm(source: FormSource): FormState {
  const fields = formFields(source.schema);
  const scope = rootScope({ ...source, data: source.data });
  const values: JsonObject = {};
  for (const field of fields) {
    const value = startValue(field, source, values, scope, fields);
    if (value !== undefined) values[field.name] = value;
  }
  return settle({ values, edited: [] }, source, fields, undefined);
}

/**
 * The form after the person set `name` to `value` (undefined empties it): dependants get new options and values, as
 * format.md 19.3 has it.
 */
export function changeField(form: FormState, name: string, value: unknown, source: FormSource): FormState {
  const values = { ...form.values };
  if (value === undefined) delete values[name];
  else values[name] = value;
  const edited = form.edited.includes(name) ? form.edited : [...form.edited, name];
  return settle({ values, edited }, source, formFields(source.schema), name);
}

/** What a field offers now; undefined where it is free. */
export function fieldOptions(form: FormState, name: string, source: FormSource): FieldOption[] | undefined {
  const fields = formFields(source.schema);
  const field = fields.find((candidate) => candidate.name === name);
  const scope = rootScope({ ...source, data: source.data });
  return field && optionsOf(field, selectedBy(form.values, fields, scope), scope);
}

/**
 * What the `source` of a field's input names now, for instance the picture that a crop is of: a path as `options.from`
 * has it, or a template over the fields (format.md 18.2). Undefined where it names nothing.
 */
export function inputSource(form: FormState, name: string, source: FormSource): unknown {
  const fields = formFields(source.schema);
  const input = fields.find((field) => field.name === name)?.ui['input'];
  const from = isJsonObject(input) ? input['source'] : undefined;
  if (from === undefined) return undefined;
  const scope = rootScope({ ...source, data: source.data });
  const selected = selectedBy(form.values, fields, scope);
  const isTemplate = typeof from === 'string' && from.includes('{{');
  return isTemplate ? evaluateHint(from, form.values, scope, { selected })?.value : sourceOf(from, selected, scope);
}

/** The fields that are drawn now, in order. */
export function visibleFields(form: FormState, source: FormSource): FormField[] {
  const fields = formFields(source.schema);
  const hidden = hiddenFields(fields, form.values, source.state);
  return fields.filter(({ name, ui }) => ui['show'] !== 'no' && !hidden.includes(name));
}

/**
 * The answer (format.md 19.5): values under their `to` names, dotted ones nested, numbers as numbers. A field whose
 * condition does not hold is not sent; of two with one name the drawn one is, else the later.
 */
export function formAnswer(form: FormState, source: FormSource): JsonObject {
  const fields = formFields(source.schema);
  const hidden = new Set(hiddenFields(fields, form.values, source.state));
  const sent = fields.filter(({ name }) => !hidden.has(name) && form.values[name] !== undefined);
  const isDrawn = ({ ui }: FormField): boolean => ui['show'] !== 'no';
  const answer: JsonObject = {};
  // What is drawn is written last, and so wins.
  for (const field of [...sent.filter((entry) => !isDrawn(entry)), ...sent.filter(isDrawn)]) {
    setDotted(answer, field.to, typed(form.values[field.name], field.schema));
  }
  return answer;
}

/** `init`, else the data's own value, else `default` (format.md 19.2). */
function startValue(
  field: FormField,
  source: FormSource,
  values: JsonObject,
  scope: DisplayScope,
  fields: readonly FormField[],
): unknown {
  const { schema, name } = field;
  const init = initOf(field, scope, () => selectedBy(values, fields, scope));
  // What is there but says nothing makes way for the default; what is not there, for the data (format.md 18.5).
  if (init !== undefined) return init.value ?? schema['default'];
  return readDotted(source.data, name) ?? schema['default'];
}

/** What `init` gives, in the field's type: no `value` for an empty text or no number; undefined where it finds nothing. */
function initOf(
  { ui, schema }: FormField,
  scope: DisplayScope,
  selected: () => JsonObject,
): { value?: unknown } | undefined {
  const { init } = ui;
  if (init === undefined) return undefined;
  const value = evaluateHint(init, isJsonObject(scope.data) ? scope.data : {}, scope, { selected: selected() })?.value;
  if (value === null || value === undefined) return undefined;
  if (value === '') return {};
  return { value: isNumeric(schema) ? numberOf(value) : value };
}

/** Dependants after a change; without one, all of them as the form opens. */
function settle(form: FormState, source: FormSource, fields: readonly FormField[], changed?: string): FormState {
  const scope = rootScope({ ...source, data: source.data });
  const values = { ...form.values };
  const fresh = new Set(changed === undefined ? fields.map(({ name }) => name) : [changed]);
  // A chain of dependants is no longer than that, and a circle ends.
  for (let round = 0; round < mostRounds; round += 1) {
    let isStill = true;
    for (const field of fields) {
      const before = values[field.name];
      const after = dependentValue(field, form, values, { fields, fresh, scope, isStart: changed === undefined });
      if (JSON.stringify(after) === JSON.stringify(before)) continue;
      if (after === undefined) delete values[field.name];
      else values[field.name] = after;
      fresh.add(field.name);
      isStill = false;
    }
    if (isStill) break;
  }
  return { values, edited: form.edited };
}

const mostRounds = 32;

interface Settling {
  fields: readonly FormField[];
  fresh: ReadonlySet<string>;
  scope: DisplayScope;
  isStart: boolean;
}

function dependentValue(field: FormField, form: FormState, values: JsonObject, settling: Settling): unknown {
  const { fields, fresh, scope, isStart } = settling;
  const before = values[field.name];
  const { init, options } = field.ui;
  const follows = typeof init === 'string' && /\bselected\b/.test(init) && !form.edited.includes(field.name);
  if (follows) {
    return initOf(field, scope, () => selectedBy(values, fields, scope))?.value ?? before;
  }
  if (!isJsonObject(options)) return before;
  const { from, keep } = options;
  const controller = typeof from === 'string' ? /^selected\.([^.]+)/.exec(from)?.[1] : undefined;
  if (!isStart && (controller === undefined || !fresh.has(controller) || controller === field.name)) return before;
  const offered = optionsOf(field, selectedBy(values, fields, scope), scope) ?? [];
  const isOffered = offered.some(({ value }) => JSON.stringify(value) === JSON.stringify(before));
  if (isOffered && (isStart || keep !== false)) return before;
  if (isStart && before !== undefined && options['pick'] === undefined) return before;
  return pickedOption(options, offered)?.value;
}

/** For every field the option object that is chosen in it, or its value where it has none. */
function selectedBy(values: JsonObject, fields: readonly FormField[], scope: DisplayScope): JsonObject {
  const selected: JsonObject = {};
  for (const field of fields) {
    const value = values[field.name];
    if (value === undefined) continue;
    const option = optionsOf(field, selected, scope)?.find(
      (entry) => JSON.stringify(entry.value) === JSON.stringify(value),
    );
    selected[field.name] = option ? option.item : value;
  }
  return selected;
}

function isNumeric(schema: JsonObject): boolean {
  const types: unknown[] = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  return types.some((type) => type === 'number' || type === 'integer') && !types.includes('string');
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function typed(value: unknown, schema: JsonObject): unknown {
  return isNumeric(schema) ? (numberOf(value) ?? value) : value;
}
