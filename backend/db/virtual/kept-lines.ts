import type { RunEvent } from '@wfm/workflow-engine/events';
import type { BranchRow } from '@wfm/workflow-engine/ports';

/** Where a run is opened: the branch whose own events hold the last one taken, and that event's `seq`. */
export interface OpenPoint {
  branchId: string;
  seq: number;
}

/** The point of a line at a `seq`: an inherited event belongs to the branch that it was made on (format.md 9.1). */
export function pointAt(branches: readonly BranchRow[], currentId: string, seq: number): OpenPoint {
  const byId = new Map(branches.map((branch) => [branch.branch_id, branch]));
  let branch = byId.get(currentId);
  while (branch?.parent_branch_id != null && seq <= branch.fork_seq) branch = byId.get(branch.parent_branch_id);
  return { branchId: branch?.branch_id ?? currentId, seq };
}

/**
 * True when a branch was there as the point's event was written: it was not made by leaving the point's branch later on.
 * `kept` holds the branches that were kept so far, parents first; `created` is the branch's own first event.
 */
export function isKept(
  branch: BranchRow,
  point: OpenPoint,
  kept: ReadonlySet<string>,
  created: RunEvent | undefined,
): boolean {
  if (branch.parent_branch_id === null) return true;
  if (!kept.has(branch.parent_branch_id)) return false;
  if (branch.parent_branch_id !== point.branchId) return true;
  if (created?.type !== 'branch_created') return false;
  const { kind, state_seq: stateSeq = branch.fork_seq } = created.data;
  // What leaves a line is the event after `state_seq`; reconciling leaves it without one (format.md 9.8, 10.7.6).
  return kind === 'reconcile' ? stateSeq < point.seq : stateSeq + 1 < point.seq;
}
