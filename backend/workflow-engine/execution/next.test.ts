import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../events/run-event.ts';
import { next, statusOf, type Target } from './next.ts';
import {
  answered,
  asked,
  completed,
  failed,
  left,
  resumed,
  started,
  stateOf,
  stepCompleted,
  stepStarted,
  versionOf,
} from './testing/line.ts';

const version = versionOf({ one: ['a', 'b'], two: ['c'] });

const cancelled: EventDraft = { type: 'workflow_cancelled', data: { by: 's' } };
const finished: EventDraft = { type: 'workflow_completed', data: { result: {} } };
const task = (purpose: 'module' | 'sub_action'): EventDraft => ({
  type: 'task_enqueued',
  step_id: 'one',
  module_name: 'a',
  data: { task_id: 't1', actor: 'x', purpose, idempotency_key: 'k' },
});
const taskFinished: EventDraft = { type: 'task_finished', data: { task_id: 't1', status: 'succeeded' } };
const begun = [stepStarted('one'), started('one/a')];
const open = [...begun, asked('one/a', 'i1')];
const target: Target = { stepId: 'one', moduleName: 'a' };

describe('10.2 the first rule that applies', () => {
  const rows: [string, EventDraft[], Target | undefined, object][] = [
    ['6 the first step is started', [], undefined, { kind: 'start_step', step: { stepId: 'one' } }],
    ['6 then its first module', [stepStarted('one')], undefined, { kind: 'execute', module: { name: 'a' } }],
    ['6 a module that has begun and not ended', begun, undefined, { kind: 'execute', module: { name: 'a' } }],
    ['6 then the second', [...begun, completed('one/a')], undefined, { kind: 'execute', module: { name: 'b' } }],
    [
      '6 none left: the step ends',
      [stepStarted('one'), completed('one/b'), completed('one/a')],
      undefined,
      { kind: 'complete_step', step: { stepId: 'one' } },
    ],
    [
      '6 a step that ended is passed',
      [stepCompleted('one')],
      undefined,
      { kind: 'start_step', step: { stepId: 'two' } },
    ],
    ['7 no step left', [stepCompleted('one'), stepCompleted('two')], undefined, { kind: 'complete_workflow' }],
    ['4 an open question', open, undefined, { kind: 'ask', interactionId: 'i1' }],
    [
      '5 an answered question',
      [...open, answered('one/a', 'i1', { v: 1 })],
      undefined,
      {
        kind: 'complete',
        module: { name: 'a' },
        response: { v: 1 },
      },
    ],
    ['4 an open module task', [...begun, task('module')], undefined, { kind: 'wait', taskId: 't1' }],
    ['4 the task of a sub-action waits for nobody', [...open, task('sub_action')], undefined, { kind: 'ask' }],
    [
      '5 a finished task',
      [...begun, task('module'), taskFinished],
      undefined,
      { kind: 'finish_job', module: { name: 'a' }, task: { taskId: 't1', status: 'succeeded' } },
    ],
    ['2 a failure', [...begun, ...failed('one/a')], undefined, { kind: 'fail' }],
    [
      '2 a failure that was resumed',
      [...begun, ...failed('one/a'), resumed],
      undefined,
      {
        kind: 'execute',
        module: { name: 'a' },
      },
    ],
    [
      '2 a question whose answer failed is asked again',
      [...open, answered('one/a', 'i1'), ...failed('one/a'), resumed],
      undefined,
      {
        kind: 'execute',
        module: { name: 'a' },
      },
    ],
    ['3 the target is done', [...begun, completed('one/a')], target, { kind: 'stop' }],
    [
      '3 the target is done, far ahead of it',
      [stepCompleted('one'), completed('one/a'), stepCompleted('two')],
      target,
      {
        kind: 'stop',
      },
    ],
    ['3 a target that is asked is not done', open, target, { kind: 'ask' }],
    [
      '3 a target of that name in another step is not it',
      [...begun, completed('one/a')],
      { stepId: 'two', moduleName: 'a' },
      {
        kind: 'execute',
        module: { name: 'b' },
      },
    ],
    [
      '2 before 3: a failure before a passed target',
      [...begun, completed('one/a'), started('one/b'), ...failed('one/b')],
      target,
      {
        kind: 'fail',
      },
    ],
    ['1 an ended line before its target', [completed('one/a'), finished], target, { kind: 'finish' }],
    ['1 a cancelled line with an open question', [...open, cancelled], undefined, { kind: 'finish' }],
    ['1 a failed line that was cancelled', [...begun, ...failed('one/a'), cancelled], undefined, { kind: 'finish' }],
    ['1 a line that was left by a retry', [...open, left('retry_requested', 'one/a')], undefined, { kind: 'branch' }],
    [
      '1 a line that was left by a jump, though completed',
      [...begun, completed('one/a'), finished, left('jump_requested', 'one/a')],
      undefined,
      {
        kind: 'branch',
      },
    ],
    [
      '1 a left line before a passed target',
      [...begun, completed('one/a'), left('jump_requested', 'one/a')],
      target,
      {
        kind: 'branch',
      },
    ],
  ];
  it.each(rows)('10.2.%s', (_title, drafts, aim, expected) => {
    expect(next(stateOf(drafts), version, aim)).toMatchObject(expected);
  });

  it('10.2 modules and steps that the version no longer holds are ignored, and position is by name', () => {
    const drafts = [
      stepStarted('gone'),
      completed('gone/x', { x: 1 }),
      stepCompleted('gone'),
      stepStarted('one'),
      completed('one/zero', { z: 1 }),
    ];
    const state = stateOf(drafts);
    expect(next(state, version)).toMatchObject({ kind: 'execute', module: { name: 'a' } });
    expect(state.flat).toMatchObject({ x: { x: 1 }, zero: { z: 1 } });
  });

  it('10.2 a module that was moved to the front of its step runs, though a later one is done', () => {
    const state = stateOf([stepStarted('one'), started('one/b'), completed('one/b')]);
    expect(next(state, version)).toMatchObject({ kind: 'execute', module: { name: 'a' } });
  });

  it('10.2 an answered question whose module is gone is passed', () => {
    const state = stateOf([
      stepStarted('one'),
      started('one/gone'),
      asked('one/gone', 'i9'),
      answered('one/gone', 'i9'),
    ]);
    expect(next(state, version)).toMatchObject({ kind: 'execute', module: { name: 'a' } });
  });

  it('10.2 is pure: the state stays as it is', () => {
    const state = stateOf(open);
    const before = structuredClone({ ...state, flat: { ...state.flat } });
    next(state, version, target);
    expect({ ...state, flat: { ...state.flat } }).toEqual(before);
  });

  it('10.2 a version without steps completes at once', () => {
    expect(next(stateOf([]), versionOf({}))).toEqual({ kind: 'complete_workflow' });
  });
});

describe('10.1 status, from the fold', () => {
  const rows: [string, EventDraft[]][] = [
    ['created', []],
    ['processing', [stepStarted('one')]],
    ['awaiting_input', open],
    ['processing', [...open, answered('one/a', 'i1')]],
    ['awaiting_task', [...begun, task('module')]],
    ['processing', [...begun, task('module'), taskFinished]],
    ['error', [...begun, ...failed('one/a')]],
    ['processing', [...begun, ...failed('one/a'), resumed]],
    ['completed', [...begun, finished]],
    ['cancelled', [...open, cancelled]],
    ['cancelled', [...begun, ...failed('one/a'), cancelled]],
    ['processing', [...begun, ...failed('one/a'), left('jump_requested', 'one/a')]],
    ['processing', [...begun, finished, left('retry_requested', 'one/a')]],
  ];
  it.each(rows)('10.1 %s', (status, drafts) => {
    expect(statusOf(stateOf(drafts))).toBe(status);
  });
});
