import type { CompiledModule, CompiledVersion } from '../../definition/compile-version.ts';
import { analyseState } from '../../definition/state-keys.ts';
import { hasCode, isWfmError } from '../../errors/index.ts';
import type { Plan, PlanEntry } from '../../models/virtual.ts';
import type { InteractiveModule, Module } from '../../modules/module.ts';
import type { ModuleRegistry } from '../../modules/registry.ts';
import type { LoadedRun, Reconcile } from '../commands.ts';
import { buildRequest, questionHash } from '../interaction.ts';
import { Journal } from '../journal.ts';
import { checkTarget } from '../navigation.ts';
import { next } from '../next.ts';
import { type Prepared, prepareModule } from '../prepare-module.ts';
import { heldPrepared } from '../prepare-question.ts';
import { seenBy } from '../retry-conversation.ts';
import { moduleKey } from '../run-state.ts';
import { mapOutputs } from '../state-mapping.ts';
import { moduleContext, modeOfModule, stagedOrigin } from '../workflow-context.ts';
import { reapplyAnswer } from './reapply-answer.ts';
import { identityUnder, prefixFor, type ReconcileDeps } from './reconcile.ts';
import { RecordPool } from './record-pool.ts';
import { addLeftLines, readWhole, type Reuse, whyExecuted } from './reuse.ts';
import { planIdOf, switchVersion } from './switch-version.ts';
import { takeOver } from './take-over.ts';
import { stepCompleted, stepStarted } from '../step-events.ts';

type Fate = Pick<PlanEntry, 'action' | 'reason' | 'inputs' | 'cost_usd'>;

interface Walk {
  deps: ReconcileDeps;
  run: LoadedRun;
  version: CompiledVersion;
  identity: LoadedRun['identity'];
  /** Never flushed: it only folds what would be appended. */
  journal: Journal;
  reuse: Reuse;
  fates: Map<string, Fate>;
  /** Root keys of flat state that nobody knows before something has run. */
  unknown: Set<string>;
  reads: Map<string, string[]>;
}

/**
 * What moving a run to a version would do, module by module in the order of the version (format.md 10.7). Calls no
 * model, no address and no store for writing. What depends on a module that has to run is not guessed. Throws
 * `step_not_found` and `module_not_found` for the target.
 */
export async function planReconcile(
  deps: ReconcileDeps,
  registry: ModuleRegistry,
  params: Reconcile,
  run: LoadedRun,
  version: CompiledVersion,
): Promise<Plan> {
  const target = params.target ?? null;
  if (target) checkTarget(version, target.stepId, target.moduleName);
  const prefix = await prefixFor(deps, run, version, params);
  const planId = planIdOf(run.state, version, target);
  const { loader, perform } = deps;
  const options = { autoReapply: params.autoReapply !== false, force: params.force ?? [] };
  const { state } = await switchVersion({
    run,
    version,
    prefix,
    planId,
    ...options,
    loader,
    clock: perform.clock,
    ids: perform.ids,
  });
  const identity = identityUnder(run, version, params);
  const { branchId, runId } = run.state;
  const branches = new Map((await deps.runs.branches({ runId })).map((row) => [row.branch_id, row]));
  const pool = new RecordPool();
  pool.addLine(await readWhole(deps, runId, branchId), prefix.forkSeq);
  await addLeftLines(deps, runId, pool, branches.get(branchId), branches);
  pool.addKept((await perform.effects?.list({ runId })) ?? []);
  const walk: Walk = {
    deps,
    run,
    version,
    identity,
    journal: new Journal({
      stores: deps.stores,
      loader,
      clock: perform.clock,
      version,
      timezone: identity.timezone,
      state,
      fence: null,
    }),
    reuse: { pool, autoReapply: options.autoReapply, force: new Set(options.force), written: new Set() },
    fates: new Map(),
    unknown: new Set(),
    reads: readsByModule(version, registry),
  };
  for (const module of version.steps.flatMap((step) => step.modules)) {
    const record = state.modules.get(moduleKey(module.stepId, module.name));
    if (record?.phase !== 'completed') continue;
    walk.fates.set(
      module.path,
      record.interactionId === null
        ? { action: 'reused', reason: 'inputs_unchanged' }
        : { action: 'answer_reapplied', reason: 'question_unchanged' },
    );
  }
  const rest = await walkOn(walk, params.target);
  return planOf(walk, planId, rest);
}

