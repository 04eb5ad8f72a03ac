import { contentFamily, type InteractionRequest, isJsonObject } from '@wfm/workflow-engine/models';
import type { HistoryRecord } from '../model/run-api.ts';

/** What a folded card says of its answer: texts of the author or the person, or a word of ours. */
export type AnswerSummary =
  | { kind: 'words'; word: 'accepted' | 'confirmed' | 'chosenMade' | 'nothing' | 'cancelled' }
  | { kind: 'texts'; texts: string[]; more: number }
  /** Addresses of chosen pictures. */
  | { kind: 'pictures'; urls: string[]; more: number };

const MOST_TEXTS = 3;
const LONGEST = 160;

/** One line about what was answered. */
export function summarise({ request: asked, response }: HistoryRecord): AnswerSummary {
  const request = asked as InteractionRequest;
  if (!response) return { kind: 'words', word: 'nothing' };
  if (response.cancelled === true) return { kind: 'words', word: 'cancelled' };
  switch (request.interaction_type) {
    case 'select_from_structured': {
      const items = chosenItems(request.data, response.selected_indices, request.multi_select);
      return pictures(items.map(({ item }) => item)) ?? texts(items.map(({ item, name }) => labelOf(item) ?? name));
    }
    case 'review_grouped':
      return { kind: 'words', word: 'accepted' };
    case 'confirm':
      return { kind: 'words', word: 'confirmed' };
    case 'text_input':
      return texts([response.value]);
    case 'form_input':
      return texts(formTexts(response.form_data));
    case 'file_input':
      return texts([response.filename ?? response.value]);
    case 'file_download':
      return texts([response.file_path ?? request.file_name]);
    case 'media_generation':
      return chosenMade(request.generations, response.selected_content_id);
    default:
      return texts([JSON.stringify(response)]);
  }
}

function texts(values: readonly unknown[]): AnswerSummary {
  const said = values.map(textOf).filter((text) => text !== '');
  if (said.length === 0) return { kind: 'words', word: 'nothing' };
  return { kind: 'texts', texts: said.slice(0, MOST_TEXTS), more: Math.max(0, said.length - MOST_TEXTS) };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.startsWith('data:') || text.startsWith('upload:')) return '…';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Pictures are known by how they look; undefined where something else is among them. */
function pictures(items: readonly unknown[]): AnswerSummary | undefined {
  if (items.length === 0 || !items.every((item) => contentFamily(item) === 'image')) return undefined;
  const urls = items.map((item) => (item as { url: string }).url);
  return { kind: 'pictures', urls: urls.slice(0, MOST_TEXTS), more: Math.max(0, urls.length - MOST_TEXTS) };
}

function chosenMade(generations: Record<string, unknown>, id: unknown): AnswerSummary {
  if (typeof id !== 'string') return { kind: 'words', word: 'nothing' };
  const made = Object.values(generations)
    .flat()
    .flatMap((generation) => (isJsonObject(generation) ? generation['content_items'] : []));
  const chosen = made.filter((item) => isJsonObject(item) && item['content_id'] === id);
  return pictures(chosen) ?? { kind: 'words', word: 'chosenMade' };
}

/** The chosen items. Canonical selections are paths, or a path where only one may be chosen (format.md 11.4). */
function chosenItems(data: unknown, selected: unknown, multi: boolean): { item: unknown; name: unknown }[] {
  if (!Array.isArray(selected) || selected.length === 0) return [];
  const paths: unknown[] = multi ? selected : [selected];
  return paths.map((path) => {
    let item: unknown = data;
    for (const key of Array.isArray(path) ? path : [path])
      item = typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[String(key)] : undefined;
    return { item, name: Array.isArray(path) ? path.join(' › ') : path };
  });
}

const namedLike = ['title', 'name', 'label', 'headline', 'text', 'id'];

/** The text by which an item is known: a field that is named so, else its first text. */
function labelOf(item: unknown): string | undefined {
  if (typeof item === 'string' || typeof item === 'number') return String(item);
  if (typeof item !== 'object' || item === null) return undefined;
  const fields = item as Record<string, unknown>;
  const named = namedLike.map((name) => fields[name]).find((value) => typeof value === 'string' && value !== '');
  return (named ?? Object.values(fields).find((value) => typeof value === 'string' && value !== '')) as
    | string
    | undefined;
}

function formTexts(form: unknown): unknown[] {
  const rows: unknown[] = Array.isArray(form) ? form : Object.values((form as object | undefined) ?? {});
  return rows.map((row) =>
    typeof row === 'object' && row !== null
      ? Object.entries(row)
          .filter(([name, value]) => !name.startsWith('_') && value !== null && value !== '')
          .map(([name, value]) => `${name}: ${textOf(value)}`)
          .join(', ')
      : row,
  );
}
