import {
  endedTask,
  expiredTask,
  failedTask,
  hasCome,
  instantIn,
  isTaskEnded,
  positionOf,
  type TaskHold,
  type TaskQueue,
  type TaskRow,
  type TaskStatus,
} from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { read, type SqliteContext } from './context.ts';
import { claimTask, countAhead, firstClaimable, forgetStart, loadOf } from './task-claim.ts';
import { findHeld, findTask, findTasks, insertTask, saveTask, type StoredTask } from './task-rows.ts';

/** What watchers of the queue wait for among the ids of runs; no id of a run looks like it. */
export const taskBell = 'tasks';

/** `TaskQueue` on SQLite. */
export function sqliteTasks({ connection, queue, watchers, clock }: SqliteContext): TaskQueue {
  const now = () => clock.now().toISOString();
  let isBusy = false;
  /** A write of the holder; false when it holds the task no longer. */
  const write = (hold: TaskHold, change: (task: StoredTask) => void, bell?: string): Promise<boolean> =>
    queue.submit(() => {
      const task = findHeld(connection, clock, hold);
      if (task) change(task);
      return task !== undefined;
    }, bell);
  const cancelOne = (task: StoredTask): TaskRow => {
    saveTask(connection, task.no, endedTask(task.row, 'cancelled', now()));
    return task.row;
  };

  return {
    async enqueue(task) {
      const row = await queue.submit(() => insertTask(connection, clock, task));
      watchers.call(taskBell);
      return row;
    },
    async claim(params) {
      // A look takes no lock of the file; after one that found something, the next one most likely does too.
      if (!isBusy && !(await read(() => firstClaimable(connection, clock, params)))) return null;
      const row = await queue.submit(() => claimTask(connection, clock, params));
      isBusy = row !== null;
      return row;
    },
    heartbeat: (params) =>
      write(params, ({ no }) => {
        const until = clock.monotonicMs() + params.leaseMs;
        connection.run('UPDATE tasks SET lease_until_ms = ? WHERE no = ?', until, no);
      }),
    progress: (params) =>
      write(params, ({ no }) => {
        connection.run('UPDATE tasks SET progress = ? WHERE no = ?', JSON.stringify(params.progress), no);
      }),
    beginSubmit: (params) =>
      write(params, ({ no }) => {
        connection.run('UPDATE tasks SET submitting = 1 WHERE no = ?', no);
      }),
    keepOperation: (params) =>
      write(params, ({ no }) => {
        const operation = JSON.stringify(params.operation);
        connection.run('UPDATE tasks SET operation = ?, submitting = 0 WHERE no = ?', operation, no);
      }),
    handBack: (params) =>
      write(
        params,
        ({ no, row }) => {
          const undone = params.attempt === 'undo';
          if (undone && !row.submitting) forgetStart(connection, row);
          const attempts = row.attempts - (undone ? 1 : 0);
          const back: TaskRow = { ...row, status: 'queued', lease_owner: null, expiries: 0, attempts };
          saveTask(connection, no, back, { ready: instantIn(clock, params.delayMs) });
        },
        taskBell,
      ),
    succeed: (params) =>
      write(
        params,
        ({ no, row }) =>
          saveTask(connection, no, { ...endedTask(row, 'succeeded', now()), result: params.result, error: null }),
        taskBell,
      ),
    fail: (params) =>
      queue.submit(() => {
        const task = findHeld(connection, clock, params);
        if (!task) return false;
        const { row, delayMs } = failedTask(task.row, params, now());
        const again = row.status === 'queued';
        saveTask(connection, task.no, row, again ? { ready: instantIn(clock, delayMs) } : {});
        return again ? 'queued' : 'failed';
      }, taskBell),
    cancel: ({ taskId }) =>
      queue.submit(() => {
        const task = findTask(connection, taskId);
        return task && !isTaskEnded(task.row) ? cancelOne(task) : null;
      }, taskBell),
    cancelOfRun: ({ runId }) =>
      queue.submit(() => findTasks(connection, ofRunAndChildren, runId, runId).map(cancelOne), taskBell),
    async sweep() {
      if ((await read(() => deadTasks(connection, clock))).length === 0) return 0;
      return queue.submit(() => {
        const dead = deadTasks(connection, clock);
        for (const { no, row } of dead) saveTask(connection, no, expiredTask(row, now()));
        return dead.length;
      }, taskBell);
    },
    unreported: ({ limit }) => read(() => rowsOf(unreportedTasks(connection, limit))),
    markReported: ({ taskId }) =>
      queue.submit(() => void connection.run('UPDATE tasks SET reported = 1 WHERE task_id = ?', taskId)),
    unsettled: ({ limit }) => read(() => rowsOf(unsettledTasks(connection, limit))),
    markSettled: ({ taskId }) =>
      queue.submit(() => void connection.run('UPDATE tasks SET settled = 1 WHERE task_id = ?', taskId)),
    find: ({ taskId }) => read(() => findTask(connection, taskId)?.row ?? null),
    listOfRun: ({ runId }) =>
      read(() => {
        const where = 'run_no = (SELECT no FROM runs WHERE workflow_run_id = ?) ORDER BY created_at, no';
        return rowsOf(findTasks(connection, where, runId));
      }),
    position: ({ taskId, limits }) =>
      read(() => {
        const task = findTask(connection, taskId);
        if (!task) return null;
        const { busy, rated } = loadOf(connection, clock, task.row.provider, limits);
        const ahead = task.row.status === 'queued' ? countAhead(connection, task) : 0;
        return positionOf(task.row, { ready: hasCome(task.ready, clock), ahead, busy, rated });
      }),
    counts: () =>
      read(() =>
        connection.all<{ provider: string; status: TaskStatus; count: number }>(
          'SELECT provider, status, count FROM task_counts WHERE count > 0 ORDER BY provider, status',
        ),
      ),
    watch: (onChange) => watchers.watch(taskBell, onChange),
  };
}

const ofRunAndChildren = `run_no IN (SELECT no FROM runs WHERE workflow_run_id = ? UNION SELECT no FROM runs WHERE parent_run_id = ?)
  AND status IN ('queued', 'leased') ORDER BY created_at, no`;

/** Tasks whose lease has run out, or is of another boot. */
export function deadTasks(connection: Connection, clock: SqliteContext['clock']): StoredTask[] {
  return findTasks(
    connection,
    "status = 'leased' AND (lease_boot <> ? OR lease_until_ms <= ?) ORDER BY created_at, no",
    clock.bootId,
    clock.monotonicMs(),
  );
}

/** Ended tasks whose run does not know yet, oldest first. */
export function unreportedTasks(connection: Connection, limit: number): StoredTask[] {
  return findTasks(connection, 'reported = 0 AND finished_at IS NOT NULL ORDER BY finished_at, no LIMIT ?', limit);
}

/** Ended tasks that left something to clear up. */
export function unsettledTasks(connection: Connection, limit: number): StoredTask[] {
  const where = "settled = 0 AND status IN ('failed', 'cancelled') ORDER BY finished_at, no LIMIT ?";
  return findTasks(connection, where, limit);
}

function rowsOf(tasks: StoredTask[]): TaskRow[] {
  return tasks.map(({ row }) => row);
}
