import type { CompiledVersion } from '../definition/compile-version.ts';
import { hasCode, WfmError } from '../errors/index.ts';
import type { WorkflowResponse } from '../models/execution.ts';
import type { Plan } from '../models/virtual.ts';
import type { AiConfig } from '../modules/module.ts';
import type { BranchRow, LeaseClaim } from '../ports/run-store.ts';
import { isEnded, runNotFoundError } from '../ports/store-rules.ts';
import { realAnswerer } from './answerer.ts';
import { Executions } from './executions.ts';
import { Journal, LineMoved, RunExists } from './journal.ts';
import { checkTarget, departureEvent, isRepeated, runEnded } from './navigation.ts';
import { assertCurrent } from './branches/current-branch.ts';
import { eventsAfter } from './event-after.ts';
import { assertBranchRoom, createBranch } from './new-branch.ts';
import { newRun } from './new-run.ts';
import { modulePorts } from './module-ports.ts';
import { isGoing, statusOf } from './next.ts';
import type { PerformDeps } from './begin-module.ts';
import { projectionOf } from './projection.ts';
import { type Outcome, responseOf } from './response.ts';
import { decideAnswer } from './respond.ts';
import { planReconcile } from './reconcile/plan.ts';
import { decideReconcile, type ReconcileDeps } from './reconcile/reconcile.ts';
import { RunLoader } from './run-loader.ts';
import { copyState, type RunState, successorOf } from './run-state.ts';
import type { ProcessorOptions } from './processor-options.ts';
import { ProgressHub } from './streaming.ts';
import { CompiledVersions } from './compiled-versions.ts';
import { endingOfSubActions } from './sub-action/closing.ts';
import { withCurrentQuestion } from './sub-action/current-question.ts';
import { Setbacks } from './setbacks.ts';
import { sweepRuns } from './sweep.ts';
import { TaskReports } from './tasks/task-reports.ts';
import { stopWork } from './tasks/stop-work.ts';
import { SubActions } from './sub-action/sub-actions.ts';
import { identityOf, type RunIdentity } from './workflow-context.ts';
import type { Caller, Decision, Depart, LoadedRun, Reconcile, Respond, StartRun } from './commands.ts';

/** How an execution ended, with the state at its end where this process has it. */
type Executed = Outcome & { state?: RunState };

const DEFAULT_LEASE = { ttlMs: 10_000, renewMs: 3_000 };

/**
 * Runs workflows over the stores it is given (architecture.md 3.2). Production and preview use this very class over
 * different stores. It keeps nothing that the log does not hold: any process can take any run up at any time.
 */
export class WorkflowProcessor {
  readonly options: ProcessorOptions;
  readonly loader: RunLoader;
  readonly progress = new ProgressHub();
  readonly deps: PerformDeps;
  readonly setbacks: Setbacks;
  /** Work started from open questions (format.md 13). */
  readonly subActions: SubActions;
  /** How background tasks come back to their runs (format.md 21). */
  readonly tasks: TaskReports;
  readonly #executions: Executions;
  readonly #versions: CompiledVersions;

