import { compareText, isLeaseLive } from '../store-rules.ts';
import type { ClaimTask, NewTask, TaskHold, TaskQueue, TaskRow } from '../task-queue.ts';
import type { Clock } from '../clock.ts';
import {
  claimedTask,
  endedTask,
  expiredTask,
  failedTask,
  hasCome,
  holdsPlace,
  instantIn,
  isHeld,
  isTaskEnded,
  positionOf,
  queuedTask,
  rateWindowMs,
} from '../task-rules.ts';
import { type MemoryState, requireRun, type StoredTask } from './state.ts';

/** `TaskQueue` in memory. Every verb runs to its end before another one starts, which is what makes it atomic. */
export function memoryTasks(state: MemoryState, clock: Clock): TaskQueue {
  const now = () => clock.now().toISOString();
  const held = ({ taskId, fence }: TaskHold): StoredTask | undefined => {
    const task = state.tasks.get(taskId);
    return task && isHeld(task.row, task.lease, fence, clock) ? task : undefined;
  };
  /** Changes a held row; false when it is not held. */
  const write = (hold: TaskHold, change: (task: StoredTask) => void): boolean => {
    const task = held(hold);
    if (task) change(task);
    return task !== undefined;
  };
  const cancelOne = (task: StoredTask): TaskRow => {
    const before = { ...task.row };
    task.row = endedTask(task.row, 'cancelled', now());
    ringTasks(state);
    return before;
  };

  return {
    enqueue: async (task) => ({ ...addTask(state, clock, task).row }),
    claim: async (params) => claimTask(state, clock, params),
    heartbeat: async (params) => write(params, (task) => setLease(task, clock, params.leaseMs)),
    progress: async (params) =>
      write(params, (task) => {
        task.row.progress = params.progress;
      }),
    beginSubmit: async (params) =>
      write(params, (task) => {
        task.row.submitting = true;
      }),
    keepOperation: async (params) =>
      write(params, (task) => {
        task.row.operation = params.operation;
        task.row.submitting = false;
      }),
    handBack: async (params) =>
      write(params, (task) => {
        const undone = params.attempt === 'undo';
        if (undone && !task.row.submitting) forgetStart(state, task);
        const attempts = task.row.attempts - (undone ? 1 : 0);
        task.row = { ...task.row, status: 'queued', lease_owner: null, expiries: 0, attempts };
        delay(task, clock, params.delayMs);
        ringTasks(state);
      }),
    succeed: async (params) =>
      write(params, (task) => {
        task.row = { ...endedTask(task.row, 'succeeded', now()), result: params.result, error: null };
        ringTasks(state);
      }),
    async fail(params) {
      const task = held(params);
      if (!task) return false;
      const failed = failedTask(task.row, params, now());
      task.row = failed.row;
      if (failed.row.status === 'queued') delay(task, clock, failed.delayMs);
      ringTasks(state);
      return failed.row.status === 'queued' ? 'queued' : 'failed';
    },
    async cancel({ taskId }) {
      const task = state.tasks.get(taskId);
      return task && !isTaskEnded(task.row) ? cancelOne(task) : null;
    },
    async cancelOfRun({ runId }) {
      const isOfRun = ({ row }: StoredTask) =>
        row.workflow_run_id === runId || state.runs.get(row.workflow_run_id)?.row.parent_run_id === runId;
      return byAge(state, (task) => isOfRun(task) && !isTaskEnded(task.row)).map(cancelOne);
    },
    async sweep() {
      const dead = byAge(
        state,
        ({ row, lease }) => row.status === 'leased' && !isLeaseLive({ executor: row.lease_owner, ...lease }, clock),
      );
      for (const task of dead) task.row = expiredTask(task.row, now());
      if (dead.length > 0) ringTasks(state);
      return dead.length;
    },
    unreported: async ({ limit }) => byEnd(state, limit, ({ row }) => !row.reported),
    unsettled: async ({ limit }) => byEnd(state, limit, ({ row, settled }) => !settled && row.status !== 'succeeded'),
    async markSettled({ taskId }) {
      const task = state.tasks.get(taskId);
      if (task) task.settled = true;
    },
    async markReported({ taskId }) {
      const task = state.tasks.get(taskId);
      if (task) task.row.reported = true;
    },
    async find({ taskId }) {
      const task = state.tasks.get(taskId);
      return task ? { ...task.row } : null;
    },
    listOfRun: async ({ runId }) =>
      byAge(state, ({ row }) => row.workflow_run_id === runId).map(({ row }) => ({ ...row })),
    async position({ taskId, limits }) {
      const task = state.tasks.get(taskId);
      if (!task) return null;
      const { provider } = task.row;
      const before = byOrder(state, ({ row }) => row.provider === provider && row.status === 'queued');
      const ahead = before.slice(0, Math.max(0, before.indexOf(task))).filter(({ row }) => !holdsPlace(row)).length;
      const { busy, rated } = loadOf(state, clock, provider, limits);
      return positionOf(task.row, { ready: hasCome(task.ready, clock), ahead, busy, rated });
    },
    async counts() {
      const counts = new Map<string, { provider: string; status: TaskRow['status']; count: number }>();
      for (const { row } of state.tasks.values()) {
        const key = `${row.provider} ${row.status}`;
        const known = counts.get(key) ?? { provider: row.provider, status: row.status, count: 0 };
        counts.set(key, { ...known, count: known.count + 1 });
      }
      return [...counts.values()].sort(
        (a, b) => compareText(a.provider, b.provider) || compareText(a.status, b.status),
      );
    },
    watch(onChange) {
      // A wrapper of its own, so that watching twice with one function is two watches.
      const callback = () => onChange();
      state.taskWatchers.add(callback);
      return () => void state.taskWatchers.delete(callback);
    },
  };
}

