import { WfmError } from '../../errors/index.ts';
import type { RunRow } from '../../ports/run-store.ts';

/** Throws `branch_not_current` for a command that names another branch than the run's current one (format.md 9.3). */
export function assertCurrent(row: RunRow, branchId: string | undefined): void {
  if (branchId === undefined || branchId === row.current_branch_id) return;
  throw branchNotCurrentError(branchId, row.current_branch_id);
}

/** `branch_not_current`, naming both branches, so that a client can offer to switch. */
export function branchNotCurrentError(branchId: string, currentBranchId: string): WfmError {
  return new WfmError('branch_not_current', 'The run goes on on another branch now. Switch to this one first.', {
    params: { branch_id: branchId, current_branch_id: currentBranchId },
  });
}
