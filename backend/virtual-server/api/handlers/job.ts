import type { SnapshotCarrier } from '@wfm/db';
import type { Principal } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { ExecuteJob, OpenedSnapshot, PreviewCommand, SentWorkflow } from '../../runner/preview-host.ts';
import type { ExecuteBody } from '../bodies.ts';

/** What a host is to do for a request. Throws the refusals of the snapshot's signature, and `request_invalid`. */
export async function jobOf(
  snapshots: SnapshotCarrier,
  principal: Principal,
  body: ExecuteBody,
  command: PreviewCommand,
): Promise<ExecuteJob> {
  const { target_step_id: stepId, target_module_name: moduleName, ai_config: aiConfig, modes, scenario } = body;
  const { capabilities } = body;
  const job: ExecuteJob = {
    userId: principal.userId,
    sessionId: principal.sessionId,
    workflow: sentWorkflow(body),
    snapshot: await takeIfAny(snapshots, principal, body),
    command,
    target: stepId != null && moduleName != null ? { stepId, moduleName } : null,
    mock: body.mock ?? null,
    answers: body.answers,
    autoReapply: body.auto_reapply,
    settings: { modes, scenario },
  };
  if (aiConfig) job.aiConfig = aiConfig;
  if (capabilities) job.capabilities = capabilities;
  if ('branch_id' in body && body.branch_id !== undefined) job.currentBranchId = body.branch_id;
  return job;
}

/** Checks who made a snapshot, for whom and of which run; inflates nothing. */
export async function openSnapshot(
  snapshots: SnapshotCarrier,
  { userId }: Principal,
  body: { virtual_db: string; virtual_run_id?: string | undefined },
): Promise<OpenedSnapshot> {
  return snapshots.take(body.virtual_db, { userId, runId: body.virtual_run_id });
}

async function takeIfAny(
  snapshots: SnapshotCarrier,
  principal: Principal,
  body: ExecuteBody,
): Promise<OpenedSnapshot | null> {
  if (body.virtual_db === null) return null;
  const runId = 'virtual_run_id' in body ? body.virtual_run_id : undefined;
  return openSnapshot(snapshots, principal, { virtual_db: body.virtual_db, virtual_run_id: runId });
}

function sentWorkflow({ workflow, entry_point: entryPoint }: ExecuteBody): SentWorkflow {
  if (typeof workflow !== 'string') return { json: workflow };
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(workflow)) {
    throw new WfmError('request_invalid', '"workflow" must be a JSON object, or a ZIP file in base64.', {
      place: 'workflow',
    });
  }
  const zip = new Uint8Array(Buffer.from(workflow, 'base64'));
  return entryPoint === undefined ? { zip } : { zip, entryPoint };
}
