import type { EventOf, RunEvent } from '../events/run-event.ts';
import type { StoredError } from '../errors/index.ts';
import type { JsonObject } from '../models/json.ts';
import { requestOf } from './large-values.ts';
import {
  copyState,
  type HydratedEvent,
  type ModuleKey,
  type ModuleRecord,
  moduleKey,
  type RunState,
  type SubActionRecord,
} from './run-state.ts';

/**
 * Folds events into a state: `fold(fold(null, a), b)` equals `fold(null, [...a, ...b])`. The given state is not
 * changed. The first event of a log is `workflow_created`; throws a TypeError when it is not.
 */
export function fold(state: RunState | null, events: readonly HydratedEvent[]): RunState {
  const [first, ...rest] = events;
  if (state) {
    const next = copyState(state);
    for (const item of events) applyEvent(next, item);
    return next;
  }
  if (first?.event.type !== 'workflow_created') throw new TypeError('a log begins with workflow_created');
  const next = stateOfCreated(first.event);
  for (const item of rest) applyEvent(next, item);
  return next;
}

/** The state after event 0. */
export function stateOfCreated(event: EventOf<'workflow_created'>): RunState {
  return {
    runId: event.workflow_run_id,
    branchId: event.branch_id,
    lastSeq: event.seq,
    versionId: event.version_id,
    created: event.data,
    createdAt: event.time,
    flat: Object.assign(Object.create(null) as JsonObject, event.data.initial_state),
    branchIds: [event.branch_id],
    stepsStarted: new Set(),
    stepsCompleted: new Set(),
    modules: new Map(),
    questions: new Map(),
    subActions: [],
    open: null,
    task: null,
    finished: null,
    inputs: null,
    ended: null,
    result: null,
    error: null,
    failed: null,
    departure: null,
    fork: null,
    retryTurns: new Map(),
    earlierAnswers: new Map(),
  };
}

/** Folds one event into a state that the caller owns, changing it. */
export function applyEvent(state: RunState, { event, left }: HydratedEvent): void {
  state.lastSeq = event.seq;
  state.versionId = event.version_id;
  switch (event.type) {
    case 'step_started':
      if (event.step_id !== undefined) state.stepsStarted.add(event.step_id);
      return;
    case 'step_completed':
      if (event.step_id !== undefined) state.stepsCompleted.add(event.step_id);
      return;
    case 'module_started':
      startModule(state, event);
      return;
    case 'module_completed':
      completeModule(state, event);
      return;
    case 'module_error':
      failModule(state, event);
      return;
    case 'workflow_error':
      state.error = event.data.error as RunState['error'];
      return;
    case 'workflow_resumed':
      state.error = null;
      return;
    case 'workflow_completed':
      state.ended = 'completed';
      state.result = event.data.result ?? {};
      return;
    case 'workflow_cancelled':
      state.ended = 'cancelled';
      state.open = null;
      state.task = null;
      state.finished = null;
      return;
    case 'interaction_requested':
      askQuestion(state, event);
      return;
    case 'interaction_response': {
      closeQuestion(state, event, 'answer');
      setPhase(state, keyOf(event), 'answered');
      if (state.open) {
        const { response, origin } = event.data;
        state.open = { ...state.open, response, origin, warnings: event.data.warnings ?? [] };
      }
      // A question that was cancelled has no answer to offer again.
      if (event.data.response.cancelled !== true)
        state.earlierAnswers.set(keyOf(event), { branchId: event.branch_id, seq: event.seq });
      return;
    }
    case 'retry_requested':
    case 'jump_requested':
      closeQuestion(state, event, event.type === 'retry_requested' ? 'retry' : 'jump');
      state.departure = event;
      return;
    case 'branch_created':
      enterBranch(state, event, left);
      return;
    case 'version_switched':
      switchVersion(state, event);
      return;
    case 'branch_resumed':
      returnToLine(state);
      return;
    case 'sub_action_started':
      state.subActions = [...state.subActions, startedSubAction(event)];
      return;
    case 'sub_action_completed':
      if (event.data.late !== true) Object.assign(state.flat, event.data.state_mapped);
      endSubAction(state, event, event.data.late === true ? 'late' : 'completed');
      return;
    case 'sub_action_failed':
      endSubAction(state, event, 'failed');
      return;
    case 'task_enqueued': {
      const key = event.data.purpose === 'module' ? keyOf(event) : '';
      if (event.data.purpose === 'module' && !setPhase(state, key, 'waiting')) return;
      state.task = { taskId: event.data.task_id, key, since: event.time, warnings: event.data.warnings ?? [] };
      return;
    }
    case 'task_finished': {
      const { task_id: taskId, status, result, error } = event.data;
      if (state.task?.taskId !== taskId) return;
      setPhase(state, state.task.key, 'task_finished');
      state.finished = { ...state.task, status, result, error: (error as StoredError | undefined) ?? null };
      state.task = null;
      return;
    }
    default:
      return;
  }
}

