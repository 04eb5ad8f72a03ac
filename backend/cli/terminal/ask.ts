import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { confirm, isCancel, multiselect, note, select, text } from '@clack/prompts';
import { compileView, printText } from '@wfm/workflow-engine/display';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type InteractionAnswer, type InteractionRequest, isJsonObject } from '@wfm/workflow-engine/models';
import type { AnswerSource } from '@wfm/workflow-engine/mock';
import { choicesOf, selectedIndices } from './choices.ts';
import { type Field, fieldsOf, valueOf } from './fields.ts';
import { shown } from './print.ts';

/** Thrown when the person presses Ctrl+C: the run stays as it is and can be resumed. */
export class Interrupted extends Error {}

/** Asks the person at the terminal. Files that a workflow hands out are saved below `out`. */
export function askTerminal(out: string): AnswerSource {
  return async (request) => {
    if (!process.stdin.isTTY) {
      const { step_id, module_name } = request.step_context;
      throw new WfmError(
        'response_invalid',
        `${step_id}/${module_name} asks, but there is no terminal and no recorded answer left.`,
        {
          params: { step_id, module_name },
        },
      );
    }
    const left = await chooseOption(request);
    return left ?? answer(request, out);
  };
}

function given<T>(value: T): Exclude<T, symbol> {
  if (isCancel(value)) throw new Interrupted();
  return value as Exclude<T, symbol>;
}

/** Questions whose data is read line by line while they are answered. */
const asksItemByItem = new Set(['form_input', 'select_from_structured']);

/** Data as its display schema shows it. */
function viewOf(data: unknown, schema: unknown = {}): string {
  return printText(compileView({ schema, data }).root);
}

function cut(shownText: string): string {
  return shownText.length > 8000 ? `${shownText.slice(0, 8000)}…` : shownText;
}

/** Buttons other than the default: chosen before the answer, since a retry or a jump needs none. */
async function chooseOption(request: InteractionRequest): Promise<InteractionAnswer | null> {
  const options = (request.retryable?.options ?? []).filter((option) => option.hidden !== true);
  if (request.data !== undefined && !asksItemByItem.has(request.interaction_type))
    note(cut(viewOf(request.data, request.schema)), request.title);
  if (options.length < 2) return null;
  if (request.interaction_type === 'select_from_structured') note(menuOf(request), request.title);
  const id = given(
    await select({
      message: request.title,
      initialValue: request.retryable?.default_option ?? '',
      options: options.map((option) => ({ value: option.id, label: option.label === '' ? option.id : option.label })),
    }),
  );
  const option = options.find((candidate) => candidate.id === id);
  if (!option || option.mode === 'continue') return null;
  if (option.feedback?.enabled !== true) return { action_id: id };
  const feedback = given(
    await text({ message: option.feedback.prompt ?? 'Feedback', placeholder: option.feedback.default_message ?? '' }),
  );
  return feedback ? { action_id: id, retry_feedback: feedback } : { action_id: id };
}

async function answer(request: InteractionRequest, out: string): Promise<InteractionAnswer> {
  switch (request.interaction_type) {
    case 'select_from_structured':
      return { selected_indices: await chooseItems(request) };
    case 'review_grouped':
      return { value: 'accepted' };
    case 'text_input':
      return { value: given(await text({ message: request.title, placeholder: request.default_value })) ?? '' };
    case 'form_input':
      return { form_data: await fillRows(request) };
    case 'confirm':
      return given(await confirm({ message: request.message })) ? {} : { cancelled: true };
    case 'file_input':
      return readAnswerFile(given(await text({ message: `${request.title} (path of a file)` })) ?? '');
    case 'file_download':
      return saveFile(request, out);
    case 'media_generation':
      throw new WfmError('response_invalid', 'Media questions cannot be answered in a terminal.');
  }
}

type Selection = Extract<InteractionRequest, { interaction_type: 'select_from_structured' }>;

/** The items as lines, for whoever decides first whether to choose among them at all. */
function menuOf({ data, schema }: Selection): string {
  return cut(
    choicesOf(data, schema)
      .map(({ label, hint }) => (hint === '' ? label : `${label}: ${hint}`))
      .join('\n'),
  );
}

async function chooseItems(request: Selection): Promise<unknown[]> {
  const choices = choicesOf(request.data, request.schema);
  if (choices.length === 0) return [];
  const options = choices.map(({ label, hint }, index) => ({ value: index, label, hint }));
  const paths = (indices: readonly number[]) => indices.map((index) => choices[index]?.path ?? []);
  if (!request.multi_select) {
    return selectedIndices(paths([given(await select({ message: request.title, options }))]));
  }
  const required = request.min_selections > 0;
  return selectedIndices(paths(given(await multiselect({ message: request.title, options, required }))));
}

type Form = Extract<InteractionRequest, { interaction_type: 'form_input' }>;

async function fillRows(request: Form): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const [index, defaults] of request.form_defaults.entries()) {
    const item = Array.isArray(request.data) ? (request.data as unknown[])[index] : undefined;
    if (isJsonObject(item) && Object.keys(item).length > 0) note(viewOf(item), `${request.title}, ${index + 1}`);
    const row: Record<string, unknown> = {};
    for (const field of fieldsOf(request.form_schema, defaults)) {
      const value = await askField(field);
      if (value !== undefined) row[field.name] = value;
    }
    rows.push(row);
  }
  return rows;
}

async function askField(field: Field): Promise<unknown> {
  const message = field.help === '' ? field.title : `${field.title} (${field.help})`;
  if (field.kind === 'yes_no') return given(await confirm({ message, initialValue: field.start === true }));
  if (field.kind === 'choice') {
    const start = field.options.findIndex(({ value }) => value === field.start);
    const options = field.options.map(({ label }, index) => ({ value: index, label }));
    return field.options[given(await select({ message, options, initialValue: Math.max(start, 0) }))]?.value;
  }
  const initialValue = field.start === undefined ? '' : shown(field.start, 500);
  const validate = (typed: string | undefined) =>
    field.required && valueOf(field, typed ?? '') === undefined ? 'This field is needed.' : undefined;
  return valueOf(field, given(await text({ message, initialValue, validate })) ?? '');
}

async function readAnswerFile(path: string): Promise<InteractionAnswer> {
  const bytes = await readFile(path);
  return { value: `data:application/octet-stream;base64,${bytes.toString('base64')}`, filename: basename(path) };
}

type Download = Extract<InteractionRequest, { interaction_type: 'file_download' }>;

/** Saves a file that the workflow hands out, under its base name alone. */
export async function saveFile(request: Download, out: string): Promise<InteractionAnswer> {
  const folder = request.file_destination === 'ws' ? join(out, 'ws') : out;
  const path = join(folder, basename(request.file_name));
  try {
    await mkdir(folder, { recursive: true });
    const content =
      request.file_content_type === 'json'
        ? `${JSON.stringify(request.file_content, null, 2)}\n`
        : String(request.file_content);
    await writeFile(path, content);
    console.log(`Saved ${path}`);
    return { file_written: true, file_path: basename(path) };
  } catch (error) {
    return { file_written: false, file_error: error instanceof Error ? error.message : 'could not write' };
  }
}
