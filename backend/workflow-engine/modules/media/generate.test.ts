import { describe, expect, it } from 'vitest';
import { follow, work } from '../../execution/sub-action/testing/board.ts';
import type { JsonObject } from '../../models/json.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import { expectCode, type EngineRig } from '../../testing/index.ts';
import { claimTask, mediaRig, report, workOn } from './testing/media-rig.ts';

const workflow = {
  format: 2,
  workflow_id: 'scene',
  steps: [
    {
      step_id: 'draw',
      modules: [
        {
          module_id: 'media.generate',
          name: 'pictures',
          inputs: {
            title: 'The scene',
            prompts: { local: { prompt: 'a pier' }, leonardo: 'a pier, wide', mood: 'calm' },
            schema: { type: 'object' },
          },
          outputs_to_state: { selected_content: 'picture' },
        },
        {
          module_id: 'user.text_input',
          name: 'say',
          inputs: { prompt: '{{ state.picture.provider }} {{ state.picture.local_path }}', allow_empty: true },
        },
      ],
    },
  ],
};

const order = (own: JsonObject = {}): JsonObject => ({
  provider: 'local',
  prompt_id: 'p1',
  params: { prompt: 'a pier at dusk', num_images: 2 },
  source_data: { prompt: 'a pier' },
  ...own,
});

const startSub = (rig: EngineRig, at: WorkflowResponse, params: JsonObject) =>
  rig.processor.subActions.start({
    runId: at.workflow_run_id ?? '',
    userId: rig.userId,
    interactionId: at.interaction_request?.interaction_id ?? '',
    subActionId: 'generate',
    params,
  });

/** The contents that the open question offers for a prompt. */
const contentsOf = (made: JsonObject | undefined) => (made?.content_ids ?? []) as string[];

const request = async (rig: EngineRig, at: WorkflowResponse) =>
  (await rig.processor.status({ runId: at.workflow_run_id ?? '', userId: rig.userId })).interaction_request as
    | (JsonObject & { generations: Record<string, JsonObject[]> })
    | undefined;

