import { gunzipSync } from 'node:zlib';
import type { Plan, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

let rig: VirtualRig;
beforeAll(async () => {
  rig = await createVirtualRig({ script: (_request, call) => JSON.stringify({ lines: [`a ${call}`, 'b', 'c'] }) });
});
afterAll(() => rig.close());

/** The postcard with another prompt for its model. */
function edited(word: string) {
  const workflow = postcard();
  const step = (workflow.steps as { modules: { inputs: Record<string, unknown> }[] }[])[1];
  Object.assign(step?.modules[0]?.inputs ?? {}, { input: `${word} about {{ state.city }}` });
  return workflow;
}

const edit = (preview: VirtualWorkflowResponse, workflow: Record<string, unknown>) =>
  rig.preview('/workflow/start', {
    workflow,
    virtual_db: preview.virtual_db,
    ...targets.sign,
    mock: false,
    answers: 'sample',
  });
const inside = (preview: VirtualWorkflowResponse) =>
  JSON.parse(gunzipSync(Buffer.from(preview.virtual_db, 'base64')).toString()) as {
    stores: { events: unknown[]; definitions: unknown[]; branches: unknown[]; effects: unknown[] };
  };

describe('22.5 a long session of edits', () => {
  it('keeps the newest lines alone, one definition, and goes on all the same', async () => {
    const start = { workflow: postcard(), virtual_db: null, ...targets.sign, mock: false, answers: 'sample' };
    rig.llm.calls.length = 0;
    let preview = await rig.preview('/workflow/start', start);
    const sizes: number[] = [];
    for (let count = 1; count <= 30; count += 1) {
      preview = await edit(preview, edited(`Line ${count}`));
      expect(preview.status).toBe('target_reached');
      sizes.push(inside(preview).stores.events.length);
    }
    const { stores } = inside(preview);
    expect(stores.definitions).toHaveLength(1);
    // One more edit adds a line and lets an old one go: what stays is its fork.
    const [tenth = 0, last = 0] = [sizes[9], sizes.at(-1)];
    expect(last - tenth).toBeLessThan(20 * 4);
    expect(rig.llm.calls).toHaveLength(31);
  });

  it('10.9 every answer says why, and which parts of the key differ, however often it was edited before', async () => {
    const whys = (preview: VirtualWorkflowResponse): string[] =>
      preview.plan.map(({ module_name, action, reason, inputs = [] }) =>
        `${module_name} ${action} ${reason} ${inputs.join(',')}`.trim(),
      );
    const model = (inputs: object) => {
      const workflow = edited('One');
      const step = (workflow.steps as { modules: { inputs: Record<string, unknown> }[] }[])[1];
      Object.assign(step?.modules[0]?.inputs ?? {}, inputs);
      return workflow;
    };
    const begin = { virtual_db: null, ...targets.sign, answers: 'sample' };
    let preview = await rig.preview('/workflow/start', { workflow: model({}), ...begin });
    const again = async (workflow: object, more: object = {}) => {
      const { virtual_db } = preview;
      preview = await rig.preview('/workflow/start', { ...begin, workflow, virtual_db, ...more });
      return whys(preview);
    };
    const [, ...rest] = model({}).steps as object[];
    const title = (ask: string) => ({ ...postcard(), steps: [(postcard({ ask }).steps as object[])[0], ...rest] });
    // Seven edits that do not touch the model, so that it has long been reused from a reused record.
    for (const number of [1, 2, 3, 4, 5, 6, 7])
      expect((await again(title(`Where, ${number}?`)))[1]).toBe('write_lines reused inputs_unchanged');
    expect((await again(model({ temperature: 0.3, input: 'Two about {{ state.city }}' })))[1]).toBe(
      'write_lines mocked mock_generated input,temperature',
    );
    expect((await again(model({ temperature: 0.4, input: 'Two about {{ state.city }}' })))[1]).toBe(
      'write_lines mocked mock_generated temperature',
    );
    expect((await again(model({ input: 'Two about {{ state.city }}' }), { answers: 'ask' }))[2]).toBe(
      'pick_line asked_again question_changed data',
    );
  });

  it('undoing the last edits asks no model again', async () => {
    rig.llm.calls.length = 0;
    let preview = await rig.preview('/workflow/start', {
      workflow: edited('One'),
      virtual_db: null,
      ...targets.sign,
      mock: false,
      answers: 'sample',
    });
    preview = await edit(preview, edited('Two'));
    preview = await edit(preview, edited('Three'));
    preview = await edit(preview, edited('Two'));
    await edit(preview, edited('One'));
    expect(rig.llm.calls).toHaveLength(3);
  });

  it('and so however long ago the edit was made, also of what has been reused ever since', async () => {
    rig.llm.calls.length = 0;
    const words = Array.from({ length: 20 }, (_, index) => `Word ${index}`);
    let preview = await rig.preview('/workflow/start', {
      workflow: edited(words[0] ?? ''),
      virtual_db: null,
      ...targets.sign,
      mock: false,
      answers: 'sample',
    });
    for (const word of words.slice(1)) preview = await edit(preview, edited(word));
    expect(rig.llm.calls).toHaveLength(20);
    for (const word of [...words].reverse()) {
      preview = await edit(preview, edited(word));
      expect(preview.status).toBe('target_reached');
      expect(preview.plan[1]).toMatchObject({
        module_name: 'write_lines',
        action: 'reused',
        reason: 'inputs_unchanged',
      });
      const line = preview.state.state_mapped['proposal'] as { lines: string[] };
      expect(line.lines[0]).toBe(`a ${words.indexOf(word) + 1}`);
    }
    expect(rig.llm.calls).toHaveLength(20);
    const { effects } = inside(preview).stores;
    expect(effects.length).toBeGreaterThan(10);
    // A plan foretells it, and a file made of the preview holds what it really got.
    const planned = await rig.post('/workflow/plan', {
      workflow: edited('Word 11'),
      virtual_db: preview.virtual_db,
      ...targets.sign,
      mock: false,
    });
    expect(planned.json<Plan>().modules[1]).toMatchObject({ action: 'reused', reason: 'inputs_unchanged' });
  });
});
