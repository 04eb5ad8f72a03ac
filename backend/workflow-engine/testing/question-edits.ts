import fc from 'fast-check';
import type { JsonObject } from '../models/json.ts';
import { buttons, option } from './generated-questions.ts';

/** A random edit of a generated workflow of questions, as an author makes them. */
export interface QuestionEdit {
  kind: (typeof editKinds)[number];
  /** Which question, by position over the whole workflow. */
  at: number;
  /** Which option, field or place. */
  nth: number;
  word: string;
}

const editKinds = [
  'wording',
  'label',
  'option_added',
  'option_removed',
  'options_reordered',
  'option_reworded',
  'keyed',
  'more_needed',
  'fewer_allowed',
  'several',
  'rule',
  'field_added',
  'field_required',
  'field_narrowed',
  'pattern',
  'default',
  'item_added',
  'items_reordered',
  'upstream_wording',
  'moved_in_step',
  'moved_to_step',
  'removed',
  'inserted',
  'none',
] as const;

export const generatedQuestionEdit: fc.Arbitrary<QuestionEdit> = fc.record({
  kind: fc.constantFrom(...editKinds),
  at: fc.nat({ max: 40 }),
  nth: fc.nat({ max: 10 }),
  word: fc.stringMatching(/^[a-z]{2,6}$/),
});

interface Module extends JsonObject {
  module_id: string;
  name: string;
  inputs: JsonObject;
}

/** The workflow with an edit made at the first module from `at` on that it fits; unchanged where it fits none. */
export function editQuestion(workflow: JsonObject, edit: QuestionEdit): JsonObject {
  const copy = structuredClone(workflow) as { steps: { modules: Module[] }[] };
  const places = copy.steps.flatMap((step) => step.modules.map((module) => ({ step, module })));
  for (let offset = 0; offset < places.length; offset += 1) {
    const place = places[(edit.at + offset) % places.length];
    if (place && (editModule(place.module, edit) || editOrder(copy.steps, place, edit))) break;
  }
  return copy;
}

/** False for an edit that means nothing to the module. */
function editModule(module: Module, edit: QuestionEdit): boolean {
  const { inputs, module_id: id } = module;
  if (edit.kind === 'upstream_wording') return id === 'api.llm' && append(inputs, 'input', edit.word);
  if (edit.kind === 'wording') return append(inputs, 'prompt', edit.word);
  if (id === 'user.select') return inputs.mode !== 'review' && (editChoice(module, edit) || editOptions(inputs, edit));
  if (id === 'user.form') return editForm(inputs, edit);
  if (id !== 'user.text_input') return false;
  if (edit.kind === 'pattern') inputs.validation_pattern = edit.nth % 2 === 0 ? '[a-z]' : '[0-9]';
  else if (edit.kind === 'default') inputs.default = edit.word;
  else return false;
  return true;
}

function append(inputs: JsonObject, name: string, text: string): boolean {
  if (typeof inputs[name] !== 'string') return false;
  inputs[name] = `${inputs[name]} ${text}`;
  return true;
}

/** How many, by which key and under which rule one chooses. */
function editChoice(module: Module, { kind, nth }: QuestionEdit): boolean {
  const { inputs } = module;
  switch (kind) {
    case 'keyed':
      inputs.schema = { ...(inputs.schema as JsonObject), ui: { select: { key: nth % 2 === 0 ? 'id' : 'label' } } };
      return true;
    case 'more_needed':
      inputs.min_selections = 1 + (nth % 4);
      return true;
    case 'fewer_allowed':
      if (inputs.multi_select !== true) return false;
      inputs.max_selections = 1 + (nth % 2);
      return true;
    case 'several':
      inputs.multi_select = inputs.multi_select !== true;
      return true;
    case 'rule': {
      const rule = { id: 'r', rule: 'min_selections', min: 1 + (nth % 3), validator: ['server'], severity: 'error' };
      module.retryable = { ...buttons, options: [{ ...buttons.options[0], validations: [rule] }] };
      return true;
    }
    default:
      return false;
  }
}

/** What one chooses among. */
function editOptions(inputs: JsonObject, { kind, nth, word: text }: QuestionEdit): boolean {
  const lists = optionLists(inputs.data);
  const list = lists[nth % Math.max(1, lists.length)];
  switch (kind) {
    case 'option_added':
      if (list) list.splice(nth % (list.length + 1), 0, option(`new ${text}`));
      else (inputs.data as JsonObject)[`new ${text}`] = option(text);
      return true;
    case 'option_removed':
      if (list) list.splice(nth % list.length, 1);
      else inputs.data = Object.fromEntries(Object.entries(inputs.data as JsonObject).slice(1));
      return true;
    case 'options_reordered':
      list?.push(...list.splice(0, 1 + (nth % list.length)));
      return list !== undefined;
    case 'option_reworded':
      Object.assign(list?.[nth % list.length] ?? {}, { label: `Another ${text}` });
      return list !== undefined;
    default:
      return false;
  }
}

function editForm(inputs: JsonObject, { kind, nth, word: text }: QuestionEdit): boolean {
  const schema = inputs.schema as { properties: Record<string, JsonObject>; required: string[] };
  const items = inputs.data as JsonObject[];
  const { properties } = schema;
  // None of those that are there: a random word may be "name".
  const field = `own_${text}`;
  switch (kind) {
    case 'label':
      Object.assign(properties.name ?? {}, { title: text });
      return true;
    case 'field_added':
      properties[field] = { type: 'string' };
      return true;
    case 'field_required':
      properties[field] = { type: 'string', ...(nth % 2 === 0 ? { default: 'x' } : {}) };
      schema.required = ['name', 'servings', field];
      return true;
    case 'field_narrowed':
      if (nth % 2 === 0) properties.servings = { type: 'integer', minimum: 1, maximum: nth };
      else properties.size = { type: 'string', enum: nth % 3 === 0 ? ['small', 'large'] : ['large', 'huge'] };
      return true;
    case 'item_added':
      items.splice(nth % (items.length + 1), 0, option(`new ${text}`));
      return true;
    case 'items_reordered':
      if (nth % 3 === 0) items.pop();
      else items.reverse();
      return true;
    default:
      return false;
  }
}

function editOrder(
  steps: { modules: Module[] }[],
  { step, module }: { step: { modules: Module[] }; module: Module },
  { kind, nth, word: text }: QuestionEdit,
): boolean {
  const index = step.modules.indexOf(module);
  const others = steps.filter((other) => other !== step);
  switch (kind) {
    case 'moved_in_step':
      step.modules.splice(index, 1);
      step.modules.splice(nth % (step.modules.length + 1), 0, module);
      return true;
    case 'moved_to_step':
      if (step.modules.length < 2) return false;
      step.modules.splice(index, 1);
      others[nth % others.length]?.modules.push(module);
      return true;
    case 'removed':
      if (step.modules.length < 2) return false;
      step.modules.splice(index, 1);
      return true;
    case 'inserted':
      step.modules.splice(index, 0, {
        module_id: 'user.text_input',
        name: `new_${text}`,
        inputs: { prompt: `What of ${text}?`, default: text },
      });
      return true;
    default:
      return kind === 'none';
  }
}

/** The lists of options in a question's data: the data itself, or its groups. */
function optionLists(data: unknown): JsonObject[][] {
  if (Array.isArray(data)) return [data as JsonObject[]];
  return Object.values((data ?? {}) as JsonObject).filter((value): value is JsonObject[] => Array.isArray(value));
}
