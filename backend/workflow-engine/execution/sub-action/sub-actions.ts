import { versionIdOf } from '../../definition/canonical-json.ts';
import { hasCode, toStoredError, WfmError } from '../../errors/index.ts';
import type { RunEvent } from '../../events/run-event.ts';
import type { JsonObject } from '../../models/json.ts';
import type { AiConfig, Module } from '../../modules/module.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { assertCurrent } from '../branches/current-branch.ts';
import type { LoadedRun } from '../commands.ts';
import { stateOfCreated } from '../evolve.ts';
import { Executions } from '../executions.ts';
import { Journal } from '../journal.ts';
import type { SubActionHost } from './host.ts';
import { copyState, type RunState } from '../run-state.ts';
import { stopChild } from '../tasks/stop-work.ts';
import type { RunIdentity } from '../workflow-context.ts';
import { childDefinition } from './child-definition.ts';
import { usageOfChild } from './child-usage.ts';
import { type ChildRef, childRefOf, endChild, newChild } from './child-run.ts';
import { cancelledError } from './closing.ts';
import { type FoundSubAction, findSubAction } from './find-sub-action.ts';
import { runSelfSubAction } from './run-self.ts';
import { outcomeOfTask } from './run-task.ts';
import { appendToParent, parentOf, recordOf, settle } from './settle.ts';
import { childOf } from './stream.ts';

export interface StartSubAction {
  runId: string;
  userId: string;
  interactionId: string;
  subActionId: string;
  params: JsonObject;
  /** What the person said: a turn of the conversation, and a key of the child's state (format.md 12.4, 13.4). */
  feedback?: string;
  aiConfig?: AiConfig;
  idempotencyKey?: string;
  currentBranchId?: string;
  /** Ends the execution; only where the request is the execution. */
  signal?: AbortSignal;
}

export interface StartedSubAction {
  executionId: string;
  subActionId: string;
  expected: number;
  /** The key was known: this is the earlier execution. */
  replayed: boolean;
}

/** Sub-actions of runs: starting, ending and resuming them (format.md 13). What they are is in the logs alone. */
export class SubActions {
  readonly #processor: SubActionHost;
  readonly #executions: Executions;
  readonly #lease: { ttlMs: number; renewMs: number };
  readonly #selves = new Set<AbortController>();
  /** What works in this process, until its last append. */
  readonly #working = new Map<string, Promise<void>>();

