import { type ClaimTask, type Clock, claimedTask, type TaskRow } from '@wfm/workflow-engine/ports';
import type { Filter } from 'mongodb';
import type { MongoContext } from './context.ts';
import { findTask, saveTask, type StoredTask, toStored } from './task-docs.ts';
import { freePlace, hasPlace, loadOf, takePlace } from './task-places.ts';
import type { TaskDoc } from './store-documents.ts';

/** Which task comes first, and taking it. */

/** In how many rounds a claim that loses every race looks for another task. */
const rounds = 50;

/** Leases the task that comes first: its place, then the task itself, each in one atomic operation. */
export async function claimTask(context: MongoContext, clock: Clock, params: ClaimTask): Promise<TaskRow | null> {
  for (let round = 0; round < rounds; round += 1) {
    const task = await firstClaimable(context, clock, params);
    if (!task) return null;
    const row = await tryClaim(context, clock, params, task);
    if (row) return row;
  }
  return null;
}

async function tryClaim(
  context: MongoContext,
  clock: Clock,
  params: ClaimTask,
  task: StoredTask,
): Promise<TaskRow | null> {
  const limit = limitOf(params.limits, task.row.provider);
  const place = !task.doc.holds;
  const start = !task.doc.begun && limit?.perMinute !== undefined;
  if ((place || start) && !(await takePlace(context, clock, task.row, { limit, place, start }))) return null;
  const row = claimedTask(task.row, params.worker, clock.now().toISOString());
  const lease = { lease_until_ms: clock.monotonicMs() + params.leaseMs, lease_boot: clock.bootId };
  if (!(await saveTask(context, task, row, lease))) {
    // A rival that has the task by now has the same place, and the same start.
    const rival = await findTask(context, row.task_id);
    const lost = rival !== null && rival.row.fence >= row.fence;
    if (!lost) await freePlace(context, row, { place, start });
    else if (!rival.doc.holds) await freePlace(context, row);
    return null;
  }
  if (place && !(await hasPlace(context, row))) {
    const claimed = await findTask(context, row.task_id);
    if (claimed?.row.fence === row.fence) await saveTask(context, claimed, { ...task.row, fence: row.fence });
    return null;
  }
  return row;
}

async function firstClaimable(context: MongoContext, clock: Clock, params: ClaimTask): Promise<StoredTask | null> {
  const tasks = context.connection.collection('tasks');
  let first: TaskDoc | null = null;
  for (const provider of await tasks.distinct('provider', { status: 'queued' })) {
    const { busy, rated } = await loadOf(context, clock, provider, limitOf(params.limits, provider));
    const where: Filter<TaskDoc>[] = [{ provider, status: 'queued' }, isReady(clock)];
    if (params.actors) where.push({ actor: { $in: [...params.actors] } });
    // At its limit, a provider goes on with what has its place already.
    if (busy || rated) where.push({ holds: true });
    if (rated) where.push({ begun: true });
    const found = await tasks.findOne({ $and: where }, { sort: { priority: -1, created_at: 1, order: 1 } });
    if (found && (!first || comesBefore(found, first))) first = found;
  }
  return first && toStored(first);
}

/** How many tasks of the same provider come before this one. */
export function countAhead({ connection }: MongoContext, { doc }: StoredTask): Promise<number> {
  const { provider, priority, created_at, order } = doc;
  return connection.collection('tasks').countDocuments({
    provider,
    status: 'queued',
    holds: false,
    $or: [
      { priority: { $gt: priority } },
      { priority, created_at: { $lt: created_at } },
      { priority, created_at, order: { $lt: order } },
    ],
  });
}

export function limitOf(limits: ClaimTask['limits'], provider: string): ClaimTask['limits'][string] | undefined {
  return Object.hasOwn(limits, provider) ? limits[provider] : undefined;
}

function isReady(clock: Clock): Filter<TaskDoc> {
  return {
    $or: [
      { 'ready.boot': clock.bootId, 'ready.ms': { $lte: clock.monotonicMs() } },
      { 'ready.boot': { $ne: clock.bootId }, 'ready.at': { $lte: clock.now().toISOString() } },
    ],
  };
}

function comesBefore(a: TaskDoc, b: TaskDoc): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  if (a.created_at !== b.created_at) return a.created_at < b.created_at;
  return a.order < b.order;
}
