import { runNotFoundError } from '@wfm/workflow-engine/ports';
import { storageUnavailable } from '../storage-errors.ts';
import type { MongoContext } from './context.ts';
import type { BatchDoc, Effect, RunChanges, RunDoc } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { type LookUp, releaseKey, takeKey } from './names.ts';
import { readOversize } from './run-oversize.ts';
import { eraseRun } from './run-erase.ts';
import { insertTask } from './task-docs.ts';

/**
 * The run's log and its row. Inserting an entry is the commit; its effects are applied at once, by whoever inserted it,
 * or after a crash by whoever finds them missing. The row's `no` says how far that has come.
 */

/** An entry that somebody wants to add, before it has a number. */
export type NewEntry = Pick<BatchDoc, 'branch_id' | 'seq' | 'count' | 'events' | 'blob' | 'outbox'>;

/** What a look at the run led to: an entry to add, and the answer once it is in. */
export interface Plan<T> {
  entry: NewEntry | null;
  answer: T;
  /** Called when the entry lost its race and the run is looked at anew. */
  undo?: () => Promise<void>;
}

/** How long a rival's entry that is not readable yet is waited for. */
const patienceMs = 5_000;

/**
 * Adds one entry to a run. `plan` is asked with the run's row, and again whenever somebody else was faster; what it
 * throws is thrown once it is certain that the row was the newest. Throws `run_not_found`.
 */
export function changeRun<T>(
  context: MongoContext,
  runId: string,
  plan: (run: RunDoc) => Promise<Plan<T>>,
): Promise<T> {
  return context.locks.run(runId, async () => {
    const deadline = performance.now() + patienceMs;
    let run: RunDoc | null = await announce(context, runId);
    for (;;) {
      if (!run) throw runNotFoundError(runId);
      const seen: number = run.no;
      let planned: Plan<T>;
      try {
        planned = await plan(run);
      } catch (error) {
        run = await catchUp(context, run);
        if (run && run.no === seen) throw error;
        continue;
      }
      if (!planned.entry) return planned.answer;
      const entry = numbered(context, runId, seen + 1, planned.entry);
      if (await insertEntry(context, entry)) {
        await applyEntry(context, entry);
        context.watchers.appended(runId, entry.no);
        return planned.answer;
      }
      await planned.undo?.();
      run = await catchUp(context, run);
      if (run?.no !== seen) continue;
      if (performance.now() > deadline) throw storageUnavailable('The run is being changed all the time. Try again.');
      await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 20));
    }
  });
}

/** An entry with its number and a name of its own. */
export function numbered({ ids }: MongoContext, runId: string, no: number, entry: NewEntry): BatchDoc {
  return { _id: `${runId}/${no}`, run_id: runId, no, ...entry, by: ids.uuid() };
}

/** An entry that appends no event; its `seq` is its number, on no branch. */
export function withoutEvents(no: number, outbox: Effect[]): NewEntry {
  return { branch_id: '', seq: no, count: 0, events: [], blob: null, outbox };
}

/** False when another entry has its number or its place on the line. */
export async function insertEntry({ connection }: MongoContext, entry: BatchDoc): Promise<boolean> {
  const batches = connection.collection('batches');
  try {
    await batches.insertOne(entry);
    return true;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  // The driver may have sent it twice.
  const known = await batches.findOne({ run_id: entry.run_id, no: entry.no }, { projection: { by: 1 } });
  return known?.by === entry.by;
}

/**
 * Applies what the log holds beyond the row. The newest row, or null when the run is gone. `busy` names the runs that are
 * being looked at already: two runs that each wait for the other's name would else look for ever.
 */
export async function catchUp(
  context: MongoContext,
  run: RunDoc,
  busy: readonly string[] = [],
): Promise<RunDoc | null> {
  const { connection } = context;
  for (let row: RunDoc | null = run; ; row = await connection.collection('runs').findOne({ _id: run._id })) {
    if (!row) return null;
    const entry = await connection.collection('batches').findOne({ run_id: run._id, no: row.no + 1 });
    if (!entry) return row;
    await applyEntry(context, entry, busy);
  }
}

/**
 * The same by id. A run that is only being created is waited for; when its creator seems dead its start is closed, so
 * that it can never come about, and null is the answer.
 */
export async function catchUpById(
  context: MongoContext,
  runId: string,
  busy: readonly string[] = [],
): Promise<RunDoc | null> {
  const { connection } = context;
  const deadline = performance.now() + context.startPatienceMs;
  for (;;) {
    const run = await connection.collection('runs').findOne({ _id: runId });
    if (run) return catchUp(context, run, busy);
    const first = await connection.collection('batches').findOne({ run_id: runId, no: 0 });
    if (first && first.branch_id === '') return null;
    if (first) await applyEntry(context, first, busy);
    else if (performance.now() > deadline)
      await insertEntry(context, numbered(context, runId, 0, withoutEvents(0, [])));
    else await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20));
  }
}

