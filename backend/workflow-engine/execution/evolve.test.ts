import { describe, expect, it } from 'vitest';
import type { EventDraft, RunEvent } from '../events/run-event.ts';
import type { JsonObject } from '../models/json.ts';
import { applyEvent, fold } from './evolve.ts';
import { copyState, moduleKey, type RunState, serialiseState } from './run-state.ts';
import {
  answered,
  asked,
  completed,
  created,
  failed,
  left,
  line,
  resumed,
  started,
  stateOf,
  stepCompleted,
  stepStarted,
} from './testing/line.ts';

const key = moduleKey('one', 'a');
const open = [stepStarted('one'), started('one/a', { inputs: { x: 1 } }), asked('one/a', 'i1')];
const plain = (state: RunState): JsonObject => JSON.parse(serialiseState(state)) as JsonObject;

describe('8 each event, folded', () => {
  it('7.1 workflow_created seeds flat state; the definition is not touched by what follows', () => {
    const initial = { tone: 'calm', nested: { a: 1 } };
    const state = stateOf([completed('one/tone', { x: 1 }, { nested: { b: 2 } })], initial);
    expect(state.flat).toEqual({ tone: { x: 1 }, nested: { b: 2 } });
    expect(initial).toEqual({ tone: 'calm', nested: { a: 1 } });
    expect(Object.getPrototypeOf(state.flat)).toBeNull();
  });

  it('steps are started and completed by id', () => {
    const state = stateOf([stepStarted('one'), stepCompleted('one'), stepStarted('two')]);
    expect([...state.stepsStarted]).toEqual(['one', 'two']);
    expect([...state.stepsCompleted]).toEqual(['one']);
  });

  it('module_started keeps the inputs of the module that has not ended, and its first place', () => {
    const state = stateOf([
      stepStarted('one'),
      started('one/a', { inputs: { x: 1 } }),
      ...failed('one/a'),
      resumed,
      started('one/a', { attempt: 2, inputs: { x: 2 } }),
    ]);
    expect(state.modules.get(key)).toMatchObject({ firstSeq: 2, startedSeq: 6, attempt: 2, phase: 'started' });
    expect(state.inputs).toEqual({ key, inputs: { x: 2 } });
    expect(state.failed).toBeNull();
  });

  it('7.2 module_completed sets its raw outputs, then what it maps to, in the order written', () => {
    const state = stateOf([completed('one/a', { r: 1 }, { k: 'mapped', a: 'the mapped one wins' })]);
    expect(state.flat).toEqual({ k: 'mapped', a: 'the mapped one wins' });
    expect(state.modules.get(key)).toMatchObject({ phase: 'completed', completedSeq: 1 });
    expect(state.inputs).toBeNull();
  });

  it('7.4 the two namespaces share the object: a later module of an equal name replaces', () => {
    const state = stateOf([completed('one/a', { r: 1 }, { b: 1 }), completed('one/b', { r: 2 })]);
    expect(state.flat).toEqual({ a: { r: 1 }, b: { r: 2 } });
  });

  it('module_error closes the question and keeps what was done', () => {
    const state = stateOf([...open, ...failed('one/a')]);
    expect(state).toMatchObject({ open: null, inputs: null, failed: key, error: { code: 'module_failed' } });
    expect(state.modules.get(key)?.phase).toBe('failed');
  });

  it('9.4 a module that failed before it started has run: it can be gone back to, and its next try is the second', () => {
    const state = stateOf([stepStarted('one'), ...failed('one/a')]);
    expect(state.modules.get(key)).toMatchObject({ firstSeq: 2, attempt: 1, phase: 'failed', completedSeq: null });
  });

  it('workflow_resumed takes the error back', () => {
    expect(stateOf([...failed('one/a'), resumed]).error).toBeNull();
  });

  it('workflow_completed ends with its result; workflow_cancelled closes what is open', () => {
    expect(stateOf([{ type: 'workflow_completed', data: { result: { k: 1 } } }])).toMatchObject({
      ended: 'completed',
      result: { k: 1 },
    });
    expect(stateOf([...open, { type: 'workflow_cancelled', data: { by: 's' } }])).toMatchObject({
      ended: 'cancelled',
      open: null,
    });
  });

  it('a question is asked, answered by name, and closed by the completion', () => {
    const before = stateOf(open);
    expect(before.open).toMatchObject({ interactionId: 'i1', key, response: null });
    expect(before.questions.get('i1')).toMatchObject({ requestedSeq: 3, answer: null });
    const after = stateOf([...open, answered('one/a', 'i1', { v: 1 })]);
    expect(after.open).toMatchObject({ response: { v: 1 } });
    expect(after.questions.get('i1')?.answer).toMatchObject({ seq: 4, by: 's', event: 'answer', idempotencyKey: null });
    expect(after.modules.get(key)?.phase).toBe('answered');
    expect(after.inputs).toEqual({ key, inputs: { x: 1 } });
    expect(stateOf([...open, answered('one/a', 'i1'), completed('one/a')]).open).toBeNull();
  });

  it('10.5 an answer is offered again where it may be; a cancelled question has none to offer', () => {
    expect(stateOf([...open, answered('one/a', 'i1')]).earlierAnswers.get(key)).toEqual({ branchId: 'A', seq: 4 });
    expect(stateOf([...open, answered('one/a', 'i1', { cancelled: true })]).earlierAnswers.size).toBe(0);
  });

  it.each(['retry_requested', 'jump_requested'] as const)('9.8 %s leaves the line and answers its question', (type) => {
    const state = stateOf([...open, left(type, 'one/a', { interaction_id: 'i1', idempotency_key: 'k' })]);
    expect(state.departure?.type).toBe(type);
    expect(state.questions.get('i1')?.answer).toMatchObject({
      event: type === 'retry_requested' ? 'retry' : 'jump',
      idempotencyKey: 'k',
    });
  });

  it('9.9 branch_resumed returns to a line that was left, with its question still open', () => {
    const state = stateOf([...open, left('jump_requested', 'one/a'), { type: 'branch_resumed', data: { by: 's' } }]);
    expect(state.departure).toBeNull();
    expect(state.open).toMatchObject({ interactionId: 'i1', response: null });
  });

  it('7.3 sub_action_completed sets what it maps to; a late one changes no state', () => {
    const data = { interaction_id: 'i1', sub_action_id: 's', execution_id: 'e', result: {} };
    const done = (state_mapped: JsonObject, late?: boolean): EventDraft => ({
      type: 'sub_action_completed',
      data: { ...data, state_mapped, ...(late === undefined ? {} : { late }) },
    });
    const state = stateOf([...open, done({ k: 1 }), done({ k: 2, l: 2 }, true)]);
    expect({ ...state.flat }).toEqual({ k: 1 });
    expect(state.open?.interactionId).toBe('i1');
  });

  it('a module task is waited for until it finishes; others change nothing', () => {
    const enqueued = (purpose: 'module' | 'sub_action'): EventDraft => ({
      type: 'task_enqueued',
      step_id: 'one',
      module_name: 'a',
      data: { task_id: 't1', actor: 'x', purpose, idempotency_key: 'k' },
    });
    const finished = (task_id: string): EventDraft => ({ type: 'task_finished', data: { task_id, status: 'failed' } });
    const begun = [stepStarted('one'), started('one/a')];
    expect(stateOf([...begun, enqueued('module')])).toMatchObject({ task: { taskId: 't1', key } });
    expect(stateOf([...begun, enqueued('sub_action')]).task).toMatchObject({ taskId: 't1', key: '' });
    expect(stateOf([...begun, enqueued('module'), finished('t2')]).task).not.toBeNull();
    const after = stateOf([...begun, enqueued('module'), finished('t1')]);
    expect(after.task).toBeNull();
    expect(after.modules.get(key)?.phase).toBe('task_finished');
    // A worker's event for a module that this line never started says nothing about it.
    expect(stateOf([enqueued('module')]).task).toBeNull();
  });

  it('events that say nothing about the position only move the head', () => {
    const data = { interaction_id: 'i1', sub_action_id: 's', execution_id: 'e' };
    const state = stateOf([...open, { type: 'sub_action_started', data: { ...data, params: {}, expected: 1 } }]);
    expect(state.subActions).toMatchObject([{ executionId: 'e', status: 'running', endedSeq: null }]);
    expect(plain({ ...state, lastSeq: 3, subActions: [] })).toEqual(plain(stateOf(open)));
    expect(state.lastSeq).toBe(4);
  });

  it('the version of a line is that of its last event', () => {
    const events = line(open).map((event) => ({ event }));
    const last = events.at(-1);
    if (last) last.event = { ...last.event, version_id: 'sha256:w' };
    expect(fold(null, events).versionId).toBe('sha256:w');
  });

  it('a log begins with workflow_created', () => {
    const [, second] = line(open);
    expect(() => fold(null, second ? [{ event: second }] : [])).toThrow(TypeError);
    expect(() => fold(null, [])).toThrow(TypeError);
  });
});