/** Walks until the target, the end, or a question that somebody has to answer; why what comes after is not reached. */
async function walkOn(walk: Walk, target: Reconcile['target']): Promise<string> {
  const { journal, version } = walk;
  for (;;) {
    const step = next(journal.state, version, target);
    switch (step.kind) {
      case 'start_step':
        journal.push(stepStarted(step.step));
        break;
      case 'complete_step':
        journal.push(stepCompleted(step.step));
        break;
      case 'execute': {
        const fate = (await fateOf(walk, step.module)) ?? failingFate(walk);
        walk.fates.set(step.module.path, fate);
        if (fate === failing) return 'after_error';
        if (fate.action === 'asked_again') return 'after_question';
        // Whether an unknown question stops the run cannot be told, so nothing after it can.
        if (fate.action === 'not_reached' && step.module.module?.kind === 'interactive') return 'depends_on_unknown';
        if (fate.action !== 'reused' && fate.action !== 'answer_reapplied') passUnknown(walk, step.module);
        break;
      }
      case 'ask': {
        const open = walk.version.steps
          .flatMap((known) => known.modules)
          .find((module) => moduleKey(module.stepId, module.name) === journal.state.open?.key);
        if (open) walk.fates.set(open.path, { action: 'asked_again', reason: 'no_record' });
        return 'after_question';
      }
      case 'fail':
        return 'after_error';
      default:
        return 'after_target';
    }
  }
}

/** Of a module that can be seen to fail when it runs. */
const failing: Fate = { action: 'executed', reason: 'no_record' };
const unknown: Fate = { action: 'not_reached', reason: 'depends_on_unknown' };

/** A module that cannot be prepared may do better with what is not known yet; else the run ends with it. */
function failingFate({ unknown: keys }: Walk): Fate {
  return keys.size > 0 ? unknown : failing;
}

/** Null where the module cannot even be prepared, or cannot ask. */
async function fateOf(walk: Walk, compiled: CompiledModule): Promise<Fate | null> {
  const { journal, reuse, deps } = walk;
  if ((walk.reads.get(compiled.path) ?? []).some((key) => walk.unknown.has(key))) return unknown;
  const key = moduleKey(compiled.stepId, compiled.name);
  const record = reuse.pool.at(key);
  let prepared: Prepared;
  try {
    const now = record ? new Date(record.startedAt) : deps.perform.clock.now();
    const seen = await seenBy(deps.perform.readOutputs, journal.state, key);
    prepared = prepareModule({
      compiled,
      version: walk.version,
      run: walk.identity,
      llm: deps.perform.ports.llm,
      now,
      ...seen,
    });
  } catch {
    return null;
  }
  const why = whyExecuted(reuse, compiled.path, key, prepared);
  if (takeOver(journal, reuse, compiled, prepared)) {
    const { origin } = journal.lastCompletion();
    return { action: 'reused', reason: origin.reason };
  }
  const staged = stagedOrigin(walk.identity, compiled);
  if (staged) return { action: staged.kind, reason: staged.reason };
  if (prepared.module.kind === 'interactive') {
    try {
      return await askedFate(walk, compiled, prepared.module, prepared);
    } catch (error) {
      if (!isWfmError(error) || hasCode(error, 'storage_unavailable')) throw error;
      return null;
    }
  }
  for (const store of prepared.module.writesStores ?? []) reuse.written.add(store);
  if (modeOfModule(walk.identity, compiled) === 'mock' && leavesTheHouse(prepared.module)) {
    return { action: 'mocked', reason: compiled.node.mock_output ? 'mock_output' : 'mock_generated', ...partsOf(why) };
  }
  const cost = record?.usage?.cost_usd;
  return { action: 'executed', ...why, ...(cost === undefined ? {} : { cost_usd: cost }) };
}

