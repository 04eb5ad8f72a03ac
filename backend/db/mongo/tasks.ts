import {
  endedTask,
  expiredTask,
  failedTask,
  hasCome,
  holdsPlace,
  instantIn,
  isHeld,
  isTaskEnded,
  positionOf,
  runNotFoundError,
  type TaskHold,
  type TaskQueue,
  type TaskRow,
} from '@wfm/workflow-engine/ports';
import type { Filter } from 'mongodb';
import { storageUnavailable } from '../storage-errors.ts';
import type { MongoContext } from './context.ts';
import { requireRun } from './run-branches.ts';
import { claimTask, countAhead, limitOf } from './task-claim.ts';
import {
  findTask,
  insertTask,
  newTaskDoc,
  saveTask,
  type StoredTask,
  type TaskChanges,
  taskClock,
  toStored,
} from './task-docs.ts';
import { freePlace, loadOf, sweepPlaces } from './task-places.ts';
import type { TaskDoc } from './store-documents.ts';

/** `TaskQueue` on MongoDB. Every change of a task is one atomic operation on its document. */
export function mongoTasks(context: MongoContext): TaskQueue {
  const { connection, watchers } = context;
  const clock = taskClock(context);
  const tasks = () => connection.collection('tasks');
  const now = () => clock.now().toISOString();
  const ring = () => watchers.rung();
  const held = ({ taskId, fence }: TaskHold) =>
    change(context, taskId, ({ doc, row }) => {
      const lease = { untilMs: doc.lease_until_ms, boot: doc.lease_boot };
      return isHeld(row, lease, fence, clock);
    });
  const many = async (where: Filter<TaskDoc>, sort: Record<string, 1>, limit = 0): Promise<StoredTask[]> =>
    Promise.all((await tasks().find(where, { sort, limit }).toArray()).map(toStored));
  const byAge = { created_at: 1, order: 1 } as const;
  const byEnd = { ended_at: 1, created_at: 1, order: 1 } as const;
  const cancelOne = (taskId: string): Promise<TaskRow | null> =>
    change(context, taskId, ({ row }) => !isTaskEnded(row))((row) => ({ row: endedTask(row, 'cancelled', now()) }));

  return {
    enqueue: (task) =>
      connection.write(async () => {
        await requireRun(context, task.workflow_run_id);
        const row = await insertTask(context, await newTaskDoc(context, task, instantIn(clock)));
        if (!(await connection.collection('runs').findOne({ _id: task.workflow_run_id }, { projection: { _id: 1 } }))) {
          // Deleted meanwhile: nothing may stay behind.
          await tasks().deleteMany({ run_id: task.workflow_run_id });
          throw runNotFoundError(task.workflow_run_id);
        }
        ring();
        return row;
      }),
    claim: (params) => connection.write(() => claimTask(context, clock, params)),
    heartbeat: (params) =>
      connection.write(async () => {
        const lease_until_ms = clock.monotonicMs() + params.leaseMs;
        return (await held(params)((row) => ({ row, changes: { lease_until_ms } }))) !== null;
      }),
    progress: (params) =>
      connection.write(
        async () => (await held(params)((row) => ({ row: { ...row, progress: params.progress } }))) !== null,
      ),
    beginSubmit: (params) =>
      connection.write(async () => (await held(params)((row) => ({ row: { ...row, submitting: true } }))) !== null),
    keepOperation: (params) =>
      connection.write(async () => {
        const { operation } = params;
        return (await held(params)((row) => ({ row: { ...row, operation, submitting: false } }))) !== null;
      }),
    handBack: (params) =>
      connection.write(async () => {
        const undone = params.attempt === 'undo';
        const ready = instantIn(clock, params.delayMs);
        const before = await held(params)((row) => ({
          row: {
            ...row,
            status: 'queued',
            lease_owner: null,
            expiries: 0,
            attempts: row.attempts - (undone ? 1 : 0),
            not_before: ready.at,
          },
          changes: { ready },
        }));
        if (before && undone) await freePlace(context, before, { start: true });
        if (before) ring();
        return before !== null;
      }),
    succeed: (params) =>
      connection.write(async () => {
        const { result } = params;
        const before = await held(params)((row) => ({
          row: { ...endedTask(row, 'succeeded', now()), result, error: null },
        }));
        if (before) ring();
        return before !== null;
      }),
    fail: (params) =>
      connection.write(async () => {
        let became: 'queued' | 'failed' = 'failed';
        const before = await held(params)((old) => {
          const { row, delayMs } = failedTask(old, params, now());
          became = row.status === 'queued' ? 'queued' : 'failed';
          if (became === 'failed') return { row };
          const ready = instantIn(clock, delayMs);
          return { row: { ...row, not_before: ready.at }, changes: { ready } };
        });
        if (!before) return false;
        ring();
        return became;
      }),
    cancel: ({ taskId }) =>
      connection.write(async () => {
        const before = await cancelOne(taskId);
        ring();
        return before;
      }),
    cancelOfRun: ({ runId }) =>
      connection.write(async () => {
        const children = await connection
          .collection('runs')
          .find({ parent_run_id: runId }, { projection: { _id: 1 } })
          .toArray();
        const ids = [runId, ...children.map(({ _id }) => _id)];
        const cancelled: TaskRow[] = [];
        for (const { row } of await many({ run_id: { $in: ids }, ended_at: null }, byAge)) {
          const before = await cancelOne(row.task_id);
          if (before) cancelled.push(before);
        }
        ring();
        return cancelled;
      }),
    sweep: () =>
      connection.write(async () => {
        const isDead: Filter<TaskDoc> = {
          status: 'leased',
          $or: [{ lease_boot: { $ne: clock.bootId } }, { lease_until_ms: { $lte: clock.monotonicMs() } }],
        };
        let count = 0;
        for (const task of await many(isDead, byAge)) {
          const row = expiredTask(task.row, now());
          // Somebody who has changed it meanwhile has seen to it.
          if (!(await saveTask(context, task, row))) continue;
          await freeUnlessHeld(context, task, row);
          count += 1;
        }
        await sweepPlaces(context, clock);
        if (count > 0) ring();
        return count;
      }),
    unreported: ({ limit }) =>
      connection.read(async () => rowsOf(await many({ reported: false, ended_at: { $ne: null } }, byEnd, limit))),
    markReported: ({ taskId }) =>
      connection.write(async () => {
        await tasks().updateOne({ task_id: taskId }, { $set: { reported: true } });
      }),
    unsettled: ({ limit }) =>
      connection.read(async () => {
        const where: Filter<TaskDoc> = { settled: false, status: { $in: ['failed', 'cancelled'] } };
        return rowsOf(await many(where, byEnd, limit));
      }),
    markSettled: ({ taskId }) =>
      connection.write(async () => {
        await tasks().updateOne({ task_id: taskId }, { $set: { settled: true } });
      }),
    find: ({ taskId }) => connection.read(async () => (await findTask(context, taskId))?.row ?? null),
    listOfRun: ({ runId }) => connection.read(async () => rowsOf(await many({ run_id: runId }, byAge))),
    position: ({ taskId, limits }) =>
      connection.read(async () => {
        const task = await findTask(context, taskId);
        if (!task) return null;
        const { provider, status } = task.row;
        const load = await loadOf(context, clock, provider, limitOf(limits, provider));
        const ahead = status === 'queued' ? await countAhead(context, task) : 0;
        return positionOf(task.row, { ready: hasCome(task.doc.ready, clock), ahead, ...load });
      }),
    counts: () =>
      connection.read(async () => {
        const groups = await tasks()
          .aggregate<{ _id: { provider: string; status: TaskRow['status'] }; count: number }>([
            { $group: { _id: { provider: '$provider', status: '$status' }, count: { $sum: 1 } } },
            { $sort: { '_id.provider': 1, '_id.status': 1 } },
          ])
          .toArray();
        return groups.map(({ _id, count }) => ({ provider: _id.provider, status: _id.status, count }));
      }),
    watch: (onChange) => watchers.watchTasks(onChange),
  };
}

type Changed = { row: TaskRow; changes?: TaskChanges };

/**
 * Changes a task if it may be changed, and again if somebody else was faster. Answers the row as it was before, or null
 * when it may not be. A place that it no longer takes up is freed.
 */
function change(context: MongoContext, taskId: string, may: (task: StoredTask) => boolean) {
  return async (make: (row: TaskRow) => Changed): Promise<TaskRow | null> => {
    for (let tries = 0; tries < 100; tries += 1) {
      const task = await findTask(context, taskId);
      if (!task || !may(task)) return null;
      const { row, changes } = make(task.row);
      if (!(await saveTask(context, task, row, changes))) continue;
      await freeUnlessHeld(context, task, row);
      return task.row;
    }
    throw storageUnavailable('The task is being changed all the time. Try again.');
  };
}

async function freeUnlessHeld(context: MongoContext, { doc }: StoredTask, row: TaskRow): Promise<void> {
  if (doc.holds && !holdsPlace(row)) await freePlace(context, row);
}

function rowsOf(tasks: StoredTask[]): TaskRow[] {
  return tasks.map(({ row }) => row);
}