/** Adds a task, or answers the first one under its key. Throws `run_not_found`. */
export function addTask(state: MemoryState, clock: Clock, task: NewTask): StoredTask {
  requireRun(state, task.workflow_run_id);
  const known = state.tasks.get(state.taskKeys.get(task.idempotency_key) ?? '');
  if (known) return known;
  const ready = instantIn(clock);
  const stored: StoredTask = {
    row: queuedTask(task, ready.at),
    lease: { untilMs: null, boot: null },
    ready,
    settled: false,
  };
  state.tasks.set(task.task_id, stored);
  state.taskKeys.set(task.idempotency_key, task.task_id);
  ringTasks(state);
  return stored;
}

/** Removes the tasks of a run that is deleted. */
export function dropTasks(state: MemoryState, runId: string): void {
  for (const { row } of state.tasks.values()) {
    if (row.workflow_run_id !== runId) continue;
    state.tasks.delete(row.task_id);
    state.taskKeys.delete(row.idempotency_key);
  }
}

function claimTask(state: MemoryState, clock: Clock, params: ClaimTask): TaskRow | null {
  const { worker, leaseMs, limits, actors } = params;
  const mayClaim = ({ row, ready }: StoredTask): boolean => {
    if (row.status !== 'queued' || !hasCome(ready, clock)) return false;
    if (actors && !actors.includes(row.actor)) return false;
    const { busy, rated } = loadOf(state, clock, row.provider, limits);
    return (!busy || holdsPlace(row)) && (!rated || row.operation !== null);
  };
  const [task] = byOrder(state, mayClaim);
  if (!task) return null;
  const starts = task.row.operation === null && limitOf(limits, task.row.provider)?.perMinute !== undefined;
  task.row = claimedTask(task.row, worker, clock.now().toISOString());
  setLease(task, clock, leaseMs);
  if (starts) {
    const { provider, task_id: taskId, fence } = task.row;
    state.taskStarts = state.taskStarts.filter((start) => start.provider !== provider || isRecent(start.time, clock));
    state.taskStarts.push({ provider, taskId, fence, time: instantIn(clock) });
  }
  return { ...task.row };
}

/** Whether a provider is at its limits. */
function loadOf(
  state: MemoryState,
  clock: Clock,
  provider: string,
  limits: ClaimTask['limits'],
): { busy: boolean; rated: boolean } {
  const limit = limitOf(limits, provider);
  if (!limit) return { busy: false, rated: false };
  let holding = 0;
  for (const { row } of state.tasks.values()) if (row.provider === provider && holdsPlace(row)) holding += 1;
  const starts = state.taskStarts.filter((start) => start.provider === provider && isRecent(start.time, clock)).length;
  return { busy: holding >= limit.atOnce, rated: limit.perMinute !== undefined && starts >= limit.perMinute };
}

function limitOf(limits: ClaimTask['limits'], provider: string): ClaimTask['limits'][string] | undefined {
  return Object.hasOwn(limits, provider) ? limits[provider] : undefined;
}

function isRecent(time: StoredTask['ready'], clock: Clock): boolean {
  return !hasCome(laterBy(time, rateWindowMs), clock);
}

function laterBy(time: StoredTask['ready'], ms: number): StoredTask['ready'] {
  return { ...time, at: new Date(Date.parse(time.at) + ms).toISOString(), ms: time.ms + ms };
}

function forgetStart(state: MemoryState, { row }: StoredTask): void {
  state.taskStarts = state.taskStarts.filter(({ taskId, fence }) => taskId !== row.task_id || fence !== row.fence);
}

function setLease(task: StoredTask, clock: Clock, leaseMs: number): void {
  task.lease = { untilMs: clock.monotonicMs() + leaseMs, boot: clock.bootId };
}

function delay(task: StoredTask, clock: Clock, delayMs: number): void {
  task.ready = instantIn(clock, delayMs);
  task.row.not_before = task.ready.at;
}

function byAge(state: MemoryState, matches: (task: StoredTask) => boolean): StoredTask[] {
  // The map's own order decides between equal times, as a growing row number does elsewhere.
  return [...state.tasks.values()].filter(matches).sort((a, b) => compareText(a.row.created_at, b.row.created_at));
}

/** Ended ones, the first that ended first. */
function byEnd(state: MemoryState, limit: number, matches: (task: StoredTask) => boolean): TaskRow[] {
  return byAge(state, (task) => isTaskEnded(task.row) && matches(task))
    .sort((a, b) => compareText(a.row.finished_at ?? '', b.row.finished_at ?? ''))
    .slice(0, limit)
    .map(({ row }) => ({ ...row }));
}

/** In the order of claims. */
function byOrder(state: MemoryState, matches: (task: StoredTask) => boolean): StoredTask[] {
  return byAge(state, matches).sort((a, b) => b.row.priority - a.row.priority);
}

/** Wakes whoever waits for tasks once the current verb is done. */
function ringTasks(state: MemoryState): void {
  const { taskWatchers } = state;
  for (const callback of taskWatchers) queueMicrotask(() => taskWatchers.has(callback) && callback());
}
