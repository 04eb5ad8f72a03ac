import { gunzipSync } from 'node:zlib';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
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
    stores: { events: unknown[]; definitions: unknown[]; branches: unknown[] };
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
});
