import { branchNotFoundError } from '@wfm/workflow-engine/ports';
import type { NameBranchJob, NamedBranch } from './preview-host.ts';
import { type HostOptions, PreviewSession } from './preview-session.ts';

/** Names a branch of a snapshot. Throws the refusals of the snapshot, and `branch_not_found`. */
export async function nameBranch(options: HostOptions, job: NameBranchJob): Promise<NamedBranch> {
  const { userId, snapshot, branchId, name } = job;
  const { session, target } = await PreviewSession.open(options.storage, snapshot, { ...options, userId });
  const { row } = await session.load();
  const runId = row.workflow_run_id;
  const { runs } = session.database;
  const branch = (await runs.branches({ runId })).find((candidate) => candidate.branch_id === branchId);
  if (!branch) throw branchNotFoundError(branchId);
  await runs.renameBranch({ runId, branchId, name });
  return {
    branch: { ...branch, name },
    currentBranchId: row.current_branch_id,
    gzip: await session.export(runId, target, options.engine),
  };
}