describe('fold changes nothing that it is given', () => {
  const all: EventDraft[] = [
    ...open,
    answered('one/a', 'i1', { v: { deep: [1] } }),
    completed('one/a', { o: { deep: [1] } }, { k: { deep: [1] } }),
    started('one/b'),
    ...failed('one/b'),
    resumed,
    started('one/b', { attempt: 2 }),
    completed('one/b', {}, { k: { deep: [2] } }),
    stepCompleted('one'),
    left('retry_requested', 'one/a'),
  ];

  it('neither a state that is folded on, nor events, at any cut', () => {
    const events = line(all);
    const texts = events.map((event) => JSON.stringify(event));
    for (let cut = 1; cut < events.length; cut += 1) {
      const head = fold(
        null,
        events.slice(0, cut).map((event) => ({ event })),
      );
      const before = serialiseState(head);
      fold(
        head,
        events.slice(cut).map((event) => ({ event })),
      );
      expect(serialiseState(head)).toBe(before);
    }
    expect(events.map((event) => JSON.stringify(event))).toEqual(texts);
  });

  it('a copy shares values and records, and neither sees what happens to the other', () => {
    const state = stateOf(open, { k: { a: 1 } });
    const copy = copyState(state);
    for (const event of line([...open, answered('one/a', 'i1'), completed('one/a', {}, { k: 2 })]).slice(4))
      applyEvent(copy, { event });
    expect(state.open?.response).toBeNull();
    expect({ ...state.flat }).toEqual({ k: { a: 1 } });
    expect(state.modules.get(key)?.phase).toBe('asked');
    expect(copy.flat).toMatchObject({ k: 2 });
  });
});

