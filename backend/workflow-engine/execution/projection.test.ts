import { describe, expect, it } from 'vitest';
import { compileVersion } from '../definition/compile-version.ts';
import type { EventDraft } from '../events/run-event.ts';
import { progressOf, projectionOf } from './projection.ts';
import {
  asked,
  completed,
  failed,
  left,
  registry,
  started,
  stateOf,
  stepCompleted,
  stepStarted,
  versionOf,
} from './testing/line.ts';

const version = versionOf({ one: ['a', 'b'], two: ['c'] });
const options = { now: new Date('2026-01-01T00:00:00Z'), timezone: 'UTC' };
const open = [stepStarted('one'), started('one/a'), completed('one/a'), started('one/b'), asked('one/b', 'i1')];

describe('10.1 progress', () => {
  const rows: [string, EventDraft[], object][] = [
    ['nothing yet', [], { current_step: 'one', current_module: 'a', completed_steps: [], step_index: 0 }],
    ['the module that waits', open, { current_step: 'one', current_module: 'b', step_index: 0 }],
    ['the module that failed', [...open.slice(0, 2), ...failed('one/a')], { current_step: 'one', current_module: 'a' }],
    [
      'between two steps',
      [stepCompleted('one')],
      { current_step: 'two', current_module: 'c', completed_steps: ['one'], step_index: 1 },
    ],
    [
      'the end',
      [stepCompleted('one'), stepCompleted('two')],
      { current_step: null, current_module: null, completed_steps: ['one', 'two'], step_index: 2 },
    ],
    ['a step that the version no longer holds', [stepCompleted('gone')], { current_step: 'one', completed_steps: [] }],
    [
      'steps that changed places',
      [stepCompleted('two')],
      { current_step: 'one', completed_steps: ['two'], step_index: 0 },
    ],
  ];
  it.each(rows)('10.1 names %s', (_title, drafts, expected) => {
    expect(progressOf(stateOf(drafts), version)).toMatchObject({ total_steps: 2, ...expected });
  });
});

describe("the run's row, from the fold", () => {
  it('names the question only while it waits', () => {
    expect(projectionOf(stateOf(open), version, options)).toMatchObject({
      status: 'awaiting_input',
      interaction_id: 'i1',
    });
    for (const drafts of [
      [...open, left('retry_requested', 'one/b')],
      [...open, ...failed('one/b')],
      [...open, { type: 'workflow_cancelled' as const, data: { by: 's' } }],
    ])
      expect(projectionOf(stateOf(drafts), version, options).interaction_id).toBeNull();
  });

  it('1.10 gives the active name back at an end, and only there', () => {
    const name = (drafts: EventDraft[]) => projectionOf(stateOf(drafts), version, options).active_name;
    expect(name([...open, ...failed('one/b')])).toBe('release');
    expect(name([{ type: 'workflow_completed', data: { result: {} } }])).toBe('release');
    expect(name([{ type: 'workflow_cancelled', data: { by: 's' } }])).toBe('release');
    expect(name(open)).toBeUndefined();
    expect(name([])).toBeUndefined();
  });

  it('2.4 renders the status fields against state and the current step; what is missing is left out', () => {
    const definition = {
      format: 2,
      workflow_id: 'w',
      status_display: {
        fields: [
          { id: 'city', label: 'City', value: '{{ state.city.label }}' },
          { id: 'step', label: 'Step', value: '{{ current_step_name }}' },
          { id: 'none', label: 'None', value: '{{ state.nothing }}' },
        ],
      },
      steps: [
        { step_id: 'one', name: '{step_number}. One', modules: [] },
        { step_id: 'two', name: '{step_number}. Two', modules: [] },
      ],
    };
    const compiled = compileVersion(definition, 'v', registry);
    const fields = (drafts: EventDraft[]) =>
      projectionOf(stateOf(drafts, { city: { label: 'Porto' } }), compiled, options).status_fields;
    expect(fields([stepCompleted('one')])).toEqual([
      { id: 'city', label: 'City', value: 'Porto' },
      { id: 'step', label: 'Step', value: '2. Two' },
    ]);
    expect(fields([stepCompleted('one'), stepCompleted('two')])).toEqual([
      { id: 'city', label: 'City', value: 'Porto' },
    ]);
  });
});
