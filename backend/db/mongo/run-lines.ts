import type { RunEvent } from '@wfm/workflow-engine/events';
import {
  type Checkpoint,
  checkpointsKept,
  type LineSegment,
  lineSegments,
  type RunStore,
} from '@wfm/workflow-engine/ports';
import type { MongoContext } from './context.ts';
import type { BatchDoc, BranchDoc } from './documents.ts';
import { pack, packedSize, parseJson, unpack } from './packing.ts';
import { branchDocId, findBranch, requireBranch } from './run-branches.ts';
import { readOversize } from './run-oversize.ts';

/** Reads along a line (format.md 9.1), by ranges of the log's key; nothing here grows with what is not asked for. */

/** Beyond it a checkpoint is left out: it saves time and means nothing. */
const largestCheckpoint = 12 * 1024 * 1024;

/** Events of a branch's line after `afterSeq`, at most to `upToSeq` and at most `limit`, in order. Throws `branch_not_found`. */
export async function readLine(
  context: MongoContext,
  params: Parameters<RunStore['readLine']>[0],
): Promise<RunEvent[]> {
  const { runId, afterSeq, upToSeq = Number.MAX_SAFE_INTEGER, limit = Number.MAX_SAFE_INTEGER } = params;
  const events: RunEvent[] = [];
  for (const segment of await segmentsOf(context, params, { afterSeq, upToSeq })) {
    for (const batch of await batchesOf(context, runId, segment, limit - events.length)) {
      for (const text of await eventsOf(context, batch, segment)) {
        events.push(parseJson<RunEvent>(text));
        if (events.length >= limit) return events;
      }
    }
  }
  return events;
}

/** A branch that ends the range needs no look at its parents. */
async function segmentsOf(
  context: MongoContext,
  place: { runId: string; branchId: string },
  range: { afterSeq: number; upToSeq: number },
): Promise<LineSegment<BranchDoc>[]> {
  const leaf = await requireBranch(context, place);
  if (leaf.parent_branch_id === null || leaf.fork_seq <= range.afterSeq)
    return lineSegments(leaf, () => undefined, range);
  const all = await context.connection.collection('branches').find({ run_id: place.runId }).toArray();
  const byId = new Map(all.map((branch) => [branch.branch_id, branch]));
  return lineSegments(leaf, (id) => byId.get(id), range);
}

/** Batches of a segment; the one that holds its first event may begin before it. */
async function batchesOf(
  { connection }: MongoContext,
  runId: string,
  { branch, first, last }: LineSegment<BranchDoc>,
  limit: number,
): Promise<BatchDoc[]> {
  const batches = connection.collection('batches');
  const own = { run_id: runId, branch_id: branch.branch_id };
  const projection = { outbox: 0 };
  const [opening, rest] = await Promise.all([
    batches.findOne({ ...own, seq: { $lte: first } }, { sort: { seq: -1 }, projection }),
    batches
      .find(
        { ...own, seq: { $gt: first, $lte: last } },
        { sort: { seq: 1 }, projection, limit: Math.min(limit, 1_000_000) },
      )
      .toArray(),
  ]);
  return opening && opening.seq + opening.count > first ? [opening, ...rest] : rest;
}

async function eventsOf(
  context: MongoContext,
  batch: BatchDoc,
  { first, last }: { first: number; last: number },
): Promise<string[]> {
  const events =
    batch.blob === null
      ? batch.events
      : (await readOversize(context, { runId: batch.run_id, blob: batch.blob })).events;
  return events.slice(Math.max(0, first - batch.seq), Math.max(0, last - batch.seq + 1));
}

/** The newest fold that is kept of the line up to `upToSeq`, or null. Throws `branch_not_found`. */
export async function loadCheckpoint(
  context: MongoContext,
  params: Parameters<RunStore['loadCheckpoint']>[0],
): Promise<Checkpoint | null> {
  const segments = await segmentsOf(context, params, { afterSeq: -1, upToSeq: params.upToSeq });
  for (const { branch, last } of segments.reverse()) {
    const found = await context.connection
      .collection('checkpoints')
      .findOne({ run_id: params.runId, branch_id: branch.branch_id, seq: { $lte: last } }, { sort: { seq: -1 } });
    if (found) return { branch_id: branch.branch_id, seq: found.seq, state: await unpack(found.state) };
  }
  return null;
}

/** A checkpoint of a run or branch that is gone is dropped. */
export async function saveCheckpoint(
  context: MongoContext,
  { runId, checkpoint }: Parameters<RunStore['saveCheckpoint']>[0],
): Promise<void> {
  const { branch_id: branchId, seq } = checkpoint;
  const state = await pack(checkpoint.state);
  if (packedSize(state) > largestCheckpoint || !(await findBranch(context, { runId, branchId }))) return;
  const checkpoints = context.connection.collection('checkpoints');
  const own = { run_id: runId, branch_id: branchId };
  const _id = `${branchDocId(runId, branchId)}/${seq}`;
  await checkpoints.replaceOne({ _id, run_id: runId }, { ...own, seq, state }, { upsert: true });
  const oldest = await checkpoints.findOne(own, { sort: { seq: -1 }, skip: checkpointsKept, projection: { seq: 1 } });
  if (oldest) await checkpoints.deleteMany({ ...own, seq: { $lte: oldest.seq } });
  // Deleted meanwhile: nothing may stay behind.
  if (!(await findBranch(context, { runId, branchId }))) await checkpoints.deleteMany(own);
}