describe('9 forks', () => {
  const branch = (
    kind: 'retry' | 'jump' | 'reopen' | 'reconcile',
    seq: number,
    changes: Partial<{
      feedback: string;
      inputs_override: JsonObject;
      target: { step_id: string; module_name: string };
    }> = {},
  ): RunEvent => ({
    ...created(),
    branch_id: 'B',
    seq,
    type: 'branch_created',
    data: {
      kind,
      parent_branch_id: 'A',
      fork_seq: seq - 1,
      target: { step_id: 'one', module_name: 'a' },
      ...changes,
    },
  });
  // 0 created, 1 step, 2 a started, 3 a completed, 4 b started, 5 asked, 6 answered, 7 b completed
  const run: EventDraft[] = [
    stepStarted('one'),
    started('one/a'),
    completed('one/a', { response: 'first' }, { k: 'from a' }),
    started('one/b'),
    asked('one/b', 'i1'),
    answered('one/b', 'i1'),
    completed('one/b', { x: 1 }, { l: 'from b' }),
  ];
  const parent = stateOf(run);
  const prefix = stateOf(run.slice(0, 1));

  const forked = (kind: 'retry' | 'jump', left: RunState | undefined, changes = {}): RunState => {
    const state = copyState(prefix);
    applyEvent(state, left ? { event: branch(kind, 2, changes), left } : { event: branch(kind, 2, changes) });
    return state;
  };

  it('9.5 cut: position and flat state are those of the prefix', () => {
    const state = forked('jump', parent);
    expect({ ...state.flat }).toEqual({});
    expect(state.modules.size).toBe(0);
    expect(state.branchIds).toEqual(['B', 'A']);
    expect(state).toMatchObject({ branchId: 'B', lastSeq: 2, departure: null, fork: { kind: 'jump', target: key } });
  });

  it('9.6 keep: position is that of the prefix, flat state that of the line that was left', () => {
    const state = forked('retry', parent, { feedback: 'shorter', inputs_override: { x: 2 } });
    expect(state.modules.size).toBe(0);
    expect(state.flat).toMatchObject({ a: { response: 'first' }, k: 'from a', b: { x: 1 }, l: 'from b' });
    expect(state.fork).toMatchObject({ kind: 'retry', feedback: 'shorter', inputsOverride: { x: 2 } });
    // The state that was kept is not shared with the line that was left.
    state.flat.k = 'changed';
    expect(parent.flat.k).toBe('from a');
  });

  it('10.5 the answers of the line that was left are offered on both kinds of fork', () => {
    for (const kind of ['retry', 'jump'] as const)
      expect(forked(kind, parent).earlierAnswers.get(moduleKey('one', 'b'))).toEqual({ branchId: 'A', seq: 6 });
  });

  it('12.4 a retry remembers the completion of its target and what was said; a jump adds no turn', () => {
    expect(forked('retry', parent, { feedback: 'shorter' }).retryTurns.get(key)).toEqual([
      { completed: { branchId: 'A', seq: 3 }, feedback: 'shorter' },
    ]);
    expect(forked('jump', parent).retryTurns.size).toBe(0);
  });

  it('12.4 a target that had not completed leaves only the feedback', () => {
    const unfinished = stateOf(run.slice(0, 2));
    expect(forked('retry', unfinished, { feedback: 'faster' }).retryTurns.get(key)).toEqual([
      { completed: null, feedback: 'faster' },
    ]);
  });

  it('9.7 reopen: the question is open again, and nothing else moved', () => {
    const state = stateOf(run.slice(0, 5));
    applyEvent(state, { event: branch('reopen', 6) });
    expect(state.open).toMatchObject({ interactionId: 'i1', response: null });
    expect(state.questions.get('i1')?.answer).toBeNull();
  });
});
