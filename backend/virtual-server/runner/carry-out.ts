import type { Caller, LoadedRun } from '@wfm/workflow-engine';
import type { LoadedWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { isJsonObject, limits, type WorkflowResponse } from '@wfm/workflow-engine/models';
import type { ExecuteJob, PreviewCommand, Target } from './preview-host.ts';
import type { PreviewSession } from './preview-session.ts';

/** Hands out a caller with the time that is left, and says whether the time was what stopped an execution. */
export interface Budget {
  caller(): Caller;
  /** True while a stopped execution may go on: its time ran out only because calls to the outside took some. */
  mayGoOn(): boolean;
}

/** Begins a run of the definition in an empty database. */
export async function startFresh(
  session: PreviewSession,
  job: ExecuteJob,
  loaded: LoadedWorkflow,
  budget: Budget,
): Promise<WorkflowResponse> {
  const head = isJsonObject(loaded.resolved) ? loaded.resolved : {};
  const text = (key: string): string => (typeof head[key] === 'string' ? head[key] : '');
  const workflowId = text('workflow_id');
  // Published like a real one, so that a preview's log differs from production's in nothing but ids and times.
  const { template } = await session.database.definitions.publish({
    ownerId: job.userId,
    workflowId,
    name: text('name') || workflowId,
    description: text('description'),
    versionId: loaded.versionId,
    definition: loaded.resolved,
    kind: 'raw',
  });
  return session.processor.start({
    ...budget.caller(),
    projectName: 'preview',
    versionId: loaded.versionId,
    templateId: template.template_id,
    templateName: template.name,
    mode: job.mock === false ? 'real' : 'mock',
  });
}

/** Carries a command out on the run that is there. Throws what the processor throws for it. */
export async function carryOut(
  session: PreviewSession,
  run: LoadedRun,
  command: PreviewCommand,
  budget: Budget,
): Promise<WorkflowResponse> {
  const { processor } = session;
  const runId = run.row.workflow_run_id;
  const caller = { ...budget.caller(), runId };
  switch (command.kind) {
    case 'start':
    case 'continue':
      return goOn(session, run, caller);
    case 'respond': {
      const { kind: _kind, ...answer } = command;
      return processor.respond({ ...caller, ...answer });
    }
    case 'retry':
    case 'jump': {
      const { kind: mode, ...departure } = command;
      return processor.depart({ ...caller, mode, ...departure });
    }
    case 'resume':
      return processor.resume(caller);
  }
}

/** On to the target with an unchanged definition; what is done already is not done again (format.md 10.8). */
async function goOn(
  { processor }: PreviewSession,
  run: LoadedRun,
  caller: Caller & { runId: string },
): Promise<WorkflowResponse> {
  const status = await processor.status(caller);
  if (caller.target && isPassed(run, caller.target)) {
    return { ...status, status: 'target_reached', message: 'The target has been reached already.' };
  }
  return status.status === 'completed' || status.status === 'cancelled' ? status : processor.resume(caller);
}

function isPassed({ state }: LoadedRun, target: Target): boolean {
  for (const record of state.modules.values()) {
    if (record.stepId === target.stepId && record.name === target.moduleName) return record.phase === 'completed';
  }
  return false;
}

/** Goes on as long as there is time, and past questions where the server answers them itself. */
export async function settle(
  session: PreviewSession,
  first: WorkflowResponse,
  options: { budget: Budget; target: Target | null; sample: boolean; sampled: Set<string> },
): Promise<WorkflowResponse> {
  const { budget, target, sample, sampled } = options;
  let response = first;
  for (let answers = 0; answers <= limits.executionsInOneGo; ) {
    const runId = response.workflow_run_id ?? '';
    if (response.status === 'processing' && budget.mayGoOn()) {
      response = await session.processor.resume({ ...budget.caller(), runId });
    } else if (response.status === 'awaiting_input' && sample && !isAt(response, target)) {
      answers += 1;
      response = await answerBySample(session, budget, sampled);
    } else break;
  }
  return response;
}

/** True where the open question is the target itself: its author wants to see it. */
function isAt({ interaction_request: request }: WorkflowResponse, target: Target | null): boolean {
  const { step_id, module_name } = request?.step_context ?? {};
  return target !== null && step_id === target.stepId && module_name === target.moduleName;
}

/** The smallest valid answer to the open question (format.md 11.5). */
async function answerBySample(
  session: PreviewSession,
  budget: Budget,
  sampled: Set<string>,
): Promise<WorkflowResponse> {
  const run = await session.load();
  const { open } = run.state;
  const { step_id, module_name } = open?.request.step_context ?? { step_id: '', module_name: '' };
  const module = run.version.find(step_id, module_name)?.module;
  if (!open || module?.kind !== 'interactive') {
    throw new WfmError('interaction_closed', 'The module that asked is gone from the workflow.');
  }
  sampled.add(`${step_id}/${module_name}`);
  const answer = module.sample({ request: open.request, prepared: open.prepared });
  const question = { runId: run.row.workflow_run_id, interactionId: open.interactionId };
  return session.processor.respond({ ...budget.caller(), ...question, answer });
}
