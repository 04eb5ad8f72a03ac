import type { CompiledModule, CompiledVersion } from '../definition/compile-version.ts';
import type { JsonObject } from '../models/json.ts';
import type { ConversationTurn, Module, ModulePorts } from '../modules/module.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { EffectRecords } from '../ports/effect-records.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import type { UsageStore } from '../ports/usage-store.ts';
import type { Answerer } from './answerer.ts';
import { contentHash } from './hash.ts';
import type { Journal } from './journal.ts';
import type { Started } from './outcome.ts';
import type { Reuse } from './reconcile/reuse.ts';
import type { ReadOutputs } from './retry-conversation.ts';
import type { RetryTurn } from './run-state.ts';
import type { ProgressHub } from './streaming.ts';
import { moduleContext, type RunIdentity } from './workflow-context.ts';

/** What performing a module needs besides its run (format.md 10.3). */
export interface PerformDeps {
  ports: ModulePorts;
  /** For addons. */
  usage: UsageStore;
  tasks: TaskQueue;
  /** What a preview remembers of lines that it has cut. */
  effects: EffectRecords | null;
  clock: Clock;
  ids: Ids;
  answerer: Answerer;
  progress: ProgressHub;
  /** Reads the outputs of an earlier completion, for the conversation of a retry. */
  readOutputs: ReadOutputs;
  /** The answer that a forked line offers again. */
  readAnswer: (runId: string, pointer: NonNullable<RetryTurn['completed']>) => Promise<unknown>;
}

/** One execution of a run, as its modules are performed in it. */
export interface Performance {
  journal: Journal;
  version: CompiledVersion;
  run: RunIdentity;
  signal: AbortSignal;
  /** On a reconciled line: what need not be done again. */
  reuse?: Reuse | null;
}

/** A module about to be called, with its context; nothing is written. */
export function begin(
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
    why?: Started['why'];
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
    idempotencyKey: contentHash([
      run.runId,
      journal.state.branchId,
      compiled.path,
      own.attempt,
      ...(deps.answerer.copy === undefined ? [] : [deps.answerer.copy]),
    ]),
    conversation: own.conversation,
    signal: performance.signal,
    ports: deps.ports,
    newId: () => deps.ids.uuid(),
    publish: (update) => deps.progress.publish(run.runId, update),
    elapsedMs: () => Math.round(deps.clock.monotonicMs() - startedAt),
  });
  return {
    module,
    inputs: own.inputs,
    inputHash: own.inputHash,
    attempt: own.attempt,
    startedAt,
    context,
    traces,
    why: own.why ?? { reason: 'no_record' },
  };
}
