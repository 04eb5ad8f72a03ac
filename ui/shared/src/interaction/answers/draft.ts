import {
  formAnswer,
  formFields,
  type FormSource,
  type FormState,
  importHints,
  readDotted,
  selectableItems,
  startForm,
} from '@wfm/workflow-engine/display';
import {
  interactionTypes,
  isJsonObject,
  type InteractionAnswer,
  type InteractionRequest,
} from '@wfm/workflow-engine/models';
import type { GenerationDraft } from '../../media/generation/generation-types.ts';
import { chosenPaths } from './chosen-paths.ts';

/** An answer that is being given: what would be sent, and the forms that it comes from. */
export interface Draft {
  readonly answer: InteractionAnswer;
  /** By row of a form, as its person left it; one that was not touched is missing. */
  readonly forms?: readonly (FormState | undefined)[];
  /** What was filled in to have media made. */
  readonly generation?: GenerationDraft;
  /** What is being said for another try, and to which option. */
  readonly feedback?: { readonly option: string; readonly text: string };
}

type RequestOf<T extends InteractionRequest['interaction_type']> = Extract<InteractionRequest, { interaction_type: T }>;

/** What a question begins with: what was answered before, as far as it is still offered, else its default. */
export function firstDraft(request: InteractionRequest): Draft {
  return draftOf(request, request.previous_answer ?? {});
}

/** A question with its answer in it, to be looked at. */
export function answeredDraft(request: InteractionRequest, answer: InteractionAnswer): Draft {
  const draft = draftOf(request, answer);
  return { ...draft, answer: { ...answer, ...draft.answer } };
}

function draftOf(request: InteractionRequest, before: InteractionAnswer): Draft {
  switch (request.interaction_type) {
    case 'text_input':
      return { answer: { value: before.value ?? request.default_value } };
    case 'form_input':
      return formDraft(request, before);
    case 'review_grouped':
      return { answer: { value: 'accepted' } };
    case 'select_from_structured':
      return { answer: { selected_indices: stillOffered(request, before.selected_indices) } };
    case 'confirm':
      return { answer: { value: '' } };
    case 'media_generation':
      return { answer: before.selected_content_id == null ? {} : { selected_content_id: before.selected_content_id } };
    case 'file_input':
    case 'file_download':
      return { answer: {} };
    default:
      return unknownDraft(request, before);
  }
}

/** What would be sent now. */
export function answerOf(request: InteractionRequest, { answer, forms }: Draft): InteractionAnswer {
  if (request.interaction_type === 'form_input') {
    const { schema, data } = formSource(request);
    return {
      ...answer,
      form_data: request.form_defaults.map((_, index) => {
        const source = { schema, data: data[index] };
        return formAnswer(forms?.[index] ?? startForm(source), source);
      }),
    };
  }
  const form = unknownForm(request);
  if (!form || !forms?.[0]) return answer;
  return { ...answer, ...formAnswer(forms[0], { schema: form }) };
}

/** What the forms of a question stand on: the schema of a row, and the item of each. */
export function formSource(request: RequestOf<'form_input'>): { schema: unknown; data: readonly unknown[] } {
  return {
    schema: importHints(request.form_schema, { role: 'form' }).schema,
    data: Array.isArray(request.data) ? (request.data as unknown[]) : [],
  };
}

/** The form of a question whose type this page does not know: of what it says of its answer, else a single text. */
export function unknownForm({ interaction_type: type, rules, schema }: InteractionRequest): unknown {
  if (interactionTypes.includes(type)) return undefined;
  const said = [rules.answer_schema, schema].find((one) => isJsonObject(one) && isJsonObject(one['properties']));
  return said ?? anything;
}

const anything = { type: 'object', properties: { value: { type: 'string', title: 'value' } } };

function unknownDraft(request: InteractionRequest, before: InteractionAnswer): Draft {
  const schema = unknownForm(request);
  if (Object.keys(before).length === 0) return { answer: {} };
  return { answer: {}, forms: [formOf(before, { schema })] };
}

function formDraft(request: RequestOf<'form_input'>, { form_data: given }: InteractionAnswer): Draft {
  if (given === undefined) return { answer: {} };
  const rows: unknown[] = Array.isArray(given) ? given : Object.values(given);
  const { schema, data } = formSource(request);
  return { answer: {}, forms: rows.map((row, index) => formOf(row, { schema, data: data[index] })) };
}

/** A form that holds an answer: its values by the names of the fields again (format.md 19.5). */
function formOf(row: unknown, source: FormSource): FormState {
  const start = startForm(source);
  const found = formFields(source.schema).flatMap(({ name, to }) => {
    const value = readDotted(row, to);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { values: { ...start.values, ...Object.fromEntries(found) }, edited: found.map(([name]) => name) };
}

function stillOffered(request: RequestOf<'select_from_structured'>, before: unknown): unknown[] {
  const paths = chosenPaths(before, request.multi_select);
  if (paths.length === 0) return [];
  const offered = new Set(selectableItems(request.data, request.schema).paths.map((path) => JSON.stringify(path)));
  const left = paths.filter((path) => offered.has(JSON.stringify(path)));
  return request.multi_select ? left : (left[0] ?? []);
}
