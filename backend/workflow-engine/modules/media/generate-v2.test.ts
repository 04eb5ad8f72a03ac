import { describe, expect, it } from 'vitest';
import { versionIdOf } from '../../definition/canonical-json.ts';
import { compileView } from '../../display/view-tree.ts';
import type { JsonObject } from '../../models/json.ts';
import type { EngineRig } from '../../testing/index.ts';
import { mediaRig } from './testing/media-rig.ts';

const written = {
  scene_title: 'The pier',
  key_moment: 'the lamp goes on',
  prompts: {
    local: { prompt: 'a pier', style_notes: 'ink' },
    leonardo: { prompt: 'a pier, wide', style_notes: 'oil' },
  },
};

const workflow = (own: JsonObject = {}, config: JsonObject = {}): JsonObject => ({
  format: 2,
  workflow_id: 'scene',
  steps: [
    {
      step_id: 'draw',
      modules: [
        {
          module_id: 'media.generateV2',
          name: 'pictures',
          inputs: {
            action_type: 'txt2img',
            providers: ['local', 'leonardo'],
            prompt_config: {
              user: 'A pier at dusk',
              shared_prompt: 'Always calm.',
              provider_prompts: { leonardo: 'Wide shots. {% raw %}{{shared_prompt_ref}}{% endraw %}' },
              ...config,
            },
            ...own,
          },
          outputs_to_state: { generated_prompts: 'prompts' },
        },
        { module_id: 'user.pause', name: 'end', inputs: { message: '{{ state.prompts.scene_title }}' } },
      ],
    },
  ],
});

const script = () => JSON.stringify(written);

async function reconcile(rig: EngineRig, runId: string, changed: JsonObject) {
  const versionId = versionIdOf(changed);
  await rig.database.definitions.keepDefinition({ versionId, definition: changed });
  return rig.processor.reconcile({ userId: rig.userId, sessionId: 's', waitMs: 5000, runId, versionId });
}

describe('14.11, 14.12 media.generateV2', () => {
  it('has one model call write a prompt for each provider, and asks with them', async () => {
    const rig = mediaRig({ script });
    const asked = await rig.start(workflow());
    expect(asked.interaction_request).toMatchObject({
      interaction_type: 'media_generation',
      data: {
        scene_title: 'The pier',
        prompts: { local: { prompt: 'a pier', _provider_metadata: { of: 'local' } } },
        _generated_prompts: written,
      },
      blocks: [{ path: ['prompts', 'local'], label: 'The local' }, { path: ['prompts', 'leonardo'] }],
    });
    expect(rig.llm.calls).toHaveLength(1);
    const { request } = rig.llm.calls[0] ?? {};
    const system = request?.messages[0]?.parts.map((part) => (part.type === 'text' ? part : null)) ?? [];
    expect(system[0]).toMatchObject({ cacheTtlSeconds: 10_800 });
    expect(system[0]?.text).toContain('Always calm.');
    expect(system[0]?.text).toContain('Follow {{shared_prompt_ref}}.');
    expect(system[0]?.text).toContain('Wide shots. {{shared_prompt_ref}}');
    expect(request?.outputSchema).toMatchObject({
      required: ['scene_title', 'key_moment', 'prompts'],
      additionalProperties: false,
      properties: { prompts: { required: ['local', 'leonardo'] } },
    });
    const answered = await rig.respond(asked, {});
    expect(answered.interaction_request).toMatchObject({ message: 'The pier' });
    expect(rig.llm.calls).toHaveLength(1);
  });

  it('14.11 draws one tab a provider where no display schema is given', async () => {
    const rig = mediaRig({ script });
    const asked = await rig.start(workflow());
    const { data, schema, blocks } = asked.interaction_request as unknown as Parameters<typeof compileView>[0];
    const view = compileView({ data, schema, blocks: blocks ?? [] });
    const tabs = JSON.stringify(view.root);
    expect(tabs).toContain('"kind":"tabs"');
    expect(tabs).not.toContain('_provider_metadata');
    expect(tabs.match(/"kind":"block"/g)).toHaveLength(2);
  });

  it('14.12.3 reading the question again never calls a model', async () => {
    const rig = mediaRig({ script });
    const asked = await rig.start(workflow());
    await rig.processor.status({ runId: asked.workflow_run_id ?? '', userId: rig.userId });
    expect(rig.llm.calls).toHaveLength(1);
  });

  it('10.7.5 prompts are kept over an edit of the display, and written again when what they are made of changes', async () => {
    const rig = mediaRig({ script });
    const asked = await rig.start(workflow());
    const runId = asked.workflow_run_id ?? '';
    const shown = await reconcile(rig, runId, workflow({ title: 'Another title' }));
    expect(shown.interaction_request).toMatchObject({ title: 'Another title', data: { scene_title: 'The pier' } });
    expect(rig.llm.calls).toHaveLength(1);
    await reconcile(rig, runId, workflow({}, { user: 'A pier at dawn' }));
    expect(rig.llm.calls).toHaveLength(2);
  });

  it('14.12 a retry writes them again, with the feedback', async () => {
    const rig = mediaRig({ script });
    const asked = await rig.start(workflow());
    const runId = asked.workflow_run_id ?? '';
    await rig.respond(asked, {});
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId };
    await rig.processor.depart({
      ...caller,
      mode: 'retry',
      stepId: 'draw',
      moduleName: 'pictures',
      feedback: 'darker',
    });
    expect(rig.llm.calls).toHaveLength(2);
    expect(JSON.stringify(rig.llm.calls[1]?.request.messages)).toContain('darker');
  });

  it('17.2 in mock mode nobody is asked, and the prompts fit the schema', async () => {
    const rig = mediaRig({ preview: {}, script: () => Promise.reject(new Error('asked')) });
    const asked = await rig.start(workflow(), { mode: 'mock' });
    expect(asked.status).toBe('awaiting_input');
    expect(asked.interaction_request).toMatchObject({
      data: { prompts: { local: { prompt: expect.any(String), style_notes: expect.any(String) } } },
    });
  });

  it('14.12.2 a reply without prompts is prompts_invalid or refused by the schema', async () => {
    const rig = mediaRig({ script: () => JSON.stringify({ scene_title: 'x', key_moment: 'y' }) });
    expect(await rig.start(workflow())).toMatchObject({ status: 'error', error: { code: 'llm_output_invalid' } });
  });

  it('15.1 a provider that never could is refused with the alternatives; a retired one is explained', async () => {
    const rig = mediaRig({ script });
    expect(await rig.start(workflow({ providers: ['nobody'] }))).toMatchObject({
      status: 'error',
      error: { code: 'provider_action_unsupported', params: { alternatives: ['local', 'leonardo', 'openai'] } },
    });
    const video = JSON.stringify({ scene_title: 'x', motion_summary: 'y', prompts: { openai: written.prompts.local } });
    const retired = mediaRig({ script: () => video });
    const asked = await retired.start(workflow({ action_type: 'img2vid', providers: ['openai'] }));
    expect(asked.interaction_request).toMatchObject({
      data: { prompts: { openai: { _provider_metadata: { retired: { alternatives: ['local'] } } } } },
    });
  });
});
