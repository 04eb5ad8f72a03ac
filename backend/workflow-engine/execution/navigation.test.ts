import { describe, expect, it } from 'vitest';
import { hasCode, type ErrorCode } from '../errors/index.ts';
import { limits } from '../models/limits.ts';
import { branchEvent, checkTarget, departureEvent, targetOf } from './navigation.ts';
import { moduleKey } from './run-state.ts';
import { completed, failed, left, started, stateOf, stepStarted, versionOf } from './testing/line.ts';

const version = versionOf({ one: ['a', 'b'], two: ['c', 'b2'], three: ['a'] });
const ran = [stepStarted('one'), started('one/a'), completed('one/a'), started('one/b'), completed('one/b')];

const refused = (work: () => unknown): ErrorCode | null => {
  try {
    work();
    return null;
  } catch (error) {
    for (const code of [
      'step_not_found',
      'module_not_found',
      'target_not_executed',
      'retry_limit',
      'run_ended',
    ] as const)
      if (hasCode(error, code)) return code;
    throw error;
  }
};
const depart = (drafts: Parameters<typeof stateOf>[0], path: string, mode: 'retry' | 'jump' = 'retry') => {
  const [stepId = '', moduleName = ''] = path.split('/');
  return departureEvent(stateOf(drafts), version, { mode, stepId, moduleName, newBranchId: 'B', by: 's' });
};

describe('9.4 the fork point', () => {
  it('is the event before the first event of the module on the line', () => {
    expect(depart(ran, 'one/a').data).toMatchObject({ fork_seq: 1 });
    expect(depart(ran, 'one/b').data).toMatchObject({ fork_seq: 3 });
  });

  it('is that of the first try, when a module was tried again', () => {
    const again = [stepStarted('one'), started('one/a'), ...failed('one/a'), started('one/a', { attempt: 2 })];
    expect(depart(again, 'one/a').data).toMatchObject({ fork_seq: 1 });
  });

  it('9.2 is at least event 0, also for a module that failed before anything else', () => {
    expect(depart(failed('one/a'), 'one/a').data).toMatchObject({ fork_seq: 0 });
  });

  it('of a module that never ran is target_not_executed; of one that failed while it was prepared it is not', () => {
    expect(refused(() => depart(ran, 'two/c'))).toBe('target_not_executed');
    expect(refused(() => depart([stepStarted('one'), ...failed('one/a')], 'one/a'))).toBeNull();
  });
});

describe('9.8 the departure', () => {
  it('says what it is told, and nothing that it is not', () => {
    expect(depart(ran, 'one/a', 'jump')).toEqual({
      type: 'jump_requested',
      step_id: 'one',
      module_name: 'a',
      data: { target: { step_id: 'one', module_name: 'a' }, new_branch_id: 'B', fork_seq: 1, by: 's' },
    });
    const full = departureEvent(stateOf(ran), version, {
      mode: 'retry',
      stepId: 'one',
      moduleName: 'a',
      interactionId: 'i1',
      optionId: 'again',
      feedback: '',
      groups: [],
      inputsOverride: { x: 2 },
      newBranchId: 'B',
      idempotencyKey: 'k',
      by: 's',
    });
    expect(full.data).toMatchObject({
      interaction_id: 'i1',
      option_id: 'again',
      feedback: '',
      groups: [],
      inputs_override: { x: 2 },
      idempotency_key: 'k',
    });
  });

  it('10.8 an unknown step or module is refused with the known names', () => {
    expect(refused(() => depart(ran, 'nope/a'))).toBe('step_not_found');
    expect(refused(() => depart(ran, 'one/nope'))).toBe('module_not_found');
    expect(() => {
      checkTarget(version, 'one', 'nope');
    }).toThrow('a, b');
    expect(() => {
      checkTarget(version, 'nope', 'a');
    }).toThrow('one, two, three');
  });

  it('a cancelled line cannot be left; a completed and a failed one can', () => {
    const ended = (type: 'workflow_cancelled' | 'workflow_completed') =>
      type === 'workflow_cancelled'
        ? ({ type, data: { by: 's' } } as const)
        : ({ type, data: { result: {} } } as const);
    expect(refused(() => depart([...ran, ended('workflow_cancelled')], 'one/a'))).toBe('run_ended');
    expect(refused(() => depart([...ran, ended('workflow_completed')], 'one/a'))).toBeNull();
    expect(refused(() => depart([...ran, ...failed('one/b')], 'one/b'))).toBeNull();
  });

  it(`23 one module is retried ${limits.retriesPerModule} times in a chain; it can still be jumped to`, () => {
    const state = stateOf(ran);
    const turn = { completed: null, feedback: null };
    state.retryTurns.set(
      moduleKey('one', 'a'),
      Array.from({ length: limits.retriesPerModule }, () => turn),
    );
    const to = (mode: 'retry' | 'jump', moduleName: string) =>
      refused(() => departureEvent(state, version, { mode, stepId: 'one', moduleName, newBranchId: 'B', by: 's' }));
    expect(to('retry', 'a')).toBe('retry_limit');
    expect(to('retry', 'b')).toBeNull();
    expect(to('jump', 'a')).toBeNull();
  });

  it('leads to one branch event, whoever makes it', () => {
    const state = stateOf([...ran, left('retry_requested', 'one/a', { fork_seq: 1, feedback: 'x', groups: ['g'] })]);
    if (!state.departure) throw new Error('the line was not left');
    const made = branchEvent(state.departure);
    expect(made).toEqual(branchEvent(state.departure));
    expect(made).toEqual({
      type: 'branch_created',
      data: {
        kind: 'retry',
        parent_branch_id: 'A',
        fork_seq: 1,
        state_seq: 5,
        target: { step_id: 'one', module_name: 'a' },
        feedback: 'x',
        groups: ['g'],
      },
    });
  });
});

describe('10.5 where an option leads', () => {
  const asked = { stepId: 'one', moduleName: 'b' };
  it.each([
    ['nothing: the module that asked', {}, ['one', 'b']],
    ['a module: in the same step', { target_module: 'a' }, ['one', 'a']],
    ['a step and a module', { target_step: 'two', target_module: 'b2' }, ['two', 'b2']],
    ['a step alone: its first module', { target_step: 'two' }, ['two', 'c']],
    ['26 a module of another step, by its name alone', { target_module: 'c' }, ['two', 'c']],
    ['26 the same step goes first', { target_module: 'a' }, ['one', 'a']],
    ['a module that nobody has', { target_module: 'nope' }, ['one', 'nope']],
    ['a step that nobody has', { target_step: 'nope' }, ['nope', '']],
  ])('10.5 %s', (_title, option, [stepId, moduleName]) => {
    expect(targetOf(version, asked, option)).toEqual({ stepId, moduleName });
  });
});
