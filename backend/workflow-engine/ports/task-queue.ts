import type { StoredError } from '../errors/index.ts';
import type { JsonObject } from '../models/json.ts';

/**
 * Long work that a worker does for a run (format.md 21). The laws are in testing/tasks.testsuite.ts: one winner per
 * claim, every write names the fence, a final status never changes again.
 */

export type TaskStatus = 'queued' | 'leased' | 'succeeded' | 'failed' | 'cancelled';

/** How far a task is. A `percent` is the other side's own word; where it says nothing there is none. */
export interface TaskProgress {
  message: string;
  percent?: number;
  /** The vendor's queue, not ours. */
  queue_position?: number;
  elapsed_ms: number;
  updated_at: string;
}

/** What a task is made from. All of it is stored: it holds no credential. */
export interface NewTask {
  task_id: string;
  /** Who does it: the name of an actor of the worker. */
  actor: string;
  /** Whose limits it counts against. */
  provider: string;
  user_id: string;
  /** The run whose log takes `task_finished`: of a sub-action, the hidden child run. */
  workflow_run_id: string;
  branch_id: string;
  step_id: string;
  module_name: string;
  interaction_id: string | null;
  /** Of a sub-action; the child run's id. */
  execution_id: string | null;
  /** Unique: a second task under the same key is the first one. */
  idempotency_key: string;
  /** Higher first. */
  priority: number;
  max_attempts: number;
  payload: JsonObject;
  created_at: string;
}

export interface TaskRow extends NewTask {
  status: TaskStatus;
  /** Deliberate tries: a look at a vendor's operation is none, nor is a crash. */
  attempts: number;
  /** ISO instant before which nobody claims it. */
  not_before: string;
  lease_owner: string | null;
  fence: number;
  /** Leases in a row that ended by their time; the third fails the task (`worker_lost`). */
  expiries: number;
  /** True from just before the vendor is asked until its answer is stored: found true after a crash, the vendor may have begun. */
  submitting: boolean;
  /** What the vendor answered to the start: enough for any process to go on from (its job id, or what is to be downloaded). */
  operation: JsonObject | null;
  progress: TaskProgress | null;
  result: JsonObject | null;
  error: StoredError | null;
  /** True once the run's log holds `task_finished`. */
  reported: boolean;
  started_at: string | null;
  finished_at: string | null;
}

/** How much of a provider may be asked for at once, over all workers together. */
export interface ProviderLimit {
  /** Jobs begun and not ended: leased, or waiting for a vendor that works on them. */
  atOnce: number;
  /** Starts within 60 s. */
  perMinute?: number;
}

export interface ClaimTask {
  /** Name of the claiming process. */
  worker: string;
  leaseMs: number;
  /** By provider. One that is not named has no limit. */
  limits: Readonly<Record<string, ProviderLimit>>;
  /** Only these actors; default all. */
  actors?: readonly string[];
}

/** What a holder of a lease names with every write. */
export interface TaskHold {
  taskId: string;
  fence: number;
}

/** Why a task is not being worked on. */
export interface TaskPosition {
  /** Tasks of the same provider that come first; 0 for the next one. */
  ahead: number;
  reason: 'next' | 'behind_others' | 'provider_busy' | 'provider_rate' | 'delayed' | 'being_worked_on' | 'ended';
  /** For `delayed`: when it may be claimed. */
  not_before?: string;
}

export interface TaskQueue {
  /**
   * Adds a task of the run that it names; under a known `idempotency_key` answers the first one. Throws `run_not_found`. What a module waits for
   * is enqueued by `RunStore.append` instead, in the commit of its event.
   */
  enqueue(task: NewTask): Promise<TaskRow>;

  /**
   * Leases the task that comes first: priority down, then age; none whose provider is at its limit or whose
   * `not_before` lies ahead. A task with an `operation` holds its provider's place already. `fence` grows by 1;
   * `attempts` grows unless there is an operation or the last lease merely expired. Null: nothing to do.
   */
  claim(params: ClaimTask): Promise<TaskRow | null>;

  // Writes of the holder. Each answers false, and has changed nothing, when the fence is stale, the lease has run out,
  // or the task has ended.

  /** Extends the lease. */
  heartbeat(params: TaskHold & { leaseMs: number }): Promise<boolean>;
  progress(params: TaskHold & { progress: TaskProgress }): Promise<boolean>;
  /** Says that the vendor is about to be asked. */
  beginSubmit(params: TaskHold): Promise<boolean>;
  /** Keeps the vendor's answer before anything else is done with it; clears `submitting`. */
  keepOperation(params: TaskHold & { operation: JsonObject }): Promise<boolean>;
  /**
   * Gives the task back to be claimed after `delayMs`: to look at the vendor's operation again, or because this worker
   * leaves. It is no failure. `attempt: 'undo'` takes the attempt back, since whoever goes on makes the same one; a start
   * that was not begun (`beginSubmit`) then counts for nothing.
   */
  handBack(params: TaskHold & { delayMs: number; attempt?: 'undo' }): Promise<boolean>;
  succeed(params: TaskHold & { result: JsonObject }): Promise<boolean>;
  /**
   * Ends the task, or, where the error is transient and attempts are left, queues it again after 2^attempts s with a
   * jitter of at most 20 %, or after `retryAfterMs`. The operation is forgotten. Answers what became of it.
   */
  fail(params: TaskHold & { error: StoredError; retryAfterMs?: number }): Promise<'queued' | 'failed' | false>;

  /** Ends a task that has not ended; a holder hears of it at its next write. Answers the row as it was before, or null. */
  cancel(params: { taskId: string }): Promise<TaskRow | null>;
  /** The same for all tasks of a run and of its child runs. */
  cancelOfRun(params: { runId: string }): Promise<TaskRow[]>;

  /** Queues again, or fails for good, what a dead worker held: tasks whose lease has run out. How many. */
  sweep(): Promise<number>;
  /** Ended tasks whose run has not been told, oldest first. */
  unreported(params: { limit: number }): Promise<TaskRow[]>;
  markReported(params: { taskId: string }): Promise<void>;

  /**
   * Tasks that ended without success and that no worker has cleared up after, oldest end first: a vendor may have to be
   * told, and what was made for the task has to be ended.
   */
  unsettled(params: { limit: number }): Promise<TaskRow[]>;
  markSettled(params: { taskId: string }): Promise<void>;

  find(params: { taskId: string }): Promise<TaskRow | null>;
  /** Oldest first; those of child runs are theirs. */
  listOfRun(params: { runId: string }): Promise<TaskRow[]>;
  position(params: { taskId: string; limits: ClaimTask['limits'] }): Promise<TaskPosition | null>;
  /** Tasks by status and provider, for metrics. */
  counts(): Promise<{ provider: string; status: TaskStatus; count: number }[]>;
  /**
   * Calls back soon after a task was enqueued, was given back or has ended, in any process; the passing of time rings
   * nothing. May call back without cause.
   */
  watch(onChange: () => void): () => void;
}
