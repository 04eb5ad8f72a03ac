import type { CompiledModule, CompiledVersion } from '../definition/compile-version.ts';
import { WfmError } from '../errors/index.ts';
import type { EventOf } from '../events/run-event.ts';
import type { JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import type {
  CallableModule,
  ConversationTurn,
  InteractiveModule,
  Module,
  ModuleContext,
  ModulePorts,
  PortName,
} from '../modules/module.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { Answerer } from './answerer.ts';
import { withDeadline } from './deadline.ts';
import { contentHash } from './hash.ts';
import { type Prepared, prepareModule } from './prepare-module.ts';
import { buildRequest, questionHash } from './interaction.ts';
import type { Journal } from './journal.ts';
import { callOf, withPorts } from './module-call.ts';
import { completeModule, failModule, keepCalls, type Started } from './outcome.ts';
import { type ReadOutputs, retryOverlay } from './retry-conversation.ts';
import { moduleKey, type RetryTurn } from './run-state.ts';
import type { ProgressHub } from './streaming.ts';
import { withRetries } from './with-retries.ts';
import { moduleContext, type RunIdentity } from './workflow-context.ts';

/** What performing a module needs besides its run (format.md 10.3). */
export interface PerformDeps {
  ports: ModulePorts;
  clock: Clock;
  ids: Ids;
  answerer: Answerer;
  progress: ProgressHub;
  /** Reads the outputs of an earlier completion, for the conversation of a retry. */
  readOutputs: ReadOutputs;
  /** The answer that a forked line offers again. */
  readAnswer: (runId: string, pointer: NonNullable<RetryTurn['completed']>) => Promise<unknown>;
}

export interface Performance {
  journal: Journal;
  version: CompiledVersion;
  run: RunIdentity;
  signal: AbortSignal;
}

/**
 * Executes one module: resolves its inputs, calls it, and puts what happened into the journal. A failure of the module
 * becomes `module_error` and `workflow_error`; only what concerns the execution itself is thrown (a lost lease, an
 * abort, storage).
 */
export async function performModule(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
): Promise<void> {
  const { journal } = performance;
  let started: Started;
  try {
    started = startModule(deps, performance, compiled, await prepareNow(deps, performance, compiled));
  } catch (error) {
    if (performance.signal.aborted) throw performance.signal.reason;
    failModule(journal, compiled, error, attemptOf(journal, compiled));
    return;
  }
  const { module } = started;
  const touchesOutside = module.kind === 'effect' || (module.ports?.length ?? 0) > 0;
  // An effect's outcome is stored before anything else is computed: a crash in a computation must not repeat the call.
  if (touchesOutside || journal.holdsEffect) await journal.flush();
  try {
    if (module.kind === 'interactive') await ask(deps, performance, compiled, module, started);
    else await call(deps, performance, compiled, module, started);
  } catch (error) {
    if (performance.signal.aborted) throw performance.signal.reason;
    keepCalls(journal, started.traces);
    failModule(journal, compiled, error, started.attempt);
  }
  if (module.kind === 'effect') journal.markEffect();
}

/** The answer phase of a question: the recorded inputs and the stored answer become outputs (format.md 10.4.8). */
export async function completeQuestion(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  response: JsonObject,
): Promise<void> {
  const { journal } = performance;
  const record = journal.state.modules.get(moduleKey(compiled.stepId, compiled.name));
  const open = journal.state.open;
  const module = compiled.module;
  const attempt = record?.attempt ?? 1;
  if (!open || module?.kind !== 'interactive') return;
  if (response.cancelled === true) {
    failModule(
      journal,
      compiled,
      new WfmError('interaction_cancelled', `The question "${open.request.title}" was cancelled.`),
      attempt,
    );
    return;
  }
  const started = begin(deps, performance, compiled, module, {
    inputs: journal.state.inputs?.inputs ?? {},
    inputHash: record?.inputHash ?? '',
    attempt,
    conversation: [],
  });
  if ((module.ports?.length ?? 0) > 0) await journal.flush();
  try {
    const outputs = await withDeadline(limits.effectMs, performance.signal, () =>
      module.complete(response, started.inputs, { request: open.request, prepared: open.prepared }, started.context),
    );
    completeModule(deps.clock, journal, compiled, started, outputs, { kind: 'executed', reason: 'no_record' });
  } catch (error) {
    if (performance.signal.aborted) throw performance.signal.reason;
    failModule(journal, compiled, error, attempt);
  }
}

/** A context of an open question's module, for the intake of its answer. */
export function intakeContext(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  module: Module,
): ModuleContext<PortName> {
  return begin(deps, performance, compiled, module, { inputs: {}, inputHash: '', attempt: 1, conversation: [] })
    .context;
}

/** Resolves a module's inputs as they are now; a retried module also sees its feedback and conversation. */
async function prepareNow(deps: PerformDeps, performance: Performance, compiled: CompiledModule): Promise<Prepared> {
  const { state } = performance.journal;
  const key = moduleKey(compiled.stepId, compiled.name);
  const retried = state.fork?.kind === 'retry' && state.fork.target === key;
  const seen = retried ? await retryOverlay(deps.readOutputs, state, key) : { state: state.flat, conversation: [] };
  return prepareModule({
    ...performance,
    llm: deps.ports.llm,
    compiled,
    now: deps.clock.now(),
    ...seen,
    override: retried ? (state.fork?.inputsOverride ?? null) : null,
  });
}

function startModule(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  prepared: Prepared,
): Started {
  const { journal } = performance;
  const { module, inputs, inputHash, now } = prepared;
  const attempt = attemptOf(journal, compiled);
  const started = begin(deps, performance, compiled, module, { ...prepared, attempt });
  journal.push(
    {
      type: 'module_started',
      step_id: compiled.stepId,
      module_name: compiled.name,
      attempt,
      data: {
        module_id: module.id,
        revision: module.revision,
        kind: module.kind,
        index: compiled.index,
        input_hash: inputHash,
        inputs,
        reason: reasonOf(journal, moduleKey(compiled.stepId, compiled.name)),
        warnings: prepared.warnings,
      },
    },
    now,
  );
  return started;
}

function begin(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  module: Module,
  own: {
    inputs: JsonObject;
    inputHash: string;
    attempt: number;
    conversation: readonly ConversationTurn[];
    state?: JsonObject;
    now?: Date;
  },
): Started {
  const { journal, run } = performance;
  const startedAt = deps.clock.monotonicMs();
  const { context, traces } = moduleContext({
    run,
    compiled,
    module,
    state: own.state ?? journal.state.flat,
    branchId: journal.state.branchId,
    branchIds: journal.state.branchIds,
    seed: own.inputHash,
    now: own.now ?? deps.clock.now(),
    attempt: own.attempt,
    idempotencyKey: contentHash([run.runId, journal.state.branchId, compiled.path, own.attempt]),
    conversation: own.conversation,
    signal: performance.signal,
    ports: deps.ports,
    newId: () => deps.ids.uuid(),
    publish: (update) => deps.progress.publish(run.runId, update),
    elapsedMs: () => Math.round(deps.clock.monotonicMs() - startedAt),
  });
  return { module, inputs: own.inputs, inputHash: own.inputHash, attempt: own.attempt, startedAt, context, traces };
}

/** The first try is 1; a resume after an error raises it; a crash does not (format.md 10.3.7). */
function attemptOf(journal: Journal, compiled: CompiledModule): number {
  const record = journal.state.modules.get(moduleKey(compiled.stepId, compiled.name));
  if (!record) return 1;
  return record.phase === 'failed' ? record.attempt + 1 : record.attempt;
}

function reasonOf(journal: Journal, key: string): string {
  const record = journal.state.modules.get(key);
  if (record?.phase === 'failed') return 'previous_failed';
  if (record) return 'interrupted';
  if (journal.state.fork?.kind === 'retry') return 'retry_requested';
  if (journal.state.fork?.kind === 'jump') return 'jump_requested';
  return 'no_record';
}

async function ask(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  module: InteractiveModule,
  started: Started,
): Promise<void> {
  const { journal, run } = performance;
  const instead = await withRetries(
    deps.clock,
    performance.signal,
    async () =>
      (await deps.answerer.instead?.(callOf({ run, flat: journal.state.flat }, compiled, module, started))) ?? null,
  );
  if (instead) {
    completeModule(deps.clock, journal, compiled, started, instead.outputs, instead.origin);
    return;
  }
  const asked = await withDeadline(limits.effectMs, performance.signal, () =>
    module.request(started.inputs, started.context),
  );
  keepCalls(journal, started.traces);
  if ('outputs' in asked) {
    completeModule(deps.clock, journal, compiled, started, asked.outputs, { kind: 'executed', reason: 'no_record' });
    return;
  }
  const interactionId = deps.ids.uuid();
  const earlier = journal.state.earlierAnswers.get(moduleKey(compiled.stepId, compiled.name));
  const previousAnswer = earlier ? await deps.readAnswer(journal.state.runId, earlier) : undefined;
  const request = buildRequest(asked.draft, compiled, { interactionId, previousAnswer });
  const data: EventOf<'interaction_requested'>['data'] = {
    interaction_id: interactionId,
    module_id: module.id,
    request,
    question_hash: questionHash(request),
  };
  if (asked.prepared !== undefined) data.prepared = asked.prepared;
  if (previousAnswer !== undefined) data.previous_answer = previousAnswer;
  journal.push({
    type: 'interaction_requested',
    step_id: compiled.stepId,
    module_name: compiled.name,
    attempt: started.attempt,
    data,
  });
}

async function call(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  module: CallableModule,
  started: Started,
): Promise<void> {
  const { journal, run } = performance;
  const deadline = module.timeoutMs ?? (module.kind === 'compute' ? limits.computeMs : limits.effectMs);
  const answered = await withRetries(deps.clock, performance.signal, () =>
    deps.answerer.answer(
      callOf({ run, flat: journal.state.flat }, compiled, module, started),
      (ports) =>
        // Compute is bounded by counted budgets, so that the same inputs end the same way on a slow machine too.
        module.kind === 'compute'
          ? Promise.resolve(module.run(started.inputs, withPorts(started.context, ports)))
          : withDeadline(deadline, performance.signal, (signal) =>
              module.run(started.inputs, { ...withPorts(started.context, ports), signal }),
            ),
    ),
  );
  started.traces.warnings.push(...(answered.warnings ?? []));
  keepCalls(journal, started.traces);
  const reason =
    answered.origin.kind === 'executed'
      ? { ...answered.origin, reason: startedReason(journal, compiled) }
      : answered.origin;
  completeModule(deps.clock, journal, compiled, started, answered.outputs, reason);
}

function startedReason(journal: Journal, compiled: CompiledModule): string {
  const record = journal.state.modules.get(moduleKey(compiled.stepId, compiled.name));
  if (record && record.attempt > 1) return 'previous_failed';
  if (journal.state.fork?.kind === 'retry') return 'retry_requested';
  if (journal.state.fork?.kind === 'jump') return 'jump_requested';
  return 'no_record';
}