function startedSubAction({ data, time }: EventOf<'sub_action_started'>): SubActionRecord {
  return {
    executionId: data.execution_id,
    subActionId: data.sub_action_id,
    interactionId: data.interaction_id,
    idempotencyKey: data.idempotency_key ?? null,
    expected: data.expected,
    startedAt: time,
    status: 'running',
    endedSeq: null,
  };
}

function endSubAction(
  state: RunState,
  { seq, data }: EventOf<'sub_action_completed' | 'sub_action_failed'>,
  status: SubActionRecord['status'],
): void {
  state.subActions = state.subActions.map((record) =>
    record.executionId === data.execution_id ? { ...record, status, endedSeq: seq } : record,
  );
}

const keyOf = (event: RunEvent): ModuleKey => moduleKey(event.step_id ?? '', event.module_name ?? '');

/** Records are replaced, never changed: copies of a state share them. */
function setPhase(state: RunState, key: ModuleKey, phase: ModuleRecord['phase']): boolean {
  const record = state.modules.get(key);
  if (record) state.modules.set(key, { ...record, phase });
  return record !== undefined;
}

function startModule(state: RunState, event: EventOf<'module_started'>): void {
  const key = keyOf(event);
  const earlier = state.modules.get(key);
  state.modules.set(key, {
    stepId: event.step_id ?? '',
    name: event.module_name ?? '',
    attempt: event.attempt ?? 1,
    firstSeq: earlier?.firstSeq ?? event.seq,
    startedSeq: event.seq,
    inputHash: event.data.input_hash,
    phase: 'started',
    interactionId: null,
    completedSeq: null,
  });
  state.failed = null;
  state.inputs = { key, inputs: event.data.inputs ?? {} };
}

function completeModule(state: RunState, event: EventOf<'module_completed'>): void {
  const key = keyOf(event);
  const name = event.module_name ?? '';
  state.flat[name] = event.data.outputs ?? {};
  // Entries are set one by one in their stored order, so that an equal name ends as the author wrote it last.
  for (const [target, value] of Object.entries(event.data.state_mapped ?? {})) state.flat[target] = value;
  const record = state.modules.get(key);
  state.modules.set(key, {
    stepId: event.step_id ?? '',
    name,
    attempt: event.attempt ?? record?.attempt ?? 1,
    firstSeq: record?.firstSeq ?? event.seq,
    startedSeq: record?.startedSeq ?? event.seq,
    inputHash: event.data.input_hash,
    phase: 'completed',
    interactionId: record?.interactionId ?? null,
    completedSeq: event.seq,
  });
  if (state.open?.key === key) state.open = null;
  if (state.finished?.key === key) state.finished = null;
  state.inputs = null;
}

