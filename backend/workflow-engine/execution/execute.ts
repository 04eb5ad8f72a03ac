import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { CompiledVersion } from '../definition/compile-version.ts';
import { hasCode, toStoredError, type WfmError } from '../errors/index.ts';
import { limits } from '../models/limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import { type Journal, LineMoved } from './journal.ts';
import { createBranch } from './new-branch.ts';
import { next, type Target } from './next.ts';
import type { Performance, PerformDeps } from './begin-module.ts';
import { completeQuestion, performModule } from './perform.ts';
import { type Reuse, reuseFor } from './reconcile/reuse.ts';
import type { RunLoader } from './run-loader.ts';
import { stepCompleted, stepStarted } from './step-events.ts';
import { finishJob } from './tasks/perform-job.ts';
import { finishedData } from './tasks/new-task.ts';
import { workInProcess } from './tasks/work-in-process.ts';

/** Why an execution stopped. `limit`: after 1000 modules in one go, or at its time; whoever comes next goes on. */
export type Stop = 'waiting' | 'ended' | 'failed' | 'target_reached' | 'limit' | 'lease_lost';

export interface ExecuteOptions extends Performance {
  deps: PerformDeps;
  runs: RunStore;
  loader: RunLoader;
  clock: Clock;
  target?: Target;
  /** Monotonic instant after which to stop between two modules. */
  until?: number;
}

/** Computed events wait this long for a boundary at most (architecture.md 3.2). */
const PENDING_MS = 50;
/** Computation in one go before other requests of this process get a turn. */
const SLICE_MS = 10;

/**
 * Repeats next → perform → append until the run needs somebody, ends or fails (format.md 10.2). The journal holds the
 * lease and gives it back with the last append. Throws the signal's reason when aborted, and storage errors.
 */
export async function execute(options: ExecuteOptions): Promise<Stop> {
  const { journal, version, clock, deps } = options;
  let modules = 0;
  let reuse: Reuse | null = null;
  let reuseBranch: string | null = null;
  let sliceEnd = clock.monotonicMs() + SLICE_MS;
  for (;;) {
    try {
      options.signal.throwIfAborted();
      if (journal.pendingMs > PENDING_MS) await journal.flush();
      if (clock.monotonicMs() > sliceEnd) {
        await yieldToOthers();
        sliceEnd = clock.monotonicMs() + SLICE_MS;
      }
      const step = next(journal.state, version, options.target);
      switch (step.kind) {
        case 'branch':
          await enterBranch(options);
          break;
        case 'start_step':
          journal.push(stepStarted(step.step));
          break;
        case 'complete_step':
          journal.push(stepCompleted(step.step));
          break;
        case 'complete_workflow':
          journal.push({ type: 'workflow_completed', data: { result: resultOf(journal, version) } });
          break;
        case 'complete':
          await completeQuestion(deps, options, step.module, step.response);
          break;
        case 'execute':
          if (
            modules >= limits.executionsInOneGo ||
            (options.until !== undefined && clock.monotonicMs() > options.until)
          ) {
            return await stop(options, 'limit');
          }
          modules += 1;
          if (reuseBranch !== journal.state.branchId) {
            reuse = await reuseFor({ ...options, effects: deps.effects }, journal.state, version);
            reuseBranch = journal.state.branchId;
          }
          await performModule(deps, { ...options, reuse }, step.module);
          break;
        case 'finish_job':
          await finishJob(deps, options, step.module, step.task);
          break;
        case 'wait':
          if (!deps.answerer.work) return await stop(options, 'waiting');
          await doTask(options, step.taskId);
          break;
        case 'ask':
          return await stop(options, 'waiting');
        case 'finish':
          return await stop(options, 'ended');
        case 'fail':
          return await stop(options, 'failed');
        case 'stop':
          return await stop(options, 'target_reached');
      }
    } catch (error) {
      if (hasCode(error, 'lease_lost')) return 'lease_lost';
      // Whoever aborted decides how to go on: under an aborted signal nothing more can be done here.
      if (options.signal.aborted) throw error;
      if (error instanceof LineMoved) {
        if (!(await reload(options))) return 'lease_lost';
      } else if (!hasCode(error, 'run_limit') || !(await endFull(options, error))) throw error;
    }
  }
}

async function stop(options: ExecuteOptions, reason: Stop): Promise<Stop> {
  const { journal, loader } = options;
  await journal.flush({ release: true });
  // What was done is stored; without a checkpoint the next fold is longer, and nothing else.
  await loader.checkpoint(journal.state).catch(() => undefined);
  loader.keep(journal.state);
  return reason;
}

/**
 * The line was ended or left by a command: begins again from the log, under the same lease. False, with the lease given
 * back, where the run has returned to a branch of another version: whoever takes it up then compiles that one.
 */
async function reload(options: ExecuteOptions): Promise<boolean> {
  const { runId } = options.journal.state;
  const row = await options.runs.find({ runId });
  if (!row) throw new LineMoved();
  options.journal.enter(await options.loader.loadOwned(runId, row.current_branch_id, row.last_seq));
  if (options.journal.state.versionId === options.version.versionId) return true;
  await options.journal.flush({ release: true });
  return false;
}

/** Does here what production's worker does, and puts its end into the journal. */
async function doTask({ deps, journal, run, signal }: ExecuteOptions, taskId: string): Promise<void> {
  await journal.flush();
  const record = journal.state.modules.get(journal.state.task?.key ?? '');
  const { answerer } = deps;
  if (!record || !answerer.work) throw new TypeError('no module waits for a task here');
  const task = { task_id: taskId, step_id: record.stepId, module_name: record.name };
  const ended = await workInProcess(deps, task, { signal, runId: run.runId });
  journal.push({
    type: 'task_finished',
    step_id: record.stepId,
    module_name: record.name,
    data: finishedData(ended),
  });
  await journal.flush();
  await deps.tasks.markReported({ taskId });
}

/** Goes on on the branch that the last event of the line asks for (format.md 9.8). */
async function enterBranch(options: ExecuteOptions): Promise<void> {
  const { journal, run } = options;
  await journal.flush();
  if (!journal.state.departure) return;
  const { fence } = journal;
  journal.enter(await createBranch({ ...options, timezone: run.timezone, fence }, journal.state));
}

/**
 * The store has no room for what was done: the run fails for good, with the reason in its log (format.md 23). False
 * where even that is not possible, because the line was left.
 */
async function endFull(options: ExecuteOptions, error: WfmError): Promise<boolean> {
  const { journal, loader } = options;
  if (!journal.isStored || journal.state.departure) return false;
  const { runId, branchId } = journal.state;
  journal.enter(await loader.loadOwned(runId, branchId, journal.storedSeq));
  if (journal.state.error) return false;
  journal.push({ type: 'workflow_error', data: { error: toStoredError(error) } });
  return true;
}

/** The mapped keys of flat state: what `outputs_to_state` of any module names (format.md 8, `workflow_completed`). */
function resultOf(journal: Journal, version: CompiledVersion): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const step of version.steps) {
    for (const module of step.modules) {
      for (const target of Object.values(module.node.outputs_to_state)) {
        const root = target.split('.')[0] ?? target;
        if (Object.hasOwn(journal.state.flat, root)) result[root] = journal.state.flat[root];
      }
    }
  }
  return result;
}
