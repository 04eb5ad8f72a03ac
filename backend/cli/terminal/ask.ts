import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { confirm, isCancel, multiselect, note, select, text } from '@clack/prompts';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type InteractionAnswer, type InteractionRequest, isJsonObject } from '@wfm/workflow-engine/models';
import type { AnswerSource } from './answers.ts';
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

/** Buttons other than the default: chosen before the answer, since a retry or a jump needs none. */
async function chooseOption(request: InteractionRequest): Promise<InteractionAnswer | null> {
  const options = (request.retryable?.options ?? []).filter((option) => option.hidden !== true);
  if (request.data !== undefined && request.interaction_type !== 'form_input')
    note(shown(request.data, 4000), request.title);
  if (options.length < 2) return null;
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
type Path = (string | number)[];

async function chooseItems(request: Selection): Promise<unknown[]> {
  const items = itemsOf(request.data);
  if (items.length === 0) return [];
  const options = items.map(({ path, value }, index) => ({ value: index, label: labelOf(value, path) }));
  const paths = (indices: number[]): Path[] => indices.map((index) => items[index]?.path ?? []);
  const flat = (list: Path[]): unknown[] =>
    list.every((path) => path.length === 1) ? list.map((path) => path[0]) : list;
  if (!request.multi_select) return flat(paths([given(await select({ message: request.title, options }))]));
  return flat(
    paths(given(await multiselect({ message: request.title, options, required: request.min_selections > 0 }))),
  );
}

/** What can be chosen, in drawing order: items of a root array, items of arrays in an object, else the object's keys. */
function itemsOf(data: unknown): { path: Path; value: unknown }[] {
  if (Array.isArray(data)) return data.map((value: unknown, index) => ({ path: [index], value }));
  if (!isJsonObject(data)) return [];
  const lists = Object.entries(data).filter(([, value]) => Array.isArray(value));
  if (lists.length === 0) return Object.entries(data).map(([key, value]) => ({ path: [key], value }));
  return lists.flatMap(([key, list]) => (list as unknown[]).map((value, index) => ({ path: [key, index], value })));
}

function labelOf(value: unknown, path: Path): string {
  if (!isJsonObject(value)) return shown(value, 120);
  const named = ['label', 'title', 'name', 'id'].map((key) => value[key]).find((text) => typeof text === 'string');
  return `${path.length > 1 ? `${path[0]}: ` : ''}${named ?? shown(value, 120)}`;
}

type Form = Extract<InteractionRequest, { interaction_type: 'form_input' }>;

async function fillRows(request: Form): Promise<Record<string, unknown>[]> {
  const properties =
    isJsonObject(request.form_schema) && isJsonObject(request.form_schema.properties)
      ? request.form_schema.properties
      : {};
  const rows: Record<string, unknown>[] = [];
  for (const [index, defaults] of request.form_defaults.entries()) {
    const row: Record<string, unknown> = {};
    for (const [field, schema] of Object.entries(properties)) {
      const type = isJsonObject(schema) ? schema.type : 'string';
      const title = isJsonObject(schema) && typeof schema.title === 'string' ? schema.title : field;
      const start = defaults[field];
      const entered = given(
        await text({
          message: `${request.title}, ${index + 1}: ${title}`,
          initialValue: start === undefined ? '' : shown(start, 500),
        }),
      );
      row[field] = type === 'string' || entered === undefined ? (entered ?? '') : parsed(entered);
    }
    rows.push(row);
  }
  return rows;
}

function parsed(entered: string): unknown {
  try {
    return JSON.parse(entered);
  } catch {
    return entered;
  }
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
