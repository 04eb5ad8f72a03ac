import { describe, expect, it } from 'vitest';
import { compileVersion } from '@wfm/workflow-engine/definition';
import type { RunEvent } from '@wfm/workflow-engine/events';
import { createRegistry } from '@wfm/workflow-engine';
import { eventId, planOf, type PlanSource } from './plan.ts';

const modules = ['one', 'two', 'three'].map((name) => ({ module_id: 'x', name }));
const version = compileVersion(
  { workflow_id: 'w', steps: [{ step_id: 's', modules }] },
  'sha256:0',
  createRegistry([]),
);

/** A line of events about modules of step `s`, a second apart. */
function line(...events: { type: string; module: string; data: object }[]): RunEvent[] {
  return events.map(({ type, module, data }, seq) => ({
    workflow_run_id: 'r',
    branch_id: 'b',
    seq,
    type,
    time: new Date(seq * 1000).toISOString(),
    version_id: 'sha256:0',
    step_id: 's',
    module_name: module,
    data,
  })) as unknown as RunEvent[];
}

const started = (module: string, reason = 'no_record') => ({ type: 'module_started', module, data: { reason } });
const completed = (module: string, origin: object = { kind: 'executed', reason: 'no_record' }) => ({
  type: 'module_completed',
  module,
  data: { origin, duration_ms: 12.4 },
});

function plan(events: RunEvent[], more: Partial<PlanSource> = {}): string[] {
  const source = {
    version,
    line: events,
    before: new Set<string>(),
    sampled: new Map<string, string>(),
    status: 'completed',
    ...more,
  };
  return planOf(source as PlanSource).map(
    ({ module_name, action, reason, duration_ms: ms }) => `${module_name} ${action} ${reason} ${ms}`,
  );
}

describe('the plan of what a request did', () => {
  it('10.9 tells what was done now from what was there before', () => {
    const events = line(
      started('one'),
      completed('one'),
      started('two'),
      completed('two', { kind: 'mocked', reason: 'mock_output' }),
    );
    const before = new Set(events.slice(0, 2).map(eventId));
    expect(plan(events, { before, status: 'target_reached' })).toEqual([
      'one reused inputs_unchanged 0',
      'two mocked mock_output 12',
      'three not_reached after_target 0',
    ]);
  });

  it('10.9 names why something ran again', () => {
    const events = line(
      started('one', 'retry_requested'),
      completed('one', { kind: 'executed', reason: 'retry_requested' }),
      started('two', 'previous_failed'),
      {
        type: 'module_error',
        module: 'two',
        data: {},
      },
    );
    expect(plan(events, { status: 'error' })).toEqual([
      'one executed retry_requested 12',
      'two executed previous_failed 1000',
      'three not_reached after_error 0',
    ]);
  });

  it('10.9 an open question is asked; what comes after waits for it', () => {
    const events = line(started('one'), { type: 'interaction_requested', module: 'one', data: {} });
    expect(plan(events, { status: 'awaiting_input' })).toEqual([
      'one asked_again no_record 1000',
      'two not_reached after_question 0',
      'three not_reached after_question 0',
    ]);
  });

  it('17.8 a question that was answered by sample says so', () => {
    const events = line(started('one'), { type: 'interaction_requested', module: 'one', data: {} }, completed('one'));
    expect(plan(events, { sampled: new Map([['s/one', 'sample_answer']]) })[0]).toBe('one mocked sample_answer 12');
  });

  it('a module that was begun and not ended was not reached', () => {
    expect(plan(line(started('one')), { status: 'processing' })[0]).toBe('one not_reached depends_on_unknown 0');
  });
});
