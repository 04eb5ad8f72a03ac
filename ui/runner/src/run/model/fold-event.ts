import type { InteractionRequest, WorkflowResponse } from '@wfm/workflow-engine/models';
import type { HistoryRecord, ModuleView } from './run-api.ts';
import { type Execution, failedAs, moduleKey, type RunModel } from './run-model.ts';

/** An event of the log, as far as the page reads it (format.md 8). */
export interface LogEvent {
  type: string;
  seq: number;
  time: string;
  version_id: string;
  step_id?: string;
  module_name?: string;
  attempt?: number;
  data: Record<string, unknown>;
}

/**
 * What the event changes in the model. Applying one again that was already counted in leaves it as it is, so a whole
 * that was read a moment later than its parts comes right with the events that follow.
 */
export function foldEvent(model: RunModel, event: LogEvent): void {
  if (!model.status) return;
  model.versionId = event.version_id;
  const { data } = event;
  set(model, { last_seq: Math.max(model.status.last_seq, event.seq) });
  switch (event.type) {
    case 'step_started':
      return progress(model, { current_step: event.step_id ?? null, step_index: numberOf(data.index) });
    case 'step_completed':
      return completeStep(model, event);
    case 'module_started':
      return startModule(model, event);
    case 'module_completed':
      return completeModule(model, event);
    case 'module_error':
      closeOpen(model, 'closed', event.time);
      return module(model, event, { phase: 'failed' });
    case 'workflow_error':
      return set(model, { status: 'error', error: data.error as WorkflowResponse['error'] }, ['interaction_request']);
    case 'workflow_resumed':
      return set(model, { status: 'processing' }, ['error']);
    case 'workflow_completed': {
      const { total_steps } = model.status.progress;
      progress(model, { current_step: null, current_module: null, step_index: total_steps });
      return set(model, { status: 'completed', result: data.result ?? {} }, ['interaction_request', 'error']);
    }
    case 'workflow_cancelled':
      closeOpen(model, 'closed', event.time);
      clearWork(model);
      return set(model, { status: 'cancelled' }, ['interaction_request', 'error']);
    case 'interaction_requested':
      return ask(model, event);
    case 'interaction_response':
      module(model, event, { phase: 'answered' });
      closeOpen(model, 'answered', event.time, data);
      return set(model, { status: 'processing' }, ['interaction_request']);
    case 'retry_requested':
    case 'jump_requested':
      closeOpen(model, 'left', event.time, data);
      return set(model, { status: 'processing' }, ['interaction_request', 'error', 'result']);
    case 'task_enqueued':
      if (data.purpose !== 'module') return;
      module(model, event, { phase: 'waiting' });
      return set(model, { status: 'awaiting_task' });
    case 'task_finished':
      clearWork(model);
      return set(model, { status: 'processing' });
    case 'sub_action_started':
      return execution(model, startedExecution(event));
    case 'sub_action_completed':
    case 'sub_action_failed':
      return endExecution(model, event);
    default:
      return;
  }
}

type Optional = 'interaction_request' | 'error' | 'result';

function set(model: RunModel, change: Partial<WorkflowResponse>, without: readonly Optional[] = []): void {
  if (!model.status) return;
  const status = { ...model.status, ...change };
  for (const field of without) delete status[field];
  if (status.status !== 'error' && status.status !== 'processing') delete status.error;
  model.status = status;
  model.touch('status');
}

function progress(model: RunModel, change: Partial<WorkflowResponse['progress']>): void {
  if (model.status) set(model, { progress: { ...model.status.progress, ...change } });
}

function completeStep(model: RunModel, { step_id: stepId, data }: LogEvent): void {
  const done = model.status?.progress.completed_steps ?? [];
  if (stepId === undefined) return;
  progress(model, {
    completed_steps: done.includes(stepId) ? done : [...done, stepId],
    step_index: numberOf(data.index) + 1,
  });
}

function startModule(model: RunModel, event: LogEvent): void {
  const { data } = event;
  clearWork(model);
  progress(model, { current_step: event.step_id ?? null, current_module: event.module_name ?? null });
  set(model, { status: 'processing' }, ['interaction_request']);
  module(model, event, {
    phase: 'started',
    attempt: event.attempt ?? 1,
    started_seq: event.seq,
    started_at: event.time,
    ended_at: null,
    duration_ms: null,
    reason: data.reason as string,
    origin: null,
    edited_inputs: (data.edited_inputs as string[] | undefined) ?? [],
    usage: null,
    warnings: data.warnings as ModuleView['warnings'],
  });
}