/** Applies an entry's effects and raises the run's `no`. Safe to repeat, and to do late. */
export async function applyEntry(context: MongoContext, entry: BatchDoc, busy: readonly string[] = []): Promise<void> {
  const { connection } = context;
  const runs = connection.collection('runs');
  const runId = entry.run_id;
  let changes: RunChanges = { busy_ms: null };
  for (const effect of await outboxOf(context, entry)) {
    if (effect.kind === 'delete') {
      await eraseRun(context, runId, effect.keys);
      return;
    }
    changes = { ...changes, ...(await applyEffect(context, entry, effect, busy)) };
  }
  const { matchedCount } = await runs.updateOne(
    { _id: runId, no: entry.no - 1 },
    { $set: { ...changes, no: entry.no } },
  );
  if (matchedCount === 0 && !(await runs.findOne({ _id: runId }, { projection: { _id: 1 } }))) {
    // It was deleted while we were at it.
    await eraseRun(context, runId, []);
    return;
  }
  if (entry.outbox.some(({ kind }) => kind === 'calls'))
    // They are in their own collection now.
    await connection
      .collection('batches')
      .updateOne({ run_id: runId, no: entry.no }, { $pull: { outbox: { kind: 'calls' } } });
}

async function applyEffect(
  context: MongoContext,
  entry: BatchDoc,
  effect: Exclude<Effect, { kind: 'delete' }>,
  busy: readonly string[],
): Promise<RunChanges> {
  const { connection } = context;
  const { run_id: runId, no } = entry;
  switch (effect.kind) {
    case 'create':
      await ignoreDuplicates(
        connection.collection('runs').insertOne({ ...effect.run, no: no - 1, busy_ms: context.leases.monotonicMs() }),
      );
      // A late helper must not bring back a run that was deleted meanwhile.
      if (!(await connection.collection('batches').findOne({ run_id: runId, no }, { projection: { _id: 1 } })))
        await connection.collection('runs').deleteOne({ _id: runId });
      return {};
    case 'branch':
      await ignoreDuplicates(connection.collection('branches').insertOne(effect.branch));
      return {};
    case 'calls':
      await ignoreDuplicates(connection.collection('calls').insertMany(effect.calls, { ordered: false }));
      return {};
    case 'task':
      await insertTask(context, effect.task);
      context.watchers.rung();
      return {};
    case 'take_name': {
      const lookUp: LookUp = async (id) => (busy.includes(id) ? 'busy' : catchUpById(context, id, [...busy, runId]));
      const { taken } = await takeKey(context, { _id: effect.key, run_id: runId, no }, { lookUp });
      return taken ? { active_name: effect.name, name_no: no } : { active_name: null, name_no: null };
    }
    case 'release_name':
      await releaseKey(context, { _id: effect.key, run_id: runId, no });
      return { active_name: null, name_no: null };
    case 'drop_name':
      await connection
        .collection('runs')
        .updateOne({ _id: effect.run_id, name_no: effect.name_no }, { $set: { active_name: null, name_no: null } });
      return {};
    case 'set':
      return effect.changes;
  }
}

/** The effects, those that were too large for the document included. */
async function outboxOf(context: MongoContext, entry: BatchDoc): Promise<Effect[]> {
  const { blob } = entry;
  if (blob === null || !entry.outbox.some(({ kind }) => kind === 'calls')) return entry.outbox;
  const { calls } = await readOversize(context, { runId: entry.run_id, blob });
  return entry.outbox.map((effect) => (effect.kind === 'calls' ? { ...effect, calls } : effect));
}

async function ignoreDuplicates(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/** The row as the primary has it now, marked as being changed. */
function announce({ connection, leases }: MongoContext, runId: string): Promise<RunDoc | null> {
  return connection
    .collection('runs')
    .findOneAndUpdate({ _id: runId }, { $set: { busy_ms: leases.monotonicMs() } }, { returnDocument: 'after' });
}