  constructor(options: ProcessorOptions) {
    this.options = options;
    const { database, clock, ids } = options;
    this.#versions = new CompiledVersions(database.definitions, options.registry);
    this.loader = new RunLoader({ runs: database.runs, content: database.content });
    this.deps = {
      ports: modulePorts(options),
      usage: database.usage,
      tasks: database.tasks,
      effects: database.effects ?? null,
      clock,
      ids,
      answerer: options.answerer ?? realAnswerer,
      progress: this.progress,
      readOutputs: async (runId, at) => (await this.loader.readEvent(runId, at, 'module_completed')).data.outputs ?? {},
      readAnswer: async (runId, at) => (await this.loader.readEvent(runId, at, 'interaction_response')).data.response,
    };
    this.setbacks = new Setbacks(clock);
    this.#executions = new Executions({
      deps: this.deps,
      runs: database.runs,
      loader: this.loader,
      clock,
      lease: options.lease ?? DEFAULT_LEASE,
      setbacks: this.setbacks,
      onFault: options.onFault ?? (() => undefined),
    });
    this.subActions = new SubActions(this, this.#lease);
    this.tasks = new TaskReports(this, {
      claim: () => (this.#executions.closing ? null : this.#claim),
      takeUp: (runId, fence) => this.#takeUpHeld(runId, fence),
    });
  }

  /**
   * Starts a run of a stored version, or finds the active one of that name (format.md 1.10). Throws
   * `version_not_found`, and for a preview's target `step_not_found` or `module_not_found`.
   */
  async start(params: StartRun): Promise<WorkflowResponse> {
    const { ids, clock } = this.options;
    const version = await this.version(params.versionId);
    if (params.target) checkTarget(version, params.target.stepId, params.target.moduleName);
    const { run, event } = newRun(params, version, {
      runId: ids.uuid(),
      branchId: ids.uuid(),
      time: clock.now().toISOString(),
      engine: this.options.engine,
      claim: this.#claim,
    });
    const { workflow_run_id: runId, data } = event;
    const identity = identityOf(
      runId,
      params.userId,
      params.templateId,
      data,
      params.aiConfig,
      this.deps.answerer.modeOf,
    );
    const journal = Journal.create({ ...this.#journalOptions(version, identity), run, event });
    try {
      const outcome = await this.#executions.run({ journal, version, identity, caller: params });
      return await this.#answer(runId, params.userId, { ...outcome, state: journal.state });
    } catch (error) {
      if (!(error instanceof RunExists)) throw error;
      return this.status({ runId: error.row.workflow_run_id, userId: params.userId });
    }
  }

  /**
   * Answers a question exactly once (format.md 10.4). Throws `run_not_found`, `interaction_not_found`,
   * `interaction_already_answered` (with the accepted answer), `interaction_closed`, `conflict`, `response_invalid`.
   */
  async respond(params: Respond): Promise<WorkflowResponse> {
    const { database, engine } = this.options;
    const deps = { stores: database, loader: this.loader, perform: this.deps, engine };
    return this.command(params, (run) => decideAnswer(deps, params, run));
  }

  /** Goes back to a module on a new branch (format.md 10.5). Errors: those of `departureEvent`. */
  async depart(params: Depart): Promise<WorkflowResponse> {
    return this.command(params, async (run) => {
      if (await isRepeated(this.options.database.runs, run, params.idempotencyKey)) return { replayed: true };
      return {
        event: departureEvent(run.state, run.version, {
          ...params,
          newBranchId: this.options.ids.uuid(),
          by: params.sessionId,
        }),
        interrupt: true,
      };
    });
  }

  /**
   * Goes on with a run that failed, or whose executor died (format.md 10.5). Harmless on any other run; throws
   * `run_ended` for one that has completed or was cancelled.
   */
  async resume(params: Caller & { runId: string }): Promise<WorkflowResponse> {
    return this.command(params, async ({ state }) => {
      const status = statusOf(state);
      if (status === 'completed' || status === 'cancelled') throw runEnded(status);
      if (status !== 'error') return {};
      return { event: { type: 'workflow_resumed', data: { reason: 'error', by: params.sessionId } } };
    });
  }

  /** What `reconcile` would do; does none of it. Errors: those of `planReconcile`. */
  async plan(params: Reconcile): Promise<Plan> {
    const version = await this.version(params.versionId);
    return planReconcile(this.#reconcileDeps, this.options.registry, params, await this.load(params), version);
  }

  get #reconcileDeps(): ReconcileDeps {
    const { database } = this.options;
    return { runs: database.runs, loader: this.loader, perform: this.deps, stores: database };
  }

  /** Moves a run to a version of its definition, reusing what still holds. Errors: those of `decideReconcile`. */
  async reconcile(params: Reconcile): Promise<WorkflowResponse> {
    const version = await this.version(params.versionId);
    return this.command(params, (run) => decideReconcile(this.#reconcileDeps, params, run, version));
  }

  /** Ends a run; live work of this process stops at once, that of another at its next append (format.md 10.5). Throws `run_ended`. */
  async cancel(params: Caller & { runId: string; reason?: string }): Promise<WorkflowResponse> {
    return this.command(params, async ({ state }) => {
      const status = statusOf(state);
      if (status === 'completed' || status === 'cancelled') throw runEnded(status);
      const data =
        params.reason === undefined ? { by: params.sessionId } : { by: params.sessionId, reason: params.reason };
      return { event: { type: 'workflow_cancelled', data }, interrupt: true };
    });
  }

  /** What the run's fold says now. Throws `run_not_found`. */
  async status(params: { runId: string; userId: string }): Promise<WorkflowResponse> {
    const { state, version } = await this.load(params);
    return responseOf(state, version, this.options.engine, {});
  }

  /** The run with the fold of its current branch or of the one given, to be read, and its version. Throws `run_not_found`, also for another user's run. */
  async load(params: { runId: string; userId?: string; aiConfig?: AiConfig; at?: BranchRow }): Promise<LoadedRun> {
    const row = await this.options.database.runs.find({ runId: params.runId });
    if (!row || (params.userId !== undefined && row.user_id !== params.userId)) {
      throw new WfmError('run_not_found', 'There is no such run.', { params: { workflow_run_id: params.runId } });
    }
    const { branch_id: branchId, last_seq: lastSeq } = params.at ?? { ...row, branch_id: row.current_branch_id };
    const folded = await this.loader.load(row.workflow_run_id, branchId, lastSeq);
    const version = await this.version(folded.versionId);
    const { modeOf } = this.deps.answerer;
    const { workflow_run_id, user_id, template_id } = row;
    const identity = identityOf(workflow_run_id, user_id, template_id, folded.created, params.aiConfig, modeOf);
    const state = await withCurrentQuestion(this.deps, { state: folded, version, run: identity });
    return { row, state, version, identity };
  }

  /** A compiled version; definitions are immutable, so it is compiled once a process. Throws `version_not_found`. */
  async version(versionId: string): Promise<CompiledVersion> {
    return this.#versions.get(versionId);
  }

  /**
   * One command on a run: decides on the folded state, appends by compare-and-append, takes the lease if it is free and
   * goes on. A lost race folds again and decides anew. Without an event it only takes the run up.
   */
  async command(
    params: Caller & { runId: string; currentBranchId?: string },
    decide: (run: LoadedRun) => Promise<Decision>,
  ): Promise<WorkflowResponse> {
    for (;;) {
      const run = await this.load(params);
      // What happens to a child run is its parent's to say (format.md 13.7).
      if (run.row.parent_run_id !== null) throw runNotFoundError(params.runId);
      if (run.state.departure) {
        await this.#finishDeparture(run);
        continue;
      }
      assertCurrent(run.row, params.currentBranchId);
      const decision = await decide(run);
      if (decision.answer) return decision.answer;
      if (decision.replayed) return { ...responseOf(run.state, run.version, this.options.engine, {}), replayed: true };
      try {
        if (decision.returnTo ?? decision.switchTo) await this.#executions.leave(params.runId);
        const outcome = await this.#carryOut(params, decision.returnTo ?? run, decision);
        return await this.#answer(run.row.workflow_run_id, params.userId, outcome);
      } catch (error) {
        if (!hasCode(error, 'conflict')) throw error;
      }
    }
  }

  /** A command acts on the line that the run goes on with, never on one that was left a moment ago. */
  async #finishDeparture({ state, version, identity }: LoadedRun): Promise<void> {
    const { database, clock } = this.options;
    const { timezone } = identity;
    try {
      await createBranch({ runs: database.runs, loader: this.loader, clock, version, timezone, fence: null }, state);
    } catch (error) {
      if (!(error instanceof LineMoved)) throw error;
    }
  }

  async #carryOut(params: Caller & { runId: string }, run: LoadedRun, decision: Decision): Promise<Executed> {
    const { runs } = this.options.database;
    if (decision.switchTo) return this.#switchVersion(params, decision.switchTo);
    if (!decision.event) return this.#takeUp(params, run);
    const state = successorOf(run.state);
    const now = this.options.clock.now();
    const events = eventsAfter(state, [...endingOfSubActions(run.state, decision.event), decision.event], now);
    const projection = projectionOf(state, run.version, { now, timezone: run.identity.timezone });
    // An ended run has given its name back; whatever makes it active again takes it if it is free (format.md 1.10).
    const wasActive = decision.returnTo === undefined && !isEnded(statusOf(run.state));
    if (!wasActive && !isEnded(statusOf(state))) projection.active_name = 'take';
    if (decision.returnTo) projection.current_branch_id = state.branchId;
    if (state.departure) await assertBranchRoom(runs, params.runId);
    const { fence } = await runs.append({
      runId: params.runId,
      branchId: state.branchId,
      expectedSeq: run.state.lastSeq,
      events,
      projection,
      ...(isGoing(state) && !this.#executions.closing ? { claim: this.#claim } : {}),
    });
    if (decision.interrupt) this.#executions.interrupt(params.runId);
    await stopWork(this, run.state, state);
    if (fence === null) {
      this.loader.keep(state);
      return this.#settle(params);
    }
    // From here on the execution writes into the values that the kept fold shares.
    this.loader.forget(state.branchId);
    return this.#execute(params, { ...run, state }, fence);
  }

  async #switchVersion(
    params: Caller & { runId: string },
    { switched, version, identity }: NonNullable<Decision['switchTo']>,
  ): Promise<Executed> {
    const { state, newBranch, branchId, expectedSeq, events } = switched;
    if (newBranch) await assertBranchRoom(this.options.database.runs, params.runId);
    const { fence } = await this.options.database.runs.append({
      runId: params.runId,
      branchId,
      expectedSeq,
      events,
      ...(newBranch ? { newBranch, expectCurrent: newBranch.parent_branch_id } : {}),
      projection: projectionOf(state, version, { now: this.options.clock.now(), timezone: identity.timezone }),
      ...(isGoing(state) && !this.#executions.closing ? { claim: this.#claim } : {}),
    });
    this.#executions.interrupt(params.runId);
    if (fence === null) return this.#settle(params);
    const row = await this.load(params);
    return this.#execute(params, { ...row, state, version, identity }, fence);
  }

  /** Executes a run that nobody executes, if there is something to do; else waits for whoever does. */
  async #takeUp(params: Caller & { runId: string }, { state }: LoadedRun): Promise<Executed> {
    const { runs } = this.options.database;
    const goes = isGoing(state) && !this.#executions.closing;
    const lease = goes ? await runs.claimLease({ runId: params.runId, claim: this.#claim }) : null;
    if (!lease) return this.#settle(params);
    // Whoever held the lease before may have gone on since the state was read: only now does it stand still.
    const run = await this.load(params);
    if (isGoing(run.state)) return this.#execute(params, { ...run, state: copyState(run.state) }, lease.fence);
    await runs.releaseLease({ runId: params.runId, fence: lease.fence });
    return this.#settle(params);
  }

  /** Waits for whoever executes the run; where nobody does any more, executes it here. */
  async #settle(params: Caller & { runId: string }): Promise<Executed> {
    const outcome = await this.#executions.settle(params.runId, params);
    // A process that ends leaves the run to others.
    if (outcome.free !== true || this.#executions.closing) return outcome;
    const run = await this.load(params);
    return isGoing(run.state) ? this.#takeUp(params, run) : {};
  }

  async #execute(params: Caller & { runId: string }, run: LoadedRun, fence: number): Promise<Executed> {
    const journal = this.#journalOf(run, fence);
    const outcome = await this.#executions.run({ ...run, journal, caller: params });
    return { ...outcome, state: journal.state };
  }

  /** The answer after a command: from the state that this process holds, else from the log. */
  async #answer(runId: string, userId: string, outcome: Executed): Promise<WorkflowResponse> {
    const { engine } = this.options;
    // What was generated for a question on other branches is no part of its log.
    const isWhole = outcome.state?.open?.request.interaction_type !== 'media_generation';
    if (outcome.state && outcome.stop !== undefined && isWhole) {
      return responseOf(outcome.state, await this.version(outcome.state.versionId), engine, outcome);
    }
    const { state, version } = await this.load({ runId, userId });
    return responseOf(state, version, engine, outcome.stop === 'target_reached' ? outcome : {});
  }

  /** Takes up runs whose executor died; how many. Servers and workers call it every 5 s (format.md 10.10.3). */
  async sweep(): Promise<number> {
    return sweepRuns({
      runs: this.options.database.runs,
      setbacks: this.setbacks,
      claim: this.#claim,
      onFault: this.options.onFault,
      executes: (runId) => this.#executions.has(runId),
      takeUp: (runId, fence) => this.#takeUpHeld(runId, fence),
    });
  }

  /** Begins to execute a run, or a child run, whose lease this process holds. */
  async #takeUpHeld(runId: string, fence: number): Promise<void> {
    const run = await this.load({ runId });
    if (run.row.parent_run_id !== null) return this.subActions.takeUp(run, fence);
    const journal = this.#journalOf({ ...run, state: copyState(run.state) }, fence);
    this.#executions.begin({ ...run, journal });
  }

  /** Stops executing: what is done is stored, leases are given back, and other processes go on. */
  async close(): Promise<void> {
    await Promise.all([this.#executions.close(), this.subActions.close()]);
  }

  get #lease(): { ttlMs: number; renewMs: number } {
    return this.options.lease ?? DEFAULT_LEASE;
  }

  get #claim(): LeaseClaim {
    return { executor: this.options.executor, ttlMs: this.#lease.ttlMs };
  }

  #journalOf({ state, version, identity }: LoadedRun, fence: number): Journal {
    return new Journal({ ...this.#journalOptions(version, identity), state, fence });
  }

  #journalOptions(version: CompiledVersion, identity: RunIdentity) {
    const { database, clock } = this.options;
    return { stores: database, loader: this.loader, clock, version, timezone: identity.timezone };
  }
}
