import { type Caller, type LoadedRun, switchBranch } from '@wfm/workflow-engine';
import type { LoadedWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { PreviewSession } from './preview-session.ts';

/**
 * Returns to a branch of the preview (format.md 9.9). A snapshot gives up the definitions of lines that edits have left
 * (22.5); such a line can be returned to by whoever sends its definition. Throws `branch_not_found`, and
 * `version_not_found` for a line without one.
 */
export async function switchTo(
  session: PreviewSession,
  run: LoadedRun,
  branchId: string,
  { loaded, caller }: { loaded: LoadedWorkflow; caller: Caller },
): Promise<WorkflowResponse> {
  const { runs, definitions } = session.database;
  const runId = run.row.workflow_run_id;
  const branch = (await runs.branches({ runId })).find((candidate) => candidate.branch_id === branchId);
  if (branch) {
    const [last] = await runs.readLine({ runId, branchId, afterSeq: branch.last_seq - 1 });
    const versionId = last?.version_id ?? '';
    if (versionId === loaded.versionId) await definitions.keepDefinition({ versionId, definition: loaded.resolved });
    else if ((await definitions.readDefinition({ versionId })) === null) {
      throw new WfmError(
        'version_not_found',
        'An edit has left this branch, and the preview does not hold the workflow of then any more. Send that one along.',
        { params: { branch_id: branchId, version_id: versionId }, place: 'workflow' },
      );
    }
  }
  return switchBranch(session.processor, { ...caller, runId, branchId });
}
