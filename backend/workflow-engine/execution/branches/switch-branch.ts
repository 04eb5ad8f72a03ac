import type { WorkflowResponse } from '../../models/execution.ts';
import { branchNotFoundError } from '../../ports/store-rules.ts';
import type { SwitchBranch } from '../commands.ts';
import type { WorkflowProcessor } from '../processor.ts';

/**
 * Returns a run to another of its branches and goes on there, on that branch's own version (format.md 9.9). A question
 * left open there is open again, whatever closed it; work under way on the branch that is left is interrupted. Harmless
 * on the current branch. Throws `run_not_found` and `branch_not_found`.
 */
export async function switchBranch(processor: WorkflowProcessor, params: SwitchBranch): Promise<WorkflowResponse> {
  return processor.command(params, async (run) => {
    const { runId, branchId } = params;
    if (run.row.current_branch_id === branchId) return {};
    const branches = await processor.options.database.runs.branches({ runId });
    const branch = branches.find((row) => row.branch_id === branchId);
    if (!branch) throw branchNotFoundError(branchId);
    const returnTo = await processor.load({ ...params, at: branch });
    return { event: { type: 'branch_resumed', data: { by: params.sessionId } }, returnTo };
  });
}
