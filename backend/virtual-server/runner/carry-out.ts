import { type Caller, type LoadedRun, reopenQuestion } from '@wfm/workflow-engine';
import type { LoadedWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type InteractionAnswer, isJsonObject, limits, type WorkflowResponse } from '@wfm/workflow-engine/models';
import type { ExecuteJob, PreviewCommand, Target } from './preview-host.ts';
import type { PreviewSession } from './preview-session.ts';
import { makeSampleMedia } from './sample-media.ts';
import { runSubAction } from './run-sub-action.ts';
import { switchTo } from './switch-to.ts';

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
    ...(job.capabilities ? { capabilities: job.capabilities } : {}),
  });
}

/**
 * Brings a run up to the workflow as it is now, reusing what still holds (format.md 10.7), then carries the command out.
 * An answer goes to the question that its module asks now. Where all holds, the command is as any other.
 */
export async function carryOutChanged(
  session: PreviewSession,
  run: LoadedRun,
  job: ExecuteJob,
  loaded: LoadedWorkflow,
  budget: Budget,
): Promise<WorkflowResponse> {
  const { command } = job;
  await session.database.definitions.keepDefinition({ versionId: loaded.versionId, definition: loaded.resolved });
  const response = await session.processor.reconcile({
    ...budget.caller(),
    runId: run.row.workflow_run_id,
    versionId: loaded.versionId,
    autoReapply: job.autoReapply,
    ...(command.kind === 'start' && Array.isArray(command.force) ? { force: command.force } : {}),
  });
  const { state } = await session.load();
  if (state.branchId === run.state.branchId && state.lastSeq === run.state.lastSeq)
    return carryOut(session, run, command, loaded, budget);
  if (command.kind === 'start' || command.kind === 'continue') return response;
  if (command.kind === 'reopen') {
    const key = run.state.questions.get(command.interactionId)?.key;
    const again = [...state.questions.values()].findLast((question) => question.key === key);
    const interactionId = again?.interactionId ?? command.interactionId;
    return carryOut(session, await session.load(), { ...command, interactionId }, loaded, budget);
  }
  if (command.kind !== 'respond' && command.kind !== 'sub_action')
    return carryOut(session, await session.load(), command, loaded, budget);
  const asked = run.state.questions.get(command.interactionId);
  const now = state.open;
  if (!asked || now?.key !== asked.key) {
    if (command.kind === 'sub_action') throw new WfmError('interaction_closed', 'The question is no longer asked.');
    return response;
  }
  return carryOut(session, run, { ...command, interactionId: now.interactionId }, loaded, budget);
}

/** Carries a command out on the run that is there. Throws what the processor throws for it. */
export async function carryOut(
  session: PreviewSession,
  run: LoadedRun,
  command: PreviewCommand,
  loaded: LoadedWorkflow,
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
    case 'reopen': {
      const { kind: _kind, ...wanted } = command;
      return reopenQuestion(processor, { ...caller, ...wanted });
    }
    case 'switch':
      return switchTo(session, run, command.branchId, { loaded, caller });
    case 'sub_action':
      return runSubAction(session, command, caller);
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

interface Settling {
  budget: Budget;
  target: Target | null;
  /** A scenario's answer to a module's question, if it has one left. */
  staged: (path: string) => InteractionAnswer | null;
  /** Whether other questions get their smallest valid answer. */
  sample: boolean;
  /** Takes note of the questions that were answered here, and why. */
  sampled: Map<string, string>;
}

/** Goes on as long as there is time, and past questions where the server answers them itself. */
export async function settle(
  session: PreviewSession,
  first: WorkflowResponse,
  options: Settling,
): Promise<WorkflowResponse> {
  const { budget, target } = options;
  let response = first;
  for (let answers = 0; answers <= limits.executionsInOneGo; ) {
    const runId = response.workflow_run_id ?? '';
    if (response.status === 'processing' && budget.mayGoOn()) {
      response = await session.processor.resume({ ...budget.caller(), runId });
    } else if (response.status === 'awaiting_input' && !isAt(response, target)) {
      const answered = await answerUnasked(session, options);
      if (!answered) break;
      answers += 1;
      response = answered;
    } else break;
  }
  return response;
}

/** True where the open question is the target itself: its author wants to see it. */
function isAt({ interaction_request: request }: WorkflowResponse, target: Target | null): boolean {
  const { step_id, module_name } = request?.step_context ?? {};
  return target !== null && step_id === target.stepId && module_name === target.moduleName;
}

/** Answers the open question without a person: by the scenario, else by the smallest valid answer (format.md 11.5). */
async function answerUnasked(
  session: PreviewSession,
  { budget, staged, sample, sampled }: Settling,
): Promise<WorkflowResponse | null> {
  let run = await session.load();
  let { open } = run.state;
  const { step_id, module_name } = open?.request.step_context ?? { step_id: '', module_name: '' };
  const path = `${step_id}/${module_name}`;
  const scripted = staged(path);
  if (!scripted && !sample) return null;
  const module = run.version.find(step_id, module_name)?.module;
  if (!open || module?.kind !== 'interactive') {
    throw new WfmError('interaction_closed', 'The module that asked is gone from the workflow.');
  }
  const reason = scripted ? 'scenario' : 'sample_answer';
  sampled.set(path, reason);
  if (!scripted && open.request.interaction_type === 'media_generation') {
    await makeSampleMedia(session, run, budget.caller().userId);
    run = await session.load();
    open = run.state.open ?? open;
  }
  return session.processor.respond({
    ...budget.caller(),
    runId: run.row.workflow_run_id,
    interactionId: open.interactionId,
    answer: scripted ?? module.sample({ request: open.request, prepared: open.prepared }),
    origin: { kind: 'mocked', reason },
  });
}