/** A module whose inputs cannot be resolved fails before it starts; it has run all the same, and can be gone back to. */
function failModule(state: RunState, event: EventOf<'module_error'>): void {
  const key = keyOf(event);
  if (!setPhase(state, key, 'failed')) {
    state.modules.set(key, {
      stepId: event.step_id ?? '',
      name: event.module_name ?? '',
      attempt: event.data.attempt,
      firstSeq: event.seq,
      startedSeq: event.seq,
      inputHash: '',
      phase: 'failed',
      interactionId: null,
      completedSeq: null,
    });
  }
  state.failed = key;
  state.open = null;
  state.finished = null;
  state.inputs = null;
}

function askQuestion(state: RunState, event: EventOf<'interaction_requested'>): void {
  const key = keyOf(event);
  const { interaction_id: interactionId, module_id: moduleId, prepared } = event.data;
  const record = state.modules.get(key);
  if (record) state.modules.set(key, { ...record, phase: 'asked', interactionId });
  state.questions.set(interactionId, { interactionId, key, moduleId, requestedSeq: event.seq, answer: null });
  state.open = { interactionId, key, request: requestOf(event), prepared, response: null, origin: null, warnings: [] };
}

function closeQuestion(
  state: RunState,
  event: EventOf<'interaction_response' | 'retry_requested' | 'jump_requested'>,
  kind: 'answer' | 'retry' | 'jump',
): void {
  const question = event.data.interaction_id === undefined ? undefined : state.questions.get(event.data.interaction_id);
  if (!question) return;
  state.questions.set(question.interactionId, {
    ...question,
    answer: {
      seq: event.seq,
      time: event.time,
      by: event.data.by,
      idempotencyKey: event.data.idempotency_key ?? null,
      event: kind,
    },
  });
}

/** A version that starts from something else is switched to at event 0, before anything was written over it. */
function switchVersion(state: RunState, { data }: EventOf<'version_switched'>): void {
  if (data.config) state.created = { ...state.created, config: data.config };
  if (!data.initial_state) return;
  state.created = { ...state.created, initial_state: data.initial_state };
  state.flat = Object.assign(Object.create(null) as JsonObject, data.initial_state);
}

/** The line goes on where it was left: a question that the departure had answered is open again (format.md 9.9). */
function returnToLine(state: RunState): void {
  const left = state.departure;
  state.departure = null;
  for (const question of left ? state.questions.values() : []) {
    if (question.answer?.seq !== left?.seq) continue;
    state.questions.set(question.interactionId, { ...question, answer: null });
  }
}

/** Enters a forked line: its position is that of the prefix; a retry keeps the flat state of the line it left (format.md 9.5, 9.6). */
function enterBranch(state: RunState, event: EventOf<'branch_created'>, left: RunState | undefined): void {
  const { kind, target, feedback, groups, inputs_override: inputsOverride } = event.data;
  const targetKey = target ? moduleKey(target.step_id, target.module_name) : null;
  state.branchId = event.branch_id;
  state.branchIds = [event.branch_id, ...state.branchIds.filter((id) => id !== event.branch_id)];
  state.departure = null;
  state.fork = {
    kind,
    target: targetKey,
    feedback: feedback ?? null,
    groups: groups ?? null,
    inputsOverride: inputsOverride ?? null,
    autoReapply: event.data.auto_reapply !== false,
    force: event.data.force ?? [],
  };
  if (kind !== 'reopen') state.open = null;
  state.task = null;
  state.finished = null;
  const previous = event.data.previous_answer;
  if (state.open && previous)
    state.open = { ...state.open, request: { ...state.open.request, previous_answer: previous } };
  if (!left) return;
  state.earlierAnswers = new Map(left.earlierAnswers);
  state.retryTurns = new Map(left.retryTurns);
  if (kind !== 'retry' || targetKey === null) return;
  state.flat = Object.assign(Object.create(null) as JsonObject, left.flat);
  const done = left.modules.get(targetKey);
  const completed = done?.completedSeq == null ? null : { branchId: left.branchId, seq: done.completedSeq };
  const turns = state.retryTurns.get(targetKey) ?? [];
  state.retryTurns.set(targetKey, [...turns, { completed, feedback: feedback ?? null }]);
}