  constructor(processor: SubActionHost, lease: { ttlMs: number; renewMs: number }) {
    this.#processor = processor;
    this.#lease = lease;
    const { clock, database, onFault } = processor.options;
    this.#executions = new Executions({
      deps: processor.deps,
      runs: database.runs,
      loader: processor.loader,
      clock,
      lease,
      setbacks: processor.setbacks,
      onFault: onFault ?? (() => undefined),
    });
  }

  /**
   * Starts a sub-action of the open question; it goes on in the background (format.md 13.1, 13.8). Throws
   * `run_not_found`, `branch_not_current`, `interaction_closed`, `sub_action_not_found`, `sub_action_mixed`,
   * `sub_action_interactive`, `sub_action_target_missing`, `sub_action_limit`.
   */
  async start(params: StartSubAction): Promise<StartedSubAction> {
    const { runs } = this.#processor.options.database;
    for (;;) {
      const run = await this.#processor.load(params);
      assertCurrent(run.row, params.currentBranchId);
      const key = params.idempotencyKey;
      const known = key === undefined ? undefined : run.state.subActions.find((one) => one.idempotencyKey === key);
      if (known) {
        const { executionId, subActionId, expected } = known;
        return { executionId, subActionId, expected, replayed: true };
      }
      const found = findSubAction(run, params.interactionId, params.subActionId);
      const { begin, started } = await this.#prepare(params, run, found);
      try {
        await this.#announce(params, run, started);
      } catch (error) {
        await runs.delete({ runId: started.executionId });
        if (hasCode(error, 'conflict')) continue;
        throw error;
      }
      begin();
      return started;
    }
  }

  /** Ends a running execution (format.md 13.7); harmless on one that has ended. Throws `run_not_found`, `sub_action_not_found`. */
  async cancel(params: { runId: string; userId: string; executionId: string }): Promise<void> {
    await this.#processor.load(params);
    const child = await childOf(this.#processor, params);
    if (!(await settle(this.#processor, child, { error: toStoredError(cancelledError()) }))) return;
    await this.#stop(child);
  }

  /** Goes on with a child run whose executor died; the caller holds its lease (format.md 13.9). */
  async takeUp(run: LoadedRun, fence: number): Promise<void> {
    const { runs } = this.#processor.options.database;
    const child = childRefOf(run);
    const parent = child && (await parentOf(this.#processor, child));
    const record = child && parent ? recordOf(parent.state, child.executionId) : undefined;
    if (child?.kind === 'target' && record?.status === 'running') {
      this.#execute(child, { state: copyState(run.state), version: run.version, identity: run.identity, fence });
      return;
    }
    if (child && run.state.finished) {
      const outcome = outcomeOfTask(run.state.finished);
      await settle(this.#processor, child, outcome);
      await endChild(this.#processor, child.executionId, 'error' in outcome ? outcome : { result: outcome.result });
      await runs.releaseLease({ runId: child.executionId, fence });
      return;
    }
    if (child && record) {
      const error = new WfmError('sub_action_interrupted', 'The process that worked on the sub-action has died.');
      await settle(this.#processor, child, { error: toStoredError(error) });
    }
    await endChild(this.#processor, run.row.workflow_run_id, 'cancelled');
    await runs.releaseLease({ runId: run.row.workflow_run_id, fence });
  }

  /** Stops executing: children are free for other processes, as runs are. */
  async close(): Promise<void> {
    for (const self of this.#selves) self.abort(new WfmError('shutting_down', 'The server is shutting down.'));
    await Promise.all([this.#executions.close(), ...this.#working.values()]);
  }

  /** Resolves once this process has done its last append for an execution. */
  async finished(executionId: string): Promise<void> {
    await this.#working.get(executionId);
  }

  /** Everything up to the point where the parent is told: the child's row with its lease, and how it is begun. */
  async #prepare(
    params: StartSubAction,
    run: LoadedRun,
    found: FoundSubAction,
  ): Promise<{ begin: () => void; started: StartedSubAction }> {
    const { ids, clock, database, engine, executor } = this.#processor.options;
    const isSelf = found.kind === 'self';
    const module = found.compiled.module;
    const given = { ...mergedParams(found), ...params.params };
    if (isSelf && !hasSubAction(module)) {
      const moduleId = found.compiled.moduleId;
      throw new WfmError('sub_action_target_missing', `${moduleId} has no sub-action of its own.`, {
        params: { module_id: moduleId },
        place: found.place,
      });
    }
    const version = isSelf ? run.version : await this.#childVersion(run, found);
    const initialState: JsonObject = isSelf ? {} : { ...run.state.flat };
    if (!isSelf && params.feedback !== undefined) initialState[found.feedbackKey] = params.feedback;
    const executionId = ids.uuid();
    const { create, event, child } = newChild(run, {
      executionId,
      branchId: ids.uuid(),
      time: clock.now().toISOString(),
      engine,
      claim: { executor, ttlMs: this.#lease.ttlMs },
      version,
      kind: found.kind,
      interactionId: params.interactionId,
      subActionId: found.id,
      initialState,
      feedback: params.feedback,
    });
    const { fence } = await database.runs.create(create);
    const items =
      module?.kind === 'interactive' && isSelf ? (module.expectedItems?.(given) ?? 1) : found.actions.length;
    const started = { executionId, subActionId: found.id, expected: items, replayed: false };
    const identity = { ...run.identity, runId: executionId, rootRunId: run.identity.runId };
    const begin = (): void => {
      if (!isSelf) {
        this.#execute(child, { state: stateOfCreated(event), version, identity, fence: fence ?? 0 }, params.signal);
        return;
      }
      this.#runSelf(child, { run, found, given, feedback: params.feedback, fence: fence ?? 0 }, params.signal);
    };
    return { begin, started };
  }

  async #childVersion(run: LoadedRun, found: FoundSubAction) {
    const { registry, database } = this.#processor.options;
    const definition = childDefinition(run.version, found, registry);
    const versionId = versionIdOf(definition);
    await database.definitions.keepDefinition({ versionId, definition });
    return this.#processor.version(versionId);
  }

  async #announce(params: StartSubAction, run: LoadedRun, started: StartedSubAction): Promise<void> {
    const { feedback, idempotencyKey } = params;
    await appendToParent(this.#processor, run, {
      type: 'sub_action_started',
      data: {
        interaction_id: params.interactionId,
        sub_action_id: started.subActionId,
        execution_id: started.executionId,
        params: params.params,
        expected: started.expected,
        ...(feedback === undefined ? {} : { feedback }),
        ...(idempotencyKey === undefined ? {} : { idempotency_key: idempotencyKey }),
      },
    });
  }

  /** Executes a child run like any other. Its parent is told before its end is stored, so that neither is ever lost. */
  #execute(
    child: ChildRef,
    work: { state: RunState; version: LoadedRun['version']; identity: RunIdentity; fence: number },
    signal?: AbortSignal,
  ): void {
    const { options, loader, progress } = this.#processor;
    const { database, clock } = options;
    let telling = false;
    const tell = async (ending: readonly RunEvent[]): Promise<void> => {
      telling = true;
      const { state } = journal;
      const outcome =
        ending.at(-1)?.type === 'workflow_error'
          ? { error: state.error ?? toStoredError(cancelledError()) }
          : {
              result: resultOf(state),
              source: state.flat,
              calls: [],
              usage: await usageOfChild(database.runs, state, ending),
              warnings: [],
            };
      if (await settle(this.#processor, child, outcome)) return;
      telling = false;
    };
    const journal: Journal = new Journal({
      stores: { runs: tellingStore(database.runs, tell), content: database.content },
      loader,
      clock,
      version: work.version,
      timezone: work.identity.timezone,
      state: work.state,
      fence: work.fence,
    });
    const stopProgress = progress.subscribe(child.executionId, (update) =>
      progress.publish(child.runId, { ...update, execution_id: child.executionId }),
    );
    const stopWatching = this.#watchParent(child, async () => {
      if (!telling) await this.#stop(child);
    });
    const caller = signal ? { caller: { waitMs: 0, signal } } : {};
    const live = this.#executions.begin({ journal, version: work.version, identity: work.identity, ...caller });
    const over = (): void => {
      stopProgress();
      stopWatching();
    };
    this.#note(child, live.done.then(over, over));
  }

  #runSelf(
    child: ChildRef,
    work: Omit<Parameters<typeof runSelfSubAction>[2], 'signal' | 'lease'>,
    signal: AbortSignal | undefined,
  ): void {
    const abort = new AbortController();
    const stopWatching = this.#watchParent(child, async () => abort.abort(cancelledError()));
    const own = signal ? AbortSignal.any([abort.signal, signal]) : abort.signal;
    const done = runSelfSubAction(this.#processor, child, { ...work, signal: own, lease: this.#lease }).catch(
      (error: unknown) => this.#processor.options.onFault?.(error, child.runId),
    );
    this.#selves.add(abort);
    const over = (): void => {
      stopWatching();
      this.#selves.delete(abort);
    };
    this.#note(child, done.then(over));
  }

  #note({ executionId }: ChildRef, done: Promise<void>): void {
    this.#working.set(
      executionId,
      done.finally(() => this.#working.delete(executionId)),
    );
  }

  /** Calls back once the parent's log says that the execution was ended by somebody else. */
  #watchParent(child: ChildRef, onEnded: () => Promise<void>): () => void {
    const { options } = this.#processor;
    const look = async (): Promise<void> => {
      const parent = await parentOf(this.#processor, child);
      const record = parent ? recordOf(parent.state, child.executionId) : undefined;
      if (!parent || record?.status === 'failed') await onEnded();
    };
    return options.database.runs.watch(child.runId, () => {
      look().catch((error: unknown) => options.onFault?.(error, child.runId));
    });
  }

  async #stop(child: ChildRef): Promise<void> {
    await stopChild(this.#processor, child.executionId);
    this.#executions.interrupt(child.executionId);
  }
}

/** A store that hears of a child's end before it takes it. */
function tellingStore(runs: RunStore, tell: (ending: readonly RunEvent[]) => Promise<void>): RunStore {
  return {
    ...runs,
    async append(params) {
      const last = params.events.at(-1)?.type ?? '';
      if (last === 'workflow_completed' || last === 'workflow_error') await tell(params.events);
      return runs.append(params);
    },
  };
}

/** What the child's modules mapped; without any mapping, their outputs by name. */
function resultOf(state: RunState): JsonObject {
  const mapped = state.result ?? {};
  if (Object.keys(mapped).length > 0) return mapped;
  return Object.fromEntries([...state.modules.values()].map(({ name }) => [name, state.flat[name]]));
}

function mergedParams(found: FoundSubAction): JsonObject {
  const merged: JsonObject = {};
  for (const { params } of found.actions) Object.assign(merged, params);
  return merged;
}

function hasSubAction(module: Module | undefined): boolean {
  return module?.kind === 'interactive' && ('subAction' in module || 'subActionTask' in module);
}