function completeModule(model: RunModel, event: LogEvent): void {
  const { data } = event;
  clearWork(model);
  const started = typeof data.started_at === 'string' ? { started_at: data.started_at } : {};
  module(model, event, {
    ...started,
    phase: 'completed',
    ended_at: event.time,
    duration_ms: numberOf(data.duration_ms),
    origin: data.origin as ModuleView['origin'],
    usage: (data.usage as ModuleView['usage'] | undefined) ?? null,
    warnings: data.warnings as ModuleView['warnings'],
  });
  noteState(model, { [event.module_name ?? '']: data.outputs, ...(data.state_mapped as object | undefined) }, [
    data.outputs,
    data.state_mapped,
  ]);
}

function module(model: RunModel, event: LogEvent, change: Partial<ModuleView>): void {
  const { step_id = '', module_name = '' } = event;
  const key = moduleKey(step_id, module_name);
  const known = model.modules.get(key) ?? {
    step_id,
    module_name,
    phase: 'started',
    attempt: event.attempt ?? 1,
    started_seq: event.seq,
    started_at: event.time,
    ended_at: null,
    duration_ms: null,
    reason: null,
    origin: null,
    edited_inputs: [],
    usage: null,
    warnings: [],
  };
  model.modules.set(key, { ...known, ...change });
  model.touch('modules');
}

/** Values that are kept beside the log are not sent along: then the state has to be read anew. */
function noteState(model: RunModel, values: Record<string, unknown>, needed: unknown[]): void {
  if (!model.stateNews) return;
  if (needed.includes(undefined)) model.stateStale = true;
  else for (const [name, value] of Object.entries(values)) model.stateNews.set(name, value);
  model.touch('state');
}

function ask(model: RunModel, event: LogEvent): void {
  const { step_id = '', module_name = '', time, data } = event;
  const id = data.interaction_id as string;
  const request = { ...(data.request as InteractionRequest), interaction_id: id };
  module(model, event, { phase: 'asked' });
  progress(model, { current_step: step_id, current_module: module_name });
  set(model, { status: 'awaiting_input', interaction_request: request });
  const record: HistoryRecord = {
    interaction_id: id,
    step_id,
    module_name,
    request,
    requested_at: time,
    status: 'open',
    response: null,
    action_id: null,
    answered_at: null,
  };
  const known = model.cards.findLastIndex((card) => card.interaction_id === id);
  if (known >= 0) model.cards[known] = record;
  else model.cards.push(record);
  model.executions = [];
  clearWork(model);
  model.touch('cards', 'work');
}

function closeOpen(
  model: RunModel,
  status: HistoryRecord['status'],
  time: string,
  data: Record<string, unknown> = {},
): void {
  const id = data.interaction_id;
  const { idempotency_key: key } = data;
  if (typeof id === 'string' && typeof key === 'string' && model.sentKeys.has(key)) model.answeredHere.add(id);
  const at = model.cards.findLastIndex((card) =>
    id === undefined ? card.status === 'open' : card.interaction_id === id,
  );
  const card = model.cards[at];
  if (!card) return;
  model.cards[at] = {
    ...card,
    status,
    response: (data.response as HistoryRecord['response'] | undefined) ?? null,
    action_id: (data.action_id as string | undefined) ?? null,
    answered_at: status === 'closed' ? null : time,
  };
  model.executions = [];
  model.touch('cards', 'work');
}

function clearWork(model: RunModel): void {
  if (!model.work) return;
  model.work = null;
  model.touch('work');
}

function startedExecution({ data, time }: LogEvent): Execution {
  return {
    executionId: data.execution_id as string,
    subActionId: data.sub_action_id as string,
    expected: numberOf(data.expected),
    message: '',
    startedAt: time,
    status: 'running',
    params: (data.params as Record<string, unknown> | undefined) ?? {},
  };
}

function execution(model: RunModel, started: Execution): void {
  model.executions = [...model.executions.filter(({ executionId }) => executionId !== started.executionId), started];
  model.touch('work');
}

function endExecution(model: RunModel, { type, data, time }: LogEvent): void {
  const error = data.error as Execution['error'];
  const status = type === 'sub_action_completed' ? 'completed' : failedAs(error);
  model.executions = model.executions.map((one) =>
    one.executionId === data.execution_id ? { ...one, status, endedAt: time, ...(error ? { error } : {}) } : one,
  );
  if (status === 'completed' && data.late !== true)
    noteState(model, (data.state_mapped as Record<string, unknown> | undefined) ?? {}, [data.state_mapped]);
  model.touch('work');
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
