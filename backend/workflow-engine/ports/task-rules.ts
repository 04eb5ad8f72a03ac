import { type StoredError, toStoredError, WfmError } from '../errors/index.ts';
import { isLeaseLive, type StoredLease } from './store-rules.ts';
import type { Clock } from './clock.ts';
import type { NewTask, TaskPosition, TaskRow } from './task-queue.ts';

/** What every adapter of the task queue decides alike (format.md 21). No storage in here. */

/** Leases in a row that may end by their time; the last of them fails the task. */
export const maxExpiries = 3;

/** Length of the window in which starts are counted against `perMinute`. */
export const rateWindowMs = 60_000;

/** An instant on both clocks: the machine's where the boot is the same, the wall's after a restart (R21). */
export interface Instant {
  at: string;
  ms: number;
  boot: string;
}

/** The instant `delayMs` from now. */
export function instantIn(clock: Clock, delayMs = 0): Instant {
  return {
    at: new Date(clock.now().getTime() + delayMs).toISOString(),
    ms: clock.monotonicMs() + delayMs,
    boot: clock.bootId,
  };
}

/** True once the instant has come. */
export function hasCome(instant: Instant, clock: Clock): boolean {
  return instant.boot === clock.bootId ? instant.ms <= clock.monotonicMs() : instant.at <= clock.now().toISOString();
}

/** How long a task waits after its `attempts`-th try has failed: 2^attempts s, a fifth more or less at most. */
export function backoffMs(attempts: number, random: () => number = Math.random): number {
  return Math.round(2 ** attempts * 1000 * (0.8 + 0.4 * random()));
}

/** The row of a task as it is enqueued. */
export function queuedTask(task: NewTask, notBefore: string): TaskRow {
  return {
    ...task,
    status: 'queued',
    attempts: 0,
    not_before: notBefore,
    lease_owner: null,
    fence: 0,
    expiries: 0,
    submitting: false,
    operation: null,
    progress: null,
    result: null,
    error: null,
    reported: false,
    started_at: null,
    finished_at: null,
  };
}

/** What a claim makes of a row: one fence more, and one attempt more unless it goes on with what was begun. */
export function claimedTask(row: TaskRow, worker: string, now: string): TaskRow {
  const goesOn = row.operation !== null || row.expiries > 0;
  return {
    ...row,
    status: 'leased',
    lease_owner: worker,
    fence: row.fence + 1,
    attempts: row.attempts + (goesOn ? 0 : 1),
    started_at: row.started_at ?? now,
  };
}

/** What the end of a dead worker's lease makes of a row. */
export function expiredTask(row: TaskRow, now: string): TaskRow {
  const expiries = row.expiries + 1;
  if (expiries < maxExpiries) return { ...row, status: 'queued', lease_owner: null, expiries };
  const lost = new WfmError(
    'worker_lost',
    'The workers that tried this task stopped one after another. Try it again.',
    {
      params: { task_id: row.task_id, leases: expiries },
    },
  );
  return { ...endedTask(row, 'failed', now), expiries, error: toStoredError(lost) };
}

/** A row that has come to its end. */
export function endedTask(row: TaskRow, status: 'succeeded' | 'failed' | 'cancelled', now: string): TaskRow {
  return { ...row, status, lease_owner: null, submitting: false, finished_at: now };
}

/**
 * What a failure makes of a row: its end, or, for a transient error with attempts left, another try after the returned
 * delay. Such a try begins anew, hence without the operation.
 */
export function failedTask(
  row: TaskRow,
  failure: { error: StoredError; retryAfterMs?: number | undefined },
  now: string,
): { row: TaskRow; delayMs: number } {
  const { error, retryAfterMs } = failure;
  if (!error.transient || row.attempts >= row.max_attempts)
    return { row: { ...endedTask(row, 'failed', now), error }, delayMs: 0 };
  const again: TaskRow = {
    ...row,
    status: 'queued',
    lease_owner: null,
    expiries: 0,
    submitting: false,
    operation: null,
  };
  return { row: { ...again, error }, delayMs: retryAfterMs ?? backoffMs(row.attempts) };
}

/** True while the task takes up one of its provider's places: somebody works on it, or the vendor may. */
export function holdsPlace(row: Pick<TaskRow, 'status' | 'operation' | 'submitting'>): boolean {
  return row.status === 'leased' || (row.status === 'queued' && (row.operation !== null || row.submitting));
}

/** True for the three final states. */
export function isTaskEnded(row: Pick<TaskRow, 'status'>): boolean {
  return row.status === 'succeeded' || row.status === 'failed' || row.status === 'cancelled';
}

/** True when a write of the holder that names `fence` may change the row. */
export function isHeld(
  row: Pick<TaskRow, 'status' | 'fence' | 'lease_owner'>,
  lease: Pick<StoredLease, 'untilMs' | 'boot'>,
  fence: number,
  clock: Clock,
): boolean {
  return row.status === 'leased' && row.fence === fence && isLeaseLive({ executor: row.lease_owner, ...lease }, clock);
}

/** Why a task is not being worked on, from what its adapter has counted. */
export function positionOf(
  row: TaskRow,
  seen: { ready: boolean; ahead: number; busy: boolean; rated: boolean },
): TaskPosition {
  if (isTaskEnded(row)) return { ahead: 0, reason: 'ended' };
  if (holdsPlace(row)) return { ahead: 0, reason: 'being_worked_on' };
  if (!seen.ready) return { ahead: seen.ahead, reason: 'delayed', not_before: row.not_before };
  if (seen.ahead > 0) return { ahead: seen.ahead, reason: 'behind_others' };
  return { ahead: 0, reason: seen.busy ? 'provider_busy' : seen.rated ? 'provider_rate' : 'next' };
}
