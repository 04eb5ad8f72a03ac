import {
  type Clock,
  holdsPlace,
  type Instant,
  isTaskEnded,
  type NewTask,
  queuedTask,
  type TaskRow,
} from '@wfm/workflow-engine/ports';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';
import { pack, parseJson, unpack } from './packing.ts';
import type { TaskDoc } from './store-documents.ts';

/** A task with what its document holds beside ours. */
export interface StoredTask {
  doc: TaskDoc;
  row: TaskRow;
}

/** What a change of a task sets beside its row. */
export type TaskChanges = Partial<Pick<TaskDoc, 'ready' | 'lease_until_ms' | 'lease_boot'>>;

/** Time as the queue has it: delays and leases by the database's line of time, dates by the wall. */
export function taskClock({ clock, leases }: MongoContext): Clock {
  return {
    now: () => clock.now(),
    monotonicMs: () => leases.monotonicMs(),
    get bootId() {
      return leases.bootId;
    },
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}

/** The document of a new task. */
export async function newTaskDoc({ ids }: MongoContext, task: NewTask, ready: Instant): Promise<TaskDoc> {
  const row = queuedTask(task, ready.at);
  return {
    _id: task.idempotency_key,
    task_id: task.task_id,
    run_id: task.workflow_run_id,
    rev: 0,
    actor: task.actor,
    provider: task.provider,
    priority: task.priority,
    created_at: task.created_at,
    order: ids.uuid(),
    ready,
    lease_until_ms: null,
    lease_boot: null,
    reported: false,
    settled: false,
    bell: ids.uuid(),
    ...(await columnsOf(row)),
  };
}

/** Adds a task, or answers the first one under its key. */
export async function insertTask({ connection }: MongoContext, doc: TaskDoc): Promise<TaskRow> {
  const tasks = connection.collection('tasks');
  try {
    await tasks.insertOne(doc);
    return (await toStored(doc)).row;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const known = await tasks.findOne({ _id: doc._id });
  return (await toStored(known ?? doc)).row;
}

/** A task as it is kept; null where there is none of that id. */
export async function findTask({ connection }: MongoContext, taskId: string): Promise<StoredTask | null> {
  const doc = await connection.collection('tasks').findOne({ task_id: taskId });
  return doc && toStored(doc);
}

/** A task's document with the row that it holds, unpacked. */
export async function toStored(doc: TaskDoc): Promise<StoredTask> {
  return { doc, row: { ...parseJson<TaskRow>(await unpack(doc.row)), reported: doc.reported } };
}

/** Writes a task as it is now; false when somebody else has changed it meanwhile. */
export async function saveTask(
  { connection, ids }: MongoContext,
  { doc }: StoredTask,
  row: TaskRow,
  changes: TaskChanges = {},
): Promise<boolean> {
  const { matchedCount } = await connection
    .collection('tasks')
    .updateOne(
      { _id: doc._id, rev: doc.rev },
      { $set: { ...(await columnsOf(row)), ...changes, rev: doc.rev + 1, bell: ids.uuid() } },
    );
  return matchedCount === 1;
}

async function columnsOf(row: TaskRow) {
  return {
    row: await pack(JSON.stringify(row)),
    status: row.status,
    fence: row.fence,
    holds: holdsPlace(row),
    begun: row.operation !== null,
    ended_at: isTaskEnded(row) ? row.finished_at : null,
  };
}
