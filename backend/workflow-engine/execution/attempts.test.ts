import { expect, it } from 'vitest';
import type { WorkflowResponse } from '../models/execution.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { attemptsOf } from './attempts.ts';
import { idOf } from './testing/rigs.ts';

const workflow = {
  format: 2,
  workflow_id: 'w',
  steps: [
    {
      step_id: 's',
      modules: [
        { module_id: 'user.text_input', name: 'subject', inputs: { prompt: 'About what?' } },
        { module_id: 'api.llm', name: 'write', inputs: { input: 'write' }, outputs_to_state: { response: 'text' } },
        {
          module_id: 'user.select',
          name: 'review',
          inputs: { mode: 'review', data: { text: '{{ state.text }}' }, schema: { type: 'object' } },
          retryable: {
            options: [
              { id: 'good', mode: 'continue' },
              { id: 'again', mode: 'retry', target_module: 'write' },
              { id: 'anew', mode: 'jump', target_module: 'subject' },
            ],
          },
        },
        {
          module_id: 'user.pause',
          name: 'last',
          inputs: { message: 'Print?' },
          retryable: {
            options: [
              { id: 'yes', mode: 'continue' },
              { id: 'ask', mode: 'retry' },
            ],
          },
        },
      ],
    },
  ],
};

const rigOf = (): EngineRig => {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock });
};
const asked = (response: WorkflowResponse): string => response.interaction_request?.interaction_id ?? '';
const attempts = async (rig: EngineRig, at: WorkflowResponse, id = asked(at)) =>
  attemptsOf(rig.processor, await rig.processor.load({ runId: idOf(at) }), id);

it('U6 12.4 each retry leaves a try: oldest first, with its data, and what was said about it', async () => {
  const rig = rigOf();
  const first = await rig.respond(await rig.start(workflow), { value: 'bread' });
  expect(await attempts(rig, first)).toEqual([]);
  const second = await rig.respond(first, { action_id: 'again', retry_feedback: 'shorter', retry_groups: ['text'] });
  const third = await rig.respond(second, { action_id: 'again' });
  const found = await attempts(rig, third);
  expect(found).toMatchObject([
    { interaction_id: asked(first), status: 'left', feedback: 'shorter', groups: ['text'] },
    { interaction_id: asked(second), status: 'left', feedback: null, groups: null },
  ]);
  expect(found?.map(({ request }) => request.data)).toEqual([
    first.interaction_request?.data,
    second.interaction_request?.data,
  ]);
});

it('U6 a retry of something later changes no try of what lies before it', async () => {
  const rig = rigOf();
  const first = await rig.respond(await rig.start(workflow), { value: 'bread' });
  const second = await rig.respond(first, { action_id: 'again', retry_feedback: 'warmer' });
  const last = await rig.respond(second, { value: 'accepted' });
  const again = await rig.respond(last, { action_id: 'ask' });
  expect(await attempts(rig, again, asked(second))).toMatchObject([
    { interaction_id: asked(first), feedback: 'warmer' },
  ]);
  expect(await attempts(rig, again)).toMatchObject([{ interaction_id: asked(last) }]);
});

it('U6 a jump back begins anew: what was tried before it is no try at the new question', async () => {
  const rig = rigOf();
  const first = await rig.respond(await rig.start(workflow), { value: 'bread' });
  const back = await rig.respond(first, { action_id: 'anew' });
  expect(await attempts(rig, await rig.respond(back, { value: 'cake' }))).toEqual([]);
});

it('a question that is not on the line has none', async () => {
  const rig = rigOf();
  const at = await rig.start(workflow);
  expect(await attempts(rig, at, 'elsewhere')).toBeNull();
});
