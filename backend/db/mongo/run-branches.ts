import { branchNotFoundError, type BranchRow, runNotFoundError } from '@wfm/workflow-engine/ports';
import type { MongoContext } from './context.ts';
import type { BranchDoc, RunDoc } from './documents.ts';

export function branchDocId(runId: string, branchId: string): string {
  return `${runId}/${branchId}`;
}

/** Throws `run_not_found`. */
export async function requireRun({ connection }: MongoContext, runId: string): Promise<RunDoc> {
  const run = await connection.collection('runs').findOne({ _id: runId });
  if (!run) throw runNotFoundError(runId);
  return run;
}

export function findBranch(
  { connection }: MongoContext,
  place: { runId: string; branchId: string },
): Promise<BranchDoc | null> {
  const { runId, branchId } = place;
  return connection.collection('branches').findOne({ _id: branchDocId(runId, branchId), run_id: runId });
}

/** Throws `branch_not_found`, or `run_not_found` when there is no such run either. */
export async function requireBranch(
  context: MongoContext,
  place: { runId: string; branchId: string },
): Promise<BranchDoc> {
  const branch = await findBranch(context, place);
  if (branch) return branch;
  await requireRun(context, place.runId);
  throw branchNotFoundError(place.branchId);
}

/** Where the line of a branch of the run ends. Throws `branch_not_found`. */
export async function lastSeqOf(context: MongoContext, run: RunDoc, branchId: string): Promise<number> {
  if (branchId === run.current_branch_id) return run.last_seq;
  const place = { runId: run._id, branchId };
  return lastOwnSeq(context, await requireBranch(context, place));
}

async function lastOwnSeq({ connection }: MongoContext, branch: BranchDoc): Promise<number> {
  const last = await connection
    .collection('batches')
    .findOne(
      { run_id: branch.run_id, branch_id: branch.branch_id },
      { sort: { seq: -1 }, projection: { seq: 1, count: 1 } },
    );
  return last ? last.seq + last.count - 1 : branch.fork_seq;
}

/** In the order of their making. Throws `run_not_found`. */
export async function listBranches(context: MongoContext, runId: string): Promise<BranchRow[]> {
  await requireRun(context, runId);
  const branches = await context.connection
    .collection('branches')
    .find({ run_id: runId }, { sort: { no: 1 } })
    .toArray();
  return Promise.all(
    branches.map(async (branch) => ({
      branch_id: branch.branch_id,
      workflow_run_id: runId,
      parent_branch_id: branch.parent_branch_id,
      fork_seq: branch.fork_seq,
      last_seq: await lastOwnSeq(context, branch),
      kind: branch.kind,
      name: branch.name,
      created_at: branch.created_at,
    })),
  );
}
