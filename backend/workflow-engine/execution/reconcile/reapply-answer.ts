import { canonicalJson } from '../../definition/canonical-json.ts';
import type { CompiledModule } from '../../definition/compile-version.ts';
import { isWfmError } from '../../errors/index.ts';
import type { Origin } from '../../events/run-event.ts';
import { interactionAnswerSchema, type InteractionRequest } from '../../models/interaction.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import type { InteractiveModule, ModuleContext, PortName } from '../../modules/module.ts';
import { chosenOption, differingParts } from '../interaction.ts';
import { moduleKey } from '../run-state.ts';
import { validateAnswer } from '../validation.ts';
import type { RecordedAnswer } from './record-pool.ts';
import type { Reuse } from './reuse.ts';

/** An earlier answer that stands, or why the question has to be asked again (format.md 10.7.4, 10.9). */
export type Reapplied =
  | { kind: 'applied'; response: JsonObject; actionId: string; by: string; origin: Origin }
  | { kind: 'ask'; reason: 'no_record' | 'question_changed' | 'answer_invalid' | 'forced'; inputs?: string[] };

/** Decides whether the answer on record answers the question as it is now. Calls the module's intake, nothing else. */
export async function reapplyAnswer(options: {
  reuse: Reuse;
  compiled: CompiledModule;
  module: InteractiveModule;
  request: InteractionRequest;
  prepared: unknown;
  questionHash: string;
  context: ModuleContext<PortName>;
}): Promise<Reapplied> {
  const { reuse, compiled, module, questionHash, context } = options;
  const record = reuse.pool.claimAnswer(moduleKey(compiled.stepId, compiled.name), module.id, context.seed);
  if (!record?.answer) return { kind: 'ask', reason: 'no_record' };
  if (!reuse.autoReapply || reuse.force.has(compiled.path)) return { kind: 'ask', reason: 'forced' };
  const { answer } = record;
  const applied = (response: JsonObject, reason: string, inputs?: string[]): Reapplied => ({
    kind: 'applied',
    response,
    actionId: answer.actionId,
    by: answer.by,
    origin: {
      kind: 'answer_reapplied',
      reason,
      ...(record.completed ? { from: { branch_id: record.completed.branchId, seq: record.completed.seq } } : {}),
      ...(inputs ? { inputs } : {}),
    },
  });
  if (answer.questionHash === questionHash) return applied(answer.response, 'question_unchanged');
  const inputs = differingParts(answer.request, options.request);
  const translated = translate(answer, options.request);
  if (!translated) return { kind: 'ask', reason: 'question_changed', inputs };
  const response = await accepted(translated, answer, options);
  return response ? applied(response, 'answer_still_valid', inputs) : { kind: 'ask', reason: 'answer_invalid', inputs };
}

/** What a "yes" was said to: the answer to one of these says nothing about any other. */
const affirmed = ['data', 'message', 'file_name', 'file_content', 'file_content_type', 'file_destination'] as const;

/** The stored answer in terms of the new question; null where it cannot mean the same. */
function translate({ request: before, response }: RecordedAnswer, now: InteractionRequest): JsonObject | null {
  if (before.interaction_type !== now.interaction_type) return null;
  switch (now.interaction_type) {
    case 'select_from_structured':
      return withNewIndices(before, response, now);
    case 'form_input':
      return withNewRows(before, response, now);
    case 'review_grouped':
    case 'confirm':
    case 'file_download':
      return affirmed.every((field) => isSame(memberOf(before, field), memberOf(now, field))) ? response : null;
    default:
      return response;
  }
}

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);
const memberOf = (request: object, field: string): unknown => (request as JsonObject)[field];

