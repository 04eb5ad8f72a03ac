import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** Media in a preview: mocks, in the throw-away database, by the path that production takes. */

const workflow = {
  format: 2,
  workflow_id: 'poster',
  name: 'Poster',
  steps: [
    {
      step_id: 'draw',
      modules: [
        {
          module_id: 'media.render',
          name: 'sketch',
          inputs: { provider: 'local', action_type: 'txt2img', params: { prompt: 'a tram' } },
          outputs_to_state: { contents: 'sketches' },
        },
        {
          module_id: 'media.generate',
          name: 'pictures',
          inputs: { prompts: { local: { prompt: 'a pier' } }, schema: { type: 'object' } },
          outputs_to_state: { selected_content: 'picture' },
        },
        {
          module_id: 'media.generate',
          name: 'film',
          inputs: {
            prompts: { local: { prompt: 'waves' } },
            schema: { type: 'object' },
            action_type: 'img2vid',
            source_image: '{{ state.picture }}',
          },
          outputs_to_state: { selected_content: 'film' },
        },
      ],
    },
  ],
};

let rig: VirtualRig;
beforeAll(async () => {
  rig = await createVirtualRig();
});
afterAll(() => rig.close());

const carry = ({ virtual_db, virtual_run_id }: VirtualWorkflowResponse) => ({ workflow, virtual_db, virtual_run_id });

describe('17.5 media in a preview', () => {
  it('11.5 goes past media questions with a mock made for each, the second from the first', async () => {
    const preview = await rig.preview('/workflow/start', { workflow, virtual_db: null, answers: 'sample' });
    expect(preview).toMatchObject({
      status: 'completed',
      result: {
        sketches: [{ mime: 'image/svg+xml', provider: 'local' }],
        picture: { mime: 'image/svg+xml', local_path: expect.stringMatching(/^media:.*\.svg$/) },
        film: { content_type: 'video', mime: 'image/svg+xml' },
      },
    });
    expect(preview.plan.map(({ action, reason }) => `${action} (${reason})`)).toEqual([
      'mocked (mock_generated)',
      'mocked (sample_answer)',
      'mocked (sample_answer)',
    ]);
  });

  it('13.6 what a sub-action made can be chosen in a later request', async () => {
    const asked = await rig.preview('/workflow/start', { workflow, virtual_db: null });
    const interaction_id = asked.interaction_request?.interaction_id;
    const reply = await rig.post('/workflow/sub-action', {
      ...carry(asked),
      interaction_id,
      sub_action_id: 'generate',
      params: { provider: 'local', prompt_id: 'p1', params: { prompt: 'a pier at dusk', num_images: 2 } },
    });
    const frames = reply.body.split('\n\n').map((frame) => /^data: (.*)$/m.exec(frame)?.[1] ?? 'null');
    const last = frames.map((data) => JSON.parse(data) as Record<string, unknown> | null).findLast(Boolean);
    expect(last).toMatchObject({ content_ids: [{}, {}], prompt_id: 'p1', virtual_db: expect.any(String) });
    const [, chosen] = (last?.content_ids ?? []) as string[];
    const next = await rig.preview('/workflow/respond', {
      workflow,
      virtual_run_id: asked.virtual_run_id,
      virtual_db: last?.virtual_db,
      interaction_id,
      response: { selected_content_id: chosen },
    });
    expect(next).toMatchObject({
      status: 'awaiting_input',
      state: { state_mapped: { picture: { content_id: chosen } } },
      interaction_request: { data: { _source_image: { content_id: chosen } } },
    });
  });

  it('10.7 an edit after the picture makes no picture again', async () => {
    const first = await rig.preview('/workflow/start', { workflow, virtual_db: null, answers: 'sample' });
    const edited = structuredClone(workflow);
    Object.assign(edited.steps[0]?.modules[2]?.inputs ?? {}, { title: 'The film' });
    const again = await rig.preview('/workflow/start', {
      workflow: edited,
      virtual_db: first.virtual_db,
      answers: 'sample',
    });
    expect(again.plan.map(({ action }) => action)).toEqual(['reused', 'answer_reapplied', 'answer_reapplied']);
    expect(again.result).toMatchObject({
      film: { content_id: (first.result as Record<string, Record<string, unknown>>).film?.content_id },
    });
  });
});
