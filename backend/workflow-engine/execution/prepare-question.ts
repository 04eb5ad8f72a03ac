import type { CompiledModule } from '../definition/compile-version.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import type { ConversationTurn, InteractiveModule } from '../modules/module.ts';
import { plainJson } from '../modules/plain-json.ts';
import type { PerformDeps, Performance } from './begin-module.ts';
import { withDeadline } from './deadline.ts';
import { contentHash } from './hash.ts';
import { callOf } from './module-call.ts';
import type { Started } from './outcome.ts';
import type { RecordPool } from './reconcile/record-pool.ts';
import { type ModuleKey, moduleKey } from './run-state.ts';
import { withRetries } from './with-retries.ts';
import { modeOfModule, type RunIdentity } from './workflow-context.ts';

/** `prepare_hash` (format.md 10.6): what the prepare phase of a question is made of. */
function prepareHash(
  module: InteractiveModule,
  inputs: JsonObject,
  {
    run,
    compiled,
    conversation,
  }: { run: RunIdentity; compiled: CompiledModule; conversation: readonly ConversationTurn[] },
): string {
  return contentHash({
    module: module.id,
    revision: module.revision,
    inputs: module.prepare?.madeOf(inputs) ?? {},
    conversation,
    mode: modeOfModule(run, compiled),
  });
}

/** What an earlier line prepared for this module's question, where it still holds (format.md 10.7.5). */
export function heldPrepared(
  pool: RecordPool,
  key: ModuleKey,
  module: InteractiveModule,
  inputs: JsonObject,
  of: { run: RunIdentity; compiled: CompiledModule; conversation: readonly ConversationTurn[] },
): JsonObject | null {
  const kept = pool.preparedAt(key);
  return isJsonObject(kept) && kept.prepare_hash === prepareHash(module, inputs, of) ? kept : null;
}

/**
 * The effect that a question needs before it can be asked, done once per `prepare_hash`; a preview may mock it. Undefined
 * where the module has none.
 */
export async function prepareQuestion(
  deps: PerformDeps,
  { journal, run, signal, reuse }: Performance,
  compiled: CompiledModule,
  module: InteractiveModule,
  started: Started,
): Promise<JsonObject | undefined> {
  const { prepare } = module;
  if (!prepare) return undefined;
  const { inputs, context } = started;
  const of = { run, compiled, conversation: context.conversation };
  const key = moduleKey(compiled.stepId, compiled.name);
  const held = reuse && !reuse.force.has(compiled.path) ? heldPrepared(reuse.pool, key, module, inputs, of) : null;
  if (held) return held;
  const hash = prepareHash(module, inputs, of);
  const call = {
    ...callOf({ run, flat: journal.state.flat }, compiled, module, started),
    mode: context.mode,
    seed: hash,
  };
  const work = () =>
    withDeadline(prepare.timeoutMs ?? limits.effectMs, signal, async (own) =>
      prepare.run(inputs, { ...context, signal: own }),
    );
  const made = await withRetries(deps.clock, signal, async () =>
    deps.answerer.prepare ? deps.answerer.prepare({ ...call, schema: prepare.schema(inputs, context) }, work) : work(),
  );
  journal.markEffect();
  const plain = plainJson(made, `what ${module.id} prepared`, 'prepared') as JsonObject;
  return { ...plain, prepare_hash: hash };
}