/** A choice is found again by what was chosen. */
function withNewIndices(before: InteractionRequest, response: JsonObject, now: InteractionRequest): JsonObject | null {
  const chosen = response.selected_indices;
  const single = memberOf(now, 'multi_select') === false;
  if (!Array.isArray(chosen) || memberOf(before, 'multi_select') !== memberOf(now, 'multi_select')) return null;
  const paths: unknown[][] = single
    ? [chosen]
    : chosen.map((entry: unknown): unknown[] => (Array.isArray(entry) ? entry : [entry]));
  const key = selectKey(now.schema);
  const found: unknown[][] = [];
  // Of equal items each stands for one that was chosen: one of two that vanished took a choice away.
  const isTaken = (place: unknown[]): boolean => found.some((other) => isSame(other, place));
  for (const path of paths) {
    if (path.length === 0) continue;
    const at = findItem(now.data, valueAt(before.data, path), path, key, isTaken);
    if (!at) return null;
    found.push(at);
  }
  return { ...response, selected_indices: single ? (found[0] ?? []) : found };
}

/** A row of a form belongs to its item, wherever that stands now; an item that has no row has to be asked about. */
function withNewRows(before: InteractionRequest, response: JsonObject, now: InteractionRequest): JsonObject | null {
  const rows = response.form_data;
  const [items, newItems] = [before.data, now.data];
  if (!Array.isArray(rows) || !Array.isArray(items) || !Array.isArray(newItems)) return null;
  const taken = new Set<number>();
  const found: unknown[] = [];
  for (const [place, item] of (newItems as unknown[]).entries()) {
    const fits = (index: number): boolean => index in rows && !taken.has(index) && isSame(items[index], item);
    const index = fits(place) ? place : rows.findIndex((_row, other) => fits(other));
    if (index < 0) return null;
    taken.add(index);
    found.push(rows[index]);
  }
  return { ...response, form_data: found };
}

function selectKey(schema: unknown): string | null {
  const ui = isJsonObject(schema) && isJsonObject(schema.ui) ? schema.ui : {};
  const select = isJsonObject(ui.select) ? ui.select : {};
  return typeof select.key === 'string' ? select.key : null;
}

function valueAt(data: unknown, path: readonly unknown[]): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, String(key))) return undefined;
    value = (value as Record<string, unknown>)[String(key)];
  }
  return value;
}

/** Where the same item stands now, on the same level: by its key where it has one, else by equal value. */
function findItem(
  data: unknown,
  item: unknown,
  path: readonly unknown[],
  key: string | null,
  isTaken: (place: unknown[]) => boolean,
): unknown[] | null {
  if (item === undefined) return null;
  const within = path.slice(0, -1);
  const siblings = valueAt(data, within);
  const same = (candidate: unknown): boolean =>
    key !== null && isJsonObject(item) && isJsonObject(candidate) && item[key] !== undefined
      ? canonicalJson(item[key]) === canonicalJson(candidate[key] ?? null)
      : canonicalJson(item) === canonicalJson(candidate);
  const last = path.at(-1);
  if (Array.isArray(siblings)) {
    const fits = (index: number): boolean => same(siblings[index]) && !isTaken([...within, index]);
    // Of several equal items, the one that stands where it was is meant.
    const index =
      typeof last === 'number' && last < siblings.length && fits(last)
        ? last
        : siblings.findIndex((_sibling, place) => fits(place));
    return index < 0 ? null : [...within, index];
  }
  if (!isJsonObject(siblings) || typeof last !== 'string' || !Object.hasOwn(siblings, last)) return null;
  return same(siblings[last]) ? [...path] : null;
}

/** The answer as the module takes it in now, or null when it or a rule refuses it. */
async function accepted(
  translated: JsonObject,
  answer: RecordedAnswer,
  options: Parameters<typeof reapplyAnswer>[0],
): Promise<JsonObject | null> {
  const { module, request, prepared, context } = options;
  const parsed = interactionAnswerSchema.safeParse({ ...translated, action_id: answer.actionId });
  if (!parsed.success) return null;
  try {
    const { option } = chosenOption(parsed.data, request);
    if (option.mode !== 'continue') return null;
    const intake = await module.intake(parsed.data, { request, prepared }, context);
    if (intake.departure || intake.failures.length > 0 || intake.warnings.length > 0) return null;
    const verdict = validateAnswer(
      intake.response,
      option.validations ?? [],
      [],
      request as { multi_select?: unknown },
    );
    return verdict.errors.length > 0 || verdict.unconfirmed.length > 0 ? null : intake.response;
  } catch (error) {
    if (isWfmError(error)) return null;
    throw error;
  }
}