async function askedFate(
  walk: Walk,
  compiled: CompiledModule,
  module: InteractiveModule,
  prepared: Prepared,
): Promise<Fate> {
  const { journal, deps, identity, reuse } = walk;
  const { context } = moduleContext({
    run: identity,
    compiled,
    module,
    state: prepared.state,
    branchId: journal.state.branchId,
    branchIds: journal.state.branchIds,
    seed: prepared.inputHash,
    now: prepared.now,
    attempt: 1,
    idempotencyKey: 'plan',
    conversation: [],
    signal: new AbortController().signal,
    // A question that keeps a file keeps it when it is asked, not when it is planned.
    ports: { ...deps.perform.ports, files: { ...deps.perform.ports.files, put: ({ file }) => Promise.resolve(file) } },
    newId: () => deps.perform.ids.uuid(),
    publish: () => undefined,
    elapsedMs: () => 0,
  });
  const { conversation } = prepared;
  const held = module.prepare
    ? heldPrepared(reuse.pool, moduleKey(compiled.stepId, compiled.name), module, prepared.inputs, {
        run: identity,
        compiled,
        conversation,
      })
    : undefined;
  // What a question needs is made when it is asked; until then nobody knows what it will be about.
  if (held === null) return { action: 'asked_again', reason: 'question_changed' };
  const asked = await module.request(prepared.inputs, context, held);
  if ('outputs' in asked) return { action: 'executed', reason: 'no_record' };
  const request = buildRequest(asked.draft, compiled, { interactionId: 'plan' });
  const again = await reapplyAnswer({
    reuse,
    compiled,
    module,
    request,
    prepared: held,
    questionHash: questionHash(request),
    context,
  });
  if (again.kind === 'ask') return { action: 'asked_again', reason: again.reason, ...partsOf(again) };
  const outputs = await module.complete(again.response, prepared.inputs, { request, prepared: held }, context);
  journal.push({
    type: 'module_completed',
    step_id: compiled.stepId,
    module_name: compiled.name,
    data: {
      outputs,
      state_mapped: mapOutputs(compiled.node.outputs_to_state, outputs, journal.state.flat),
      input_hash: prepared.inputHash,
      origin: again.origin,
      duration_ms: 0,
      warnings: [],
    },
  });
  return { action: 'answer_reapplied', reason: again.origin.reason, ...partsOf(again.origin) };
}

function partsOf({ inputs }: { inputs?: string[] | undefined }): Pick<Fate, 'inputs'> {
  return inputs ? { inputs } : {};
}

/** Goes past a module whose outputs nobody knows yet. */
function passUnknown(walk: Walk, compiled: CompiledModule): void {
  walk.unknown.add(compiled.name);
  for (const target of Object.values(compiled.node.outputs_to_state)) walk.unknown.add(target.split('.')[0] ?? target);
  walk.journal.push({
    type: 'module_completed',
    step_id: compiled.stepId,
    module_name: compiled.name,
    data: {
      outputs: {},
      state_mapped: {},
      input_hash: '',
      origin: { kind: 'executed', reason: 'no_record' },
      duration_ms: 0,
      warnings: [],
    },
  });
}

/** Root state keys that each module reads, by path. */
function readsByModule({ workflow, steps }: CompiledVersion, registry: ModuleRegistry): Map<string, string[]> {
  const reads = new Map<string, string[]>(steps.flatMap((step) => step.modules.map((module) => [module.path, []])));
  for (const read of analyseState(workflow, registry).reads) {
    if (read.by === 'client' || read.by === 'late' || read.step_id === undefined) continue;
    reads.get(`${read.step_id}/${read.module_name ?? ''}`)?.push(read.path[0] ?? '');
  }
  return reads;
}

function planOf({ version, fates }: Walk, planId: string, rest: string): Plan {
  const modules = version.steps.flatMap((step) =>
    step.modules.map(({ stepId, name, path, module }) => {
      const fate = fates.get(path) ?? { action: 'not_reached' as const, reason: rest };
      return {
        entry: { step_id: stepId, module_name: name, duration_ms: 0, ...fate },
        asks: module !== undefined && leavesTheHouse(module),
      };
    }),
  );
  const paid = modules.filter(({ entry, asks }) => asks && entry.action === 'executed');
  return {
    plan_id: planId,
    modules: modules.map(({ entry }) => entry),
    likely_cost_usd: paid.reduce((sum, { entry }) => sum + (entry.cost_usd ?? 0), 0),
    cost_unknown: paid.filter(({ entry }) => entry.cost_usd === undefined).length,
  };
}

/** True for what a mock stands in for, and what costs (format.md 17.2). */
function leavesTheHouse(module: Module): boolean {
  return module.kind === 'job' || (module.kind === 'effect' && module.ownStore !== true);
}
