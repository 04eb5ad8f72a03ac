import { hasCode } from '@wfm/workflow-engine/errors';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type { Clock, TaskHold, TaskProgress, TaskQueue, TaskRow } from '@wfm/workflow-engine/ports';
import { ProgressWriter } from './progress-writer.ts';
import type { Timings } from './timings.ts';

/** The task is no longer this worker's: cancelled, or its lease has run out. Nothing more may be written for it. */
export class TaskLost extends Error {}

/** The worker is stopping: what was begun goes on elsewhere. */
export class WorkerLeaves extends Error {}

/** An abort without a reason makes an error of its own each time. */
const DONE = 'the work is done';

/** A task that this worker holds: its lease kept alive, its writes, and the signal that ends the work on it. */
export class Job {
  /** True once the other side's answer was kept in this turn: what follows is no repetition of the try. */
  answered = false;
  readonly #controller = new AbortController();
  readonly #tasks: TaskQueue;
  readonly #clock: Clock;
  readonly #timings: Timings;
  readonly #hold: TaskHold;
  readonly #progress: ProgressWriter;

  constructor(row: TaskRow, { tasks, clock, timings }: { tasks: TaskQueue; clock: Clock; timings: Timings }) {
    this.#tasks = tasks;
    this.#clock = clock;
    this.#timings = timings;
    this.#hold = { taskId: row.task_id, fence: row.fence };
    this.#progress = new ProgressWriter(clock, timings.progressMs, (progress) => this.#writeProgress(progress));
  }

  /** Aborted with `TaskLost` or `WorkerLeaves`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the work: the worker stops. */
  leave(): void {
    this.#controller.abort(new WorkerLeaves());
  }

  /** Keeps the lease alive while `work` runs. Throws `TaskLost` once it is gone, whatever the work threw. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const beating = this.#beat(stop.signal);
    try {
      return await work();
    } catch (error) {
      if (this.signal.reason instanceof TaskLost) throw this.signal.reason;
      throw error;
    } finally {
      stop.abort(DONE);
      await Promise.all([beating, this.#progress.close()]);
    }
  }

  /** Throws `TaskLost` unless the task is still this worker's; renews the lease. */
  async assertHeld(): Promise<void> {
    this.#must(await this.#tasks.heartbeat({ ...this.#hold, leaseMs: this.#timings.leaseMs }));
  }

  /** Before the other side is asked to begin something: found like this after a crash, it may have begun. */
  async beginSubmit(): Promise<void> {
    this.#must(await this.#tasks.beginSubmit(this.#hold));
  }

  /**
   * Keeps what the other side answered. A busy storage is waited for as long as the lease lives: the answer is the only
   * trace of what may cost money.
   */
  async keepOperation(operation: JsonObject): Promise<void> {
    for (;;) {
      try {
        this.#must(await this.#tasks.keepOperation({ ...this.#hold, operation }));
        this.answered = true;
        return;
      } catch (error) {
        if (this.signal.reason instanceof TaskLost || !hasCode(error, 'storage_unavailable')) throw error;
        await this.#clock.sleep(error.retryAfterMs ?? 1000);
      }
    }
  }

  /** Tells how far it is; stored soon, the newest only. */
  progress(progress: TaskProgress): void {
    this.#progress.tell(progress);
  }

  async handBack(delayMs: number, attempt?: 'undo'): Promise<void> {
    this.#must(await this.#tasks.handBack({ ...this.#hold, delayMs, ...(attempt ? { attempt } : {}) }));
  }

  async succeed(result: JsonObject): Promise<void> {
    this.#must(await this.#tasks.succeed({ ...this.#hold, result }));
  }

  /** True when the task has ended with it; false when it will be tried again. */
  async fail(failure: Omit<Parameters<TaskQueue['fail']>[0], keyof TaskHold>): Promise<boolean> {
    const became = await this.#tasks.fail({ ...this.#hold, ...failure });
    this.#must(became !== false);
    return became === 'failed';
  }

  #must(held: boolean): void {
    if (held) return;
    const lost = new TaskLost();
    this.#controller.abort(lost);
    throw lost;
  }

  async #beat(stop: AbortSignal): Promise<void> {
    for (;;) {
      await this.#clock.sleep(this.#timings.heartbeatMs, stop).catch(() => undefined);
      if (stop.aborted) return;
      try {
        await this.assertHeld();
      } catch (error) {
        if (error instanceof TaskLost) return;
        // A storage that cannot be reached now may be there at the next beat; if not, the lease decides.
      }
    }
  }

  async #writeProgress(progress: TaskProgress): Promise<void> {
    if (this.signal.aborted) return;
    const held = await this.#tasks.progress({ ...this.#hold, progress }).catch(() => true);
    if (!held) this.#controller.abort(new TaskLost());
  }
}
