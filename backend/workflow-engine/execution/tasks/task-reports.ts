import { isWfmError } from '../../errors/index.ts';
import type { EventDraft } from '../../events/run-event.ts';
import type { LeaseClaim } from '../../ports/run-store.ts';
import type { TaskRow } from '../../ports/task-queue.ts';
import type { LoadedRun } from '../commands.ts';
import { eventAfter } from '../event-after.ts';
import { applyEvent } from '../evolve.ts';
import { takeLargeValues } from '../large-values.ts';
import { isGoing } from '../next.ts';
import { projectionOf } from '../projection.ts';
import { copyState } from '../run-state.ts';
import { retried } from '../sub-action/child-run.ts';
import type { SubActionHost } from '../sub-action/host.ts';
import { finishedData } from './new-task.ts';

/** Ended tasks that one sweep tells of at most. */
const SWEPT = 50;

/** Tells runs how their tasks have ended, and goes on with them (format.md 21). */
export class TaskReports {
  readonly #host: SubActionHost;
  readonly #claim: () => LeaseClaim | null;
  readonly #takeUp: (runId: string, fence: number) => Promise<void>;

  constructor(
    host: SubActionHost,
    options: {
      /** The lease to take with the append; null in a process that ends. */
      claim: () => LeaseClaim | null;
      /** Executes a run whose lease was taken. */
      takeUp: (runId: string, fence: number) => Promise<void>;
    },
  ) {
    this.#host = host;
    this.#claim = options.claim;
    this.#takeUp = options.takeUp;
  }

  /**
   * Appends `task_finished` to the line that waits for an ended task, and executes the run on in this process.
   * Harmless when repeated, from any process, and for a run that is gone or waits for it no more.
   */
  async report(task: TaskRow): Promise<void> {
    const fence = await retried(() => this.#append(task));
    await this.#host.options.database.tasks.markReported({ taskId: task.task_id });
    if (fence !== null) await this.#takeUp(task.workflow_run_id, fence);
  }

  /** Reports ended tasks of which nobody has told; how many. Servers and workers call it every 5 s. */
  async sweep(): Promise<number> {
    const { database, onFault } = this.#host.options;
    const ended = await database.tasks.unreported({ limit: SWEPT });
    for (const task of ended) {
      try {
        await this.report(task);
      } catch (error) {
        onFault?.(error, task.workflow_run_id);
      }
    }
    return ended.length;
  }

  async #append(task: TaskRow): Promise<number | null> {
    const { database, clock } = this.#host.options;
    const run = await this.#lineOf(task);
    if (run?.state.task?.taskId !== task.task_id) return null;
    const { row, version, identity } = run;
    const now = clock.now();
    const state = copyState(run.state);
    const event = eventAfter(state, finishedDraft(task), now);
    applyEvent(state, { event });
    const isCurrent = row.current_branch_id === state.branchId;
    const claim = isCurrent && isGoing(state) ? this.#claim() : null;
    const values: { sha256: string; json: string }[] = [];
    const { fence } = await database.runs.append({
      runId: row.workflow_run_id,
      branchId: state.branchId,
      expectedSeq: run.state.lastSeq,
      events: [takeLargeValues(event, (value) => values.push(value))],
      projection: isCurrent ? projectionOf(state, version, { now, timezone: identity.timezone }) : {},
      values,
      ...(claim ? { claim } : {}),
    });
    return fence;
  }

  /** The run on the line where the task was enqueued, also one that was left since; null once it is gone. */
  async #lineOf({ workflow_run_id: runId, branch_id: branchId }: TaskRow): Promise<LoadedRun | null> {
    const { runs } = this.#host.options.database;
    try {
      const current = await this.#host.load({ runId });
      if (current.state.branchId === branchId) return current;
      const at = (await runs.branches({ runId })).find((branch) => branch.branch_id === branchId);
      return at ? await this.#host.load({ runId, at }) : null;
    } catch (error) {
      if (isWfmError(error) && error.code === 'run_not_found') return null;
      throw error;
    }
  }
}

/** Of a sub-action's task: the child run has no modules. */
function finishedDraft(task: TaskRow): EventDraft {
  const { step_id, module_name, execution_id } = task;
  return {
    type: 'task_finished',
    ...(execution_id === null ? { step_id, module_name } : {}),
    data: finishedData(task),
  };
}
