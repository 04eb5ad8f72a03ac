import type { CompiledModule } from '../definition/compile-version.ts';
import { WfmError } from '../errors/index.ts';
import type { EventOf } from '../events/run-event.ts';
import type { JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import type { CallableModule, InteractiveModule, Module, ModuleContext, PortName } from '../modules/module.ts';
import { annotateQuestion, noteAnswer } from './addons.ts';
import { begin, type PerformDeps, type Performance } from './begin-module.ts';
import { withDeadline } from './deadline.ts';
import { notRegistered, type Prepared, prepareModule } from './prepare-module.ts';
import { prepareQuestion } from './prepare-question.ts';
import { reapplyAnswer } from './reconcile/reapply-answer.ts';
import { whyExecuted } from './reconcile/reuse.ts';
import { takeOver } from './reconcile/take-over.ts';
import { buildRequest, questionHash } from './interaction.ts';
import type { Journal } from './journal.ts';
import { callOf, withPorts } from './module-call.ts';
import { completeModule, failModule, keepCalls, type Started } from './outcome.ts';
import { seenBy } from './retry-conversation.ts';
import { moduleKey } from './run-state.ts';
import { currentQuestion } from './sub-action/current-question.ts';
import { answeredInstead, enqueueJob } from './tasks/perform-job.ts';
import { withRetries } from './with-retries.ts';

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
  const { journal, reuse } = performance;
  let started: Started;
  try {
    const record = reuse?.pool.at(moduleKey(compiled.stepId, compiled.name));
    // A record is recognised by what `now()` showed it then; what runs sees the time it runs at.
    const instant = record ? new Date(record.startedAt) : deps.clock.now();
    const prepared = await prepareAt(deps, performance, compiled, instant);
    if (reuse && takeOver(journal, reuse, compiled, prepared)) return;
    const why = reasonOf(performance, compiled, prepared);
    const current = record ? await prepareAt(deps, performance, compiled, deps.clock.now()) : prepared;
    started = startModule(deps, performance, compiled, current, why);
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
    else if (module.kind === 'job') await enqueueJob(deps, performance, compiled, module, started);
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
  const open = await currentQuestion(deps, { ...performance, state: journal.state });
  const module = compiled.module;
  const attempt = record?.attempt ?? 1;
  if (!open) throw new TypeError('no question is open');
  if (module?.kind !== 'interactive') {
    failModule(journal, compiled, notRegistered(compiled), attempt);
    return;
  }
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
  started.traces.warnings.push(...open.warnings);
  if ((module.ports?.length ?? 0) > 0) await journal.flush();
  try {
    const outputs = await withDeadline(limits.effectMs, performance.signal, () =>
      module.complete(response, started.inputs, { request: open.request, prepared: open.prepared }, started.context),
    );
    await noteAnswer({ ...performance, compiled, usage: deps.usage }, started, response);
    const given = open.origin && open.origin.kind !== 'executed' ? open.origin : null;
    completeModule(deps.clock, journal, compiled, started, outputs, given ?? { kind: 'executed', reason: 'no_record' });
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

/** Resolves a module's inputs as they are at an instant; a retried module also sees its feedback and conversation. */
async function prepareAt(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  now: Date,
): Promise<Prepared> {
  const { state } = performance.journal;
  const seen = await seenBy(deps.readOutputs, state, moduleKey(compiled.stepId, compiled.name));
  return prepareModule({ ...performance, llm: deps.ports.llm, compiled, now, ...seen });
}

function startModule(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  prepared: Prepared,
  why: Started['why'],
): Started {
  const { journal } = performance;
  const { module, inputs, inputHash, now } = prepared;
  const attempt = attemptOf(journal, compiled);
  const started = begin(deps, performance, compiled, module, { ...prepared, attempt, why });
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
        ...(prepared.editedInputs.length > 0 ? { edited_inputs: prepared.editedInputs } : {}),
        inputs,
        reason: why.reason,
        ...(why.inputs ? { inputs_changed: why.inputs } : {}),
        ...(Object.keys(prepared.reads).length > 0 ? { reads: prepared.reads } : {}),
        warnings: prepared.warnings,
      },
    },
    now,
  );
  return started;
}

