import type { RunEvent } from '@wfm/workflow-engine/events';
import { type CallRecord, callUsage, instantIn, type KeptValue, type NewTask } from '@wfm/workflow-engine/ports';
import { deleteBlob } from './blobs.ts';
import type { MongoContext } from './context.ts';
import type { CallDoc, Effect, RunDoc } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { pack } from './packing.ts';
import type { NewEntry } from './run-log.ts';
import { isOversize, putOversize } from './run-oversize.ts';
import { newTaskDoc, taskClock } from './task-docs.ts';

interface Append {
  branchId: string;
  events: readonly RunEvent[];
  calls: readonly CallRecord[];
  outbox: Effect[];
}

/**
 * The entry of an append that follows the run's `no`, and how to take back what was written for it. One without events
 * has no place on its branch: the next append starts where it stands.
 */
export async function entryOf(
  context: MongoContext,
  run: CallRun & Pick<RunDoc, 'no'>,
  append: Append,
): Promise<{ entry: NewEntry; undo: () => Promise<void> }> {
  const [first] = append.events;
  const place = first
    ? { branch_id: append.branchId, seq: first.seq, count: append.events.length }
    : { branch_id: '', seq: run.no + 1, count: 0 };
  const events = append.events.map((event) => JSON.stringify(event));
  const ofEntry = (index: number) => `${run._id}/${run.no + 1}/${index}`;
  const calls = await Promise.all(append.calls.map((call, index) => callDoc(context, run, call, ofEntry(index))));
  if (!isOversize({ events, calls })) {
    const outbox: Effect[] = calls.length > 0 ? [{ kind: 'calls', calls }, ...append.outbox] : append.outbox;
    return { entry: { ...place, events, blob: null, outbox }, undo: async () => {} };
  }
  const blob = { runId: run._id, blob: context.ids.uuid() };
  const texts = calls.map((call, index) => ({ ...call, record: JSON.stringify(append.calls[index]) }));
  await putOversize(context, blob, { events, calls: texts });
  // Says that there are calls in the parts.
  const outbox: Effect[] = calls.length > 0 ? [{ kind: 'calls', calls: [] }, ...append.outbox] : append.outbox;
  return {
    entry: { ...place, events: [], blob: blob.blob, outbox },
    undo: () => deleteBlob(context, blob),
  };
}

/** What a call's document takes from its run. */
type CallRun = Pick<RunDoc, '_id' | 'user_id' | 'template_id' | 'template_name' | 'parent_run_id'>;

export async function callDoc({ ids }: MongoContext, run: CallRun, call: CallRecord, _id: string): Promise<CallDoc> {
  return {
    _id,
    run_id: run._id,
    family_id: run.parent_run_id ?? run._id,
    user_id: run.user_id,
    template_id: run.template_id,
    template_name: run.template_name,
    order: ids.uuid(),
    provider: call.provider,
    target: call.target,
    created_at: call.created_at,
    usage: callUsage(call),
    record: await pack(JSON.stringify(call)),
  };
}

/** Tasks that are enqueued with an entry. */
export async function taskEffects(context: MongoContext, tasks: readonly NewTask[] = []): Promise<Effect[]> {
  const ready = instantIn(taskClock(context));
  const docs = await Promise.all(tasks.map((task) => newTaskDoc(context, task, ready)));
  return docs.map((task) => ({ kind: 'task', task }));
}

/**
 * Keeps values before the entry that names them. Of an append that then loses its race they stay: each is named by its
 * own hash, belongs to the run and goes with it.
 */
export async function putValues(
  { connection }: MongoContext,
  runId: string,
  values: readonly KeptValue[],
): Promise<void> {
  for (const { sha256, json } of values) {
    try {
      const doc = { _id: `${runId}/${sha256}`, run_id: runId, json: await pack(json) };
      await connection.collection('values').insertOne(doc);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }
}
