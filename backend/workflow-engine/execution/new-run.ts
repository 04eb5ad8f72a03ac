import type { CompiledVersion } from '../definition/compile-version.ts';
import type { EventOf } from '../events/run-event.ts';
import type { LeaseClaim } from '../ports/run-store.ts';
import type { StartRun } from './commands.ts';
import type { NewRun } from './journal.ts';

/** A run that is about to be: its row, and event 0. A request's key is in neither (format.md 8.4). */
export function newRun(
  params: StartRun,
  version: CompiledVersion,
  made: { runId: string; branchId: string; time: string; engine: string; claim: LeaseClaim },
): { run: NewRun; event: EventOf<'workflow_created'> } {
  const { workflow, versionId } = version;
  const { api_key: _key, ...storedAi } = params.aiConfig ?? {};
  const data: EventOf<'workflow_created'>['data'] = {
    project_name: params.projectName,
    template_name: params.templateName,
    initial_state: workflow.initial_state,
    config: workflow.config,
    mode: params.mode,
    ai_config: storedAi,
  };
  if (params.capabilities !== undefined) data.capabilities = [...params.capabilities];
  if (params.templateId !== null) data.template_id = params.templateId;
  return {
    event: {
      workflow_run_id: made.runId,
      branch_id: made.branchId,
      seq: 0,
      type: 'workflow_created',
      time: made.time,
      version_id: versionId,
      data,
    },
    run: {
      forceNew: params.forceNew ?? false,
      ...(params.idempotencyKey === undefined ? {} : { idempotencyKey: params.idempotencyKey }),
      claim: made.claim,
      row: {
        workflow_run_id: made.runId,
        user_id: params.userId,
        template_id: params.templateId,
        template_name: params.templateName,
        version_id: versionId,
        project_name: params.projectName,
        parent_run_id: null,
        mode: params.mode,
        engine: made.engine,
        created_at: made.time,
      },
    },
  };
}
