import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { eventsIn } from '../testing/events-in.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** Modes, pins, scenarios and faults of the modules of sub-actions (format.md 13, 17.7, 17.8). */

const clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  bootId: 'this-process',
  sleep: async () => undefined,
};

let rig: VirtualRig;
let asked: VirtualWorkflowResponse;
beforeEach(async () => {
  rig = await createVirtualRig({ clock, script: () => 'a real colour' });
  asked = await rig.preview('/workflow/start', { workflow, virtual_db: null });
});
afterEach(() => rig.close());

/** A question with two sub-actions: one of a module of its own, one of a module that the workflow comes to later. */
const workflow = {
  format: 2,
  workflow_id: 'colours',
  initial_state: { colours: ['red'] },
  steps: [
    {
      step_id: 'ask',
      modules: [
        {
          module_id: 'user.select',
          name: 'pick',
          inputs: { prompt: 'Which?', data: '{{ state.colours }}', schema: { type: 'array' } },
          outputs_to_state: { selected_data: 'colour' },
          sub_actions: [
            {
              id: 'more',
              label: 'More',
              actions: [
                {
                  type: 'target_sub_action',
                  module_id: 'api.llm',
                  name: 'mix',
                  inputs: { input: 'Mix one' },
                  outputs_to_state: { response_text: 'mixed' },
                },
              ],
              result_mapping: [{ source: 'mixed', target: 'last', mode: 'replace' }],
            },
            {
              id: 'praised',
              label: 'Praise',
              actions: [
                {
                  type: 'target_sub_action',
                  ref: { step_id: 'end', module_name: 'praise' },
                  overrides: { inputs: { input: 'Praise red' } },
                },
              ],
              result_mapping: [{ source: 'praise_text', target: 'last', mode: 'replace' }],
            },
          ],
        },
      ],
    },
    {
      step_id: 'end',
      modules: [
        {
          module_id: 'api.llm',
          name: 'praise',
          inputs: { input: 'Praise {{ state.colour }}' },
          outputs_to_state: { response_text: 'praise_text' },
        },
      ],
    },
  ],
};

interface Last {
  event: string;
  data: { virtual_db: string; code?: string; updated_state: { last?: string } };
}

/** The last frame of a sub-action. */
async function subAction(sub_action_id: string, settings: object): Promise<Last> {
  const reply = await rig.post('/workflow/sub-action', {
    workflow,
    virtual_db: asked.virtual_db,
    interaction_id: asked.interaction_request?.interaction_id,
    sub_action_id,
    ...settings,
  });
  expect(reply.statusCode).toBe(200);
  const block = reply.body.trim().split('\n\n').at(-1) ?? '';
  const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? 'null';
  return { event: line('event'), data: JSON.parse(line('data')) as Last['data'] };
}
const originIn = ({ data }: Last): unknown =>
  eventsIn(data.virtual_db).findLast(({ type, step_id: step }) => type === 'module_completed' && step !== 'ask')?.data[
    'origin'
  ];
const staged = (modules: object) => ({ scenario: { name: 'a test', modules } });

describe('the modules of sub-actions', () => {
  it('17.8 are mocked, for real or pinned by their own path', async () => {
    expect(originIn(await subAction('more', {}))).toMatchObject({ kind: 'mocked' });
    expect(rig.llm.calls).toHaveLength(0);
    const real = await subAction('more', { modes: { 'more/mix': 'real' } });
    expect(real.data.updated_state.last).toBe('a real colour');
    expect(rig.llm.calls).toHaveLength(1);
    const pinned = await subAction('more', {
      modes: { 'more/mix': { pinned: { response: 'teal', response_text: 'teal' } } },
    });
    expect(originIn(pinned)).toMatchObject({ kind: 'pinned' });
    expect(pinned.data.updated_state.last).toBe('teal');
  });

  it('17.8 and by that of the module that they refer to, where nothing is said of their own', async () => {
    const pin = (text: string) => ({ pinned: { response: text, response_text: text } });
    const referred = await subAction('praised', { modes: { 'end/praise': pin('bravo') } });
    expect(referred.data.updated_state.last).toBe('bravo');
    const own = await subAction('praised', { modes: { 'end/praise': pin('bravo'), 'praised/praise': pin('well') } });
    expect(own.data.updated_state.last).toBe('well');
    expect(rig.llm.calls).toHaveLength(0);
  });

  it('17.7 follow a scenario: its outputs, and its faults, through the engine’s own retries', async () => {
    const output = await subAction(
      'more',
      staged({ 'more/mix': { output: { response: 'x', response_text: 'teal' } } }),
    );
    expect(originIn(output)).toMatchObject({ kind: 'mocked', reason: 'scenario' });
    expect(output.data.updated_state.last).toBe('teal');
    const limited = await subAction('more', staged({ 'more/mix': { fail: 'rate_limited', times: 2 } }));
    expect(limited.event).toBe('complete');
    for (const [fail, code] of [
      ['timeout', 'llm_timeout'],
      ['rate_limited', 'llm_rate_limited'],
      ['worker_lost', 'worker_lost'],
    ]) {
      const failed = await subAction('more', staged({ 'more/mix': { fail, times: 5 } }));
      expect(failed).toMatchObject({ event: 'error', data: { code } });
      // The question is open as before, and its sub-action can be tried again.
      expect(eventsIn(failed.data.virtual_db).findLast(({ step_id: step }) => step === 'ask')?.type).toBe(
        'sub_action_failed',
      );
    }
    expect(rig.llm.calls).toHaveLength(0);
  });

  it('17.8 one that no sub-action has is module_not_found, and the main line hears nothing of settings below', async () => {
    const wrong = { workflow, virtual_db: asked.virtual_db, modes: { 'more/mixx': 'mock' } };
    expect(await rig.refusal('/workflow/start', wrong)).toMatchObject({ code: 'module_not_found' });
    const again = await rig.preview('/workflow/start', {
      workflow,
      virtual_db: asked.virtual_db,
      modes: { 'more/mix': 'real' },
    });
    expect(eventsIn(again.virtual_db)).toEqual(eventsIn(asked.virtual_db));
  });
});
