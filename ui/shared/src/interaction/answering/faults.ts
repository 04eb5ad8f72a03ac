import { formFields, wordsOf } from '@wfm/workflow-engine/display';
import { isJsonObject, type InteractionRequest, type RuleFailure } from '@wfm/workflow-engine/models';
import type { useTranslations } from 'use-intl';
import { type FieldError, labelOf } from '../../schema/index.ts';
import { formSource, unknownForm } from '../answers/draft.ts';
import type { Option } from '../frame/options.ts';

/** Where in a card something is wrong: a field, of a row where there are several. */
export interface Place {
  readonly row?: number;
  readonly field: string;
}

/** Something that is wrong with an answer, in the page's language where the words are ours. */
export interface Fault {
  readonly id: string;
  readonly severity: RuleFailure['severity'];
  readonly message: string;
  /** The message is the author's own. */
  readonly isContent: boolean;
  readonly place?: Place;
  /** What the field is called, where a question has several. */
  readonly label?: string;
}

type Words = ReturnType<typeof useTranslations<'interaction'>>;

/** Failures as people read them (U8): by their code in the page's language, else as they were written. */
export function faultsOf(
  failures: readonly RuleFailure[],
  { request, option, words }: { request: InteractionRequest; option: Option | null; words: Words },
): Fault[] {
  const labels = failures.length > 0 ? labelsOf(request) : new Map<string, string>();
  return failures.map((failure): Fault => {
    const said = ourWords(failure, request, option, words);
    const place = failure.field === undefined ? undefined : placeOf(failure.field);
    const label = place && labels.get(place.field);
    return {
      id: failure.id,
      severity: failure.severity,
      message: said ?? failure.message,
      isContent: said === null,
      ...(place ? { place } : {}),
      ...(label === undefined ? {} : { label }),
    };
  });
}

function ourWords(
  { id, rule, params }: RuleFailure,
  request: InteractionRequest,
  option: Option | null,
  words: Words,
): string | null {
  if (rule === 'text_invalid' && request.interaction_type === 'text_input' && request.validation?.error) return null;
  const written = option?.validations.find((one) => one.id === id && one.rule === rule);
  if (written && written.message !== '') return null;
  const values: Record<string, string | number> = written ? { min: written.min ?? 1 } : plain(params ?? {});
  if (rule === 'selection_count') values['side'] = Number(values['actual']) < Number(values['min']) ? 'few' : 'many';
  const keyword = rule === 'form_invalid' ? params?.['keyword'] : undefined;
  const key = typeof keyword === 'string' ? `faults.${keyword}` : `faults.${rule}`;
  return words.has(key as never) ? words(key as never, values as never) : null;
}

/** What the fields of a form are called. */
function labelsOf(request: InteractionRequest): ReadonlyMap<string, string> {
  const schema = request.interaction_type === 'form_input' ? formSource(request).schema : unknownForm(request);
  if (schema === undefined) return new Map();
  return new Map(
    formFields(schema).map(({ name, schema: node, ui }) => [
      name,
      labelOf(ui['label'], node['title'], name) ?? wordsOf(name),
    ]),
  );
}

/** What can stand in a sentence. */
function plain(params: Record<string, unknown>): Record<string, string | number> {
  const values = Object.entries(params).map(([name, value]): [string, string | number] => {
    if (typeof value === 'number' || typeof value === 'string') return [name, value];
    return [name, Array.isArray(value) ? value.map(String).join(', ') : JSON.stringify(value)];
  });
  return Object.fromEntries(values);
}

/** `form_data[0].servings`, `form_data.0.servings`, `value`: the row and the field of the row. */
function placeOf(path: string): Place {
  const row = /^form_data(?:\[(\d+)\]|\.(\d+))(?:\.(.*))?$/s.exec(path);
  const rest = row ? (row[3] ?? '') : path;
  const field = /^[^.[]*/.exec(rest)?.[0] ?? '';
  return row ? { row: Number(row[1] ?? row[2]), field } : { field };
}

/** What is wrong with the fields of each row of a form. */
export function errorsByRow(faults: readonly Fault[]): ReadonlyMap<number, readonly FieldError[]> {
  const rows = new Map<number, FieldError[]>();
  for (const { place, message } of faults) {
    if (place === undefined) continue;
    const row = place.row ?? 0;
    rows.set(row, [...(rows.get(row) ?? []), { field: place.field, message }]);
  }
  return rows;
}

/** What is wrong with one field, of a question that has no rows. */
export function faultOf(faults: readonly Fault[], field: string): Fault | undefined {
  return faults.find(({ place }) => place?.row === undefined && place?.field === field);
}

export function hasErrors(faults: readonly Fault[]): boolean {
  return faults.some(({ severity }) => severity === 'error');
}

/** What was accepted in place of an answer that came too late (api.md). */
export function acceptedOf(details: unknown): Record<string, unknown> | null {
  const accepted = isJsonObject(details) ? details['accepted'] : undefined;
  return isJsonObject(accepted) ? accepted : null;
}