describe('14.6, 15 media.generate', () => {
  it('15.3 asks with what providers offer, one block each, and a button where nobody wrote one', async () => {
    const rig = mediaRig();
    const asked = await rig.start(workflow);
    expect(asked.interaction_request).toMatchObject({
      interaction_type: 'media_generation',
      action_type: 'txt2img',
      data: {
        local: { prompt: 'a pier', _provider_metadata: { of: 'local' }, _generations: [] },
        leonardo: { prompt: 'a pier, wide', _provider_metadata: { of: 'leonardo' } },
        mood: 'calm',
      },
      blocks: [
        {
          id: 'local',
          path: ['local'],
          form: { properties: { prompt: { default: 'a pier' }, seed: { type: 'integer' } } },
          generate: { action: 'generate', kind: 'image', provider: 'local' },
        },
        { id: 'leonardo' },
      ],
      sub_actions: [{ id: 'generate' }],
      generations: {},
    });
  });

  it('13.6, 15.4 a sub-action is a worker’s task; its contents can be chosen', async () => {
    const rig = mediaRig();
    const asked = await rig.start(workflow);
    const runId = asked.workflow_run_id ?? '';
    const { executionId, expected } = await startSub(rig, asked, order());
    expect(expected).toBe(2);
    await rig.processor.subActions.finished(executionId);
    const claimed = await claimTask(rig);
    expect(claimed.row).toMatchObject({
      workflow_run_id: executionId,
      execution_id: executionId,
      module_name: 'pictures',
    });
    expect(claimed.task).toMatchObject({ workflow_run_id: runId, prompt: 'a pier at dusk', prompt_key: 'local:p1' });
    const following = follow(rig, runId, executionId);
    await workOn(rig, claimed);
    const frames = await following;
    expect(frames.at(-1)).toMatchObject({
      event: 'complete',
      data: { metadata_id: claimed.task.metadata_id, content_ids: [{}, {}], prompt_id: 'p1' },
    });
    const made = (await request(rig, asked))?.generations['local:p1']?.[0];
    expect(made).toMatchObject({ provider: 'local', mock: false, request_params: { num_images: 2 } });
    const [, second] = contentsOf(made);
    expect(made?.urls).toContain(`/workflow/${runId}/media/${second}`);
    const next = await rig.respond(asked, { selected_content_id: second ?? '' });
    expect(next.interaction_request?.title).toBe(`local media:${second}.png`);
  });

  it('15.4 a content of nobody, or of another run, cannot be chosen', async () => {
    const rig = mediaRig();
    const asked = await rig.start(workflow);
    await expectCode(rig.respond(asked, { selected_content_id: 'nothing' }), 'content_not_found');
    const other = await rig.start(workflow);
    const { executionId } = await startSub(rig, other, order());
    await rig.processor.subActions.finished(executionId);
    await workOn(rig, await claimTask(rig));
    const made = (await request(rig, other))?.generations['local:p1']?.[0];
    await expectCode(rig.respond(asked, { selected_content_id: contentsOf(made)[0] ?? '' }), 'content_not_found');
    const none = await rig.respond(asked, {});
    expect(none.interaction_request?.title).toBe(' ');
  });

  it.each([
    ['an unknown provider', { provider: 'nobody' }, 'provider_action_unsupported'],
    ['an action that it cannot do', { provider: 'openai', action_type: 'txt2audio' }, 'provider_action_unsupported'],
    ['an unknown parameter', { params: { prompt: 'x', steps: 9 } }, 'input_invalid'],
    ['a request without a provider', { provider: undefined }, 'input_invalid'],
    ['img2vid without a source', { action_type: 'img2vid', params: { prompt: 'x' } }, 'source_image_missing'],
    [
      'a source that is not ours',
      { action_type: 'img2vid', params: { prompt: 'x', source_image: 'https://example.org/a.png' } },
      'source_image_missing',
    ],
    [
      'a content that the run lacks',
      {
        action_type: 'img2vid',
        params: { source_image: `media:${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}.png` },
      },
      'content_not_found',
    ],
    [
      'a crop that is none',
      { action_type: 'img2vid', params: { source_image: 'data:image/png;base64,aGk=', crop_region: { x: -1 } } },
      'crop_invalid',
    ],
  ])('15.5 %s fails the sub-action with %o', async (_title, own, code) => {
    const rig = mediaRig();
    const asked = await rig.start(workflow);
    const frames = await work(rig, asked, { subActionId: 'generate', params: order(own) });
    expect(frames.at(-1)).toMatchObject({ event: 'error', error: { code } });
    expect(await rig.processor.status({ runId: asked.workflow_run_id ?? '', userId: rig.userId })).toMatchObject({
      status: 'awaiting_input',
    });
  });

  it('15.5 img2vid takes a content of the run, with a crop', async () => {
    const rig = mediaRig();
    const asked = await rig.start(workflow);
    const first = await startSub(rig, asked, order());
    await rig.processor.subActions.finished(first.executionId);
    await workOn(rig, await claimTask(rig));
    const [id] = contentsOf((await request(rig, asked))?.generations['local:p1']?.[0]);
    const crop_region = { x: 0, y: 0, width: 4, height: 4 };
    const params = { prompt: 'waves', source_image: { local_path: `media:${id}.png` }, crop_region };
    const second = await startSub(rig, asked, order({ action_type: 'img2vid', params }));
    await rig.processor.subActions.finished(second.executionId);
    const { task } = await claimTask(rig);
    expect(task).toMatchObject({
      action_type: 'img2vid',
      crop_region,
      inputs: [{ role: 'source', content_id: id, mime: 'image/png' }],
    });
  });

  it('13.7 a cancelled sub-action ends its task; an answer ends those that still run, and late results change nothing', async () => {
    const rig = mediaRig();
    const asked = await rig.start(workflow);
    const runId = asked.workflow_run_id ?? '';
    const first = await startSub(rig, asked, order());
    await rig.processor.subActions.finished(first.executionId);
    const cancelled = await claimTask(rig);
    await rig.processor.subActions.cancel({ runId, userId: rig.userId, executionId: first.executionId });
    expect(await rig.database.tasks.find({ taskId: cancelled.row.task_id })).toMatchObject({ status: 'cancelled' });
    const second = await startSub(rig, asked, order());
    await rig.processor.subActions.finished(second.executionId);
    const late = await claimTask(rig);
    await rig.respond(asked, {});
    expect(await rig.database.tasks.find({ taskId: late.row.task_id })).toMatchObject({ status: 'cancelled' });
    await report(rig, late.row.task_id);
    const types = (await rig.events(runId)).map((event) => event.type);
    expect(types.filter((type) => type === 'sub_action_failed')).toHaveLength(2);
    expect(types).not.toContain('sub_action_completed');
  });

  it('9.10 what was made on another branch is offered too, and marked', async () => {
    const rig = mediaRig();
    const asked = await rig.start(workflow);
    const runId = asked.workflow_run_id ?? '';
    const { executionId } = await startSub(rig, asked, order());
    await rig.processor.subActions.finished(executionId);
    await workOn(rig, await claimTask(rig));
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId };
    const again = await rig.processor.depart({ ...caller, mode: 'jump', stepId: 'draw', moduleName: 'pictures' });
    expect(again.interaction_request).toMatchObject({ generations: { 'local:p1': [{ other_branch: true }] } });
  });

  it('17.5 in a preview the same sub-action is a mock, done in the request', async () => {
    const rig = mediaRig({ preview: {} });
    const asked = await rig.start(workflow, { mode: 'mock' });
    const frames = await work(rig, asked, { subActionId: 'generate', params: order() });
    expect(frames.map(({ event }) => event)).toContain('progress');
    expect(frames.at(-1)).toMatchObject({ event: 'complete', data: { content_ids: [{}, {}] } });
    const made = (await request(rig, asked))?.generations['local:p1']?.[0];
    expect(made).toMatchObject({ mock: true, content_items: [{ mime: 'image/svg+xml' }, {}] });
  });

  it('17.7 a worker that is lost in a scenario is tried again; production and preview tell the same story', async () => {
    const modules = { 'draw/pictures': { fail: 'worker_lost' as const } };
    const rig = mediaRig({ preview: { scenario: { name: 'lost', modules } } });
    const asked = await rig.start(workflow, { mode: 'mock' });
    const frames = await work(rig, asked, { subActionId: 'generate', params: order() });
    expect(frames.at(-1)).toMatchObject({ event: 'complete' });
  });
});
