import { canonicalJson } from '../../definition/canonical-json.ts';
import type { CompiledModule } from '../../definition/compile-version.ts';
import { isWfmError } from '../../errors/index.ts';
import type { Origin } from '../../events/run-event.ts';
import { interactionAnswerSchema, type InteractionRequest } from '../../models/interaction.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import type { InteractiveModule, ModuleContext, PortName } from '../../modules/module.ts';
import { chosenOption } from '../interaction.ts';
import { moduleKey } from '../run-state.ts';
import { validateAnswer } from '../validation.ts';
import type { RecordedAnswer } from './record-pool.ts';
import type { Reuse } from './reuse.ts';

/** An earlier answer that stands, or why the question has to be asked again (format.md 10.7.4, 10.9). */
export type Reapplied =
  | { kind: 'applied'; response: JsonObject; actionId: string; by: string; origin: Origin }
  | { kind: 'ask'; reason: 'no_record' | 'question_changed' | 'answer_invalid' | 'forced' };

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
  const { reuse, compiled, module, questionHash } = options;
  const record = reuse.pool.claimAnswer(moduleKey(compiled.stepId, compiled.name), module.id);
  if (!record?.answer) return { kind: 'ask', reason: 'no_record' };
  if (!reuse.autoReapply || reuse.force.has(compiled.path)) return { kind: 'ask', reason: 'forced' };
  const { answer } = record;
  const applied = (response: JsonObject, reason: string): Reapplied => ({
    kind: 'applied',
    response,
    actionId: answer.actionId,
    by: answer.by,
    origin: {
      kind: 'answer_reapplied',
      reason,
      from: { branch_id: record.completed.branchId, seq: record.completed.seq },
    },
  });
  if (answer.questionHash === questionHash) return applied(answer.response, 'question_unchanged');
  const translated = translate(answer, options.request);
  if (!translated) return { kind: 'ask', reason: 'question_changed' };
  const response = await accepted(translated, answer, options);
  return response ? applied(response, 'answer_still_valid') : { kind: 'ask', reason: 'answer_invalid' };
}

/** The stored answer in terms of the new question; null where it cannot mean the same. */
function translate(answer: RecordedAnswer, now: InteractionRequest): JsonObject | null {
  const before = answer.request;
  if (before.interaction_type !== now.interaction_type) return null;
  if (!('multi_select' in before) || !('multi_select' in now)) return answer.response;
  const chosen = answer.response.selected_indices;
  if (!Array.isArray(chosen) || before.multi_select !== now.multi_select) return null;
  const single = !before.multi_select;
  const paths: unknown[][] = single
    ? [chosen]
    : chosen.map((entry: unknown): unknown[] => (Array.isArray(entry) ? entry : [entry]));
  const key = selectKey(now.schema);
  const found: unknown[] = [];
  for (const path of paths) {
    if (path.length === 0) continue;
    const at = findItem(now.data, valueAt(before.data, path), path, key);
    if (!at) return null;
    found.push(at);
  }
  return { ...answer.response, selected_indices: single ? (found[0] ?? []) : found };
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
function findItem(data: unknown, item: unknown, path: readonly unknown[], key: string | null): unknown[] | null {
  if (item === undefined) return null;
  const within = path.slice(0, -1);
  const siblings = valueAt(data, within);
  const same = (candidate: unknown): boolean =>
    key !== null && isJsonObject(item) && isJsonObject(candidate) && item[key] !== undefined
      ? canonicalJson(item[key]) === canonicalJson(candidate[key] ?? null)
      : canonicalJson(item) === canonicalJson(candidate);
  const last = path.at(-1);
  if (Array.isArray(siblings)) {
    // Of several equal items, the one that stands where it was is meant.
    const index = typeof last === 'number' && same(siblings[last]) ? last : siblings.findIndex(same);
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
    const verdict = validateAnswer(intake.response, option.validations ?? [], []);
    return verdict.errors.length > 0 || verdict.unconfirmed.length > 0 ? null : intake.response;
  } catch (error) {
    if (isWfmError(error)) return null;
    throw error;
  }
}