/** The first try is 1; a resume after an error raises it; a crash does not (format.md 10.3.7). */
function attemptOf(journal: Journal, compiled: CompiledModule): number {
  const record = journal.state.modules.get(moduleKey(compiled.stepId, compiled.name));
  if (!record) return 1;
  return record.phase === 'failed' ? record.attempt + 1 : record.attempt;
}

function reasonOf({ journal, reuse }: Performance, compiled: CompiledModule, prepared: Prepared): Started['why'] {
  const key = moduleKey(compiled.stepId, compiled.name);
  const record = journal.state.modules.get(key);
  if (record?.phase === 'failed') return { reason: 'previous_failed' };
  if (record) return { reason: 'interrupted' };
  if (reuse) return whyExecuted(reuse, compiled.path, key, prepared);
  if (journal.state.fork?.kind === 'retry') return { reason: 'retry_requested' };
  if (journal.state.fork?.kind === 'jump') return { reason: 'jump_requested' };
  return { reason: 'no_record' };
}

async function ask(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  module: InteractiveModule,
  started: Started,
): Promise<void> {
  const { journal } = performance;
  const instead = await answeredInstead(deps, performance, compiled, started);
  if (instead) {
    completeModule(deps.clock, journal, compiled, started, instead.outputs, instead.origin);
    return;
  }
  const prepared = await prepareQuestion(deps, performance, compiled, module, started);
  const asked = await withDeadline(limits.effectMs, performance.signal, async () =>
    module.request(started.inputs, started.context, prepared),
  );
  keepCalls(journal, started.traces);
  if ('outputs' in asked) {
    completeModule(deps.clock, journal, compiled, started, asked.outputs, { kind: 'executed', ...started.why });
    return;
  }
  const interactionId = deps.ids.uuid();
  const plain = buildRequest(asked.draft, compiled, { interactionId });
  const hash = questionHash(plain);
  const { context } = started;
  const { reuse } = performance;
  const again = reuse
    ? await reapplyAnswer({
        reuse,
        compiled,
        module,
        request: plain,
        prepared,
        questionHash: hash,
        context,
      })
    : null;
  const earlier = journal.state.earlierAnswers.get(moduleKey(compiled.stepId, compiled.name));
  const offered =
    earlier && again?.kind !== 'applied' ? await deps.readAnswer(journal.state.runId, earlier) : undefined;
  const data: EventOf<'interaction_requested'>['data'] = {
    interaction_id: interactionId,
    module_id: module.id,
    request: { ...plain, ...(offered === undefined ? {} : { previous_answer: offered }) },
    question_hash: hash,
  };
  const marked = await annotateQuestion(
    { ...performance, compiled, usage: deps.usage },
    module,
    asked.draft,
    context.now,
  );
  if (marked.annotations && data.request) data.request.annotations = marked.annotations;
  const warnings = [...started.traces.warnings, ...marked.warnings];
  if (warnings.length > 0) data.warnings = warnings;
  if (again?.kind === 'ask') {
    data.reason = again.reason;
    if (again.inputs) data.inputs_changed = again.inputs;
  }
  if (prepared !== undefined) data.prepared = prepared;
  if (offered !== undefined) data.previous_answer = offered;
  const where = { step_id: compiled.stepId, module_name: compiled.name, attempt: started.attempt };
  journal.push({ type: 'interaction_requested', ...where, data });
  if (again?.kind !== 'applied') return;
  const { response, actionId, by, origin } = again;
  journal.push({
    type: 'interaction_response',
    ...where,
    data: { interaction_id: interactionId, response, action_id: actionId, by, origin },
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
    deps.answerer.answer(callOf({ run, flat: journal.state.flat }, compiled, module, started), (ports) =>
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
  const origin = answered.origin.kind === 'executed' ? { ...answered.origin, ...started.why } : answered.origin;
  completeModule(deps.clock, journal, compiled, started, answered.outputs, origin);
}
