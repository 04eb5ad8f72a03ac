import { describe, expect, it } from 'vitest';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { versionIdOf } from '../definition/canonical-json.ts';
import type { WorkflowResponse } from '../models/execution.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { limits } from '../models/limits.ts';
import { compareRuns } from './branches/compare.ts';
import { readLargeValues } from './large-values.ts';
import { interactionHistory } from './reads.ts';
import { tail } from './tail.ts';

const items = Array.from({ length: 1500 }, (_, index) => ({ id: `i${index}`, text: `${index} `.repeat(50) }));
const bytes = JSON.stringify(items).length;

/** A question over more data than an event holds, and a result as large. */
const workflow = (data: unknown = items, comment = '') => ({
  format: 2,
  workflow_id: 'large_question',
  steps: [
    {
      step_id: 's',
      modules: [
        {
          module_id: 'user.select',
          name: 'pick',
          comment,
          inputs: { data, schema: { type: 'array', items: { ui: { select: { key: 'id' } } } }, multi_select: true },
          outputs_to_state: { selected_data: 'picked' },
        },
        {
          module_id: 'transform.extract',
          name: 'copy',
          inputs: { all: '{{ state.picked }}' },
          outputs_to_state: { all: 'all' },
        },
      ],
    },
  ],
});

async function rigOf(): Promise<EngineRig> {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock });
}
const everything = items.map((_item, index) => index).slice(0, limits.selections);
const caller = (rig: EngineRig, response: WorkflowResponse) => ({
  userId: rig.userId,
  sessionId: 's',
  waitMs: 5_000,
  runId: response.workflow_run_id ?? '',
});

describe('7.7 questions and results over 256 KiB', () => {
  it('go by reference in the log, and come whole to whoever asks', async () => {
    expect(bytes).toBeGreaterThan(limits.inlineValueBytes);
    const rig = await rigOf();
    const asked = await rig.start(workflow());
    const { runId } = caller(rig, asked);
    const stored = (await rig.events(runId)).find((event) => event.type === 'interaction_requested');
    expect(stored?.data).not.toHaveProperty('request');
    expect(stored?.data).toMatchObject({ request_ref: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(JSON.stringify(stored).length).toBeLessThan(1000);

    // Another process knows the log alone.
    const other = createRig({ database: rig.database, clock: liveClock(), userId: rig.userId, executor: 'other' });
    const seen = await other.processor.status({ runId, userId: rig.userId });
    expect(seen.interaction_request).toEqual(asked.interaction_request);
    const history = await interactionHistory(other.processor, await other.processor.load({ runId }), { limit: 5 });
    expect(history.items[0]?.request).toMatchObject({ data: items, interaction_id: stored?.data.interaction_id });
    const stop = new AbortController();
    for await (const frame of tail({ ...rig.database, progress: rig.processor.progress, runId, signal: stop.signal })) {
      if (frame.event !== 'interaction_requested') continue;
      expect(frame.data).toMatchObject({ data: { request: { data: items } } });
      stop.abort();
    }

    const done = await other.respond(seen, { selected_indices: everything });
    expect(done).toMatchObject({ status: 'completed', result: { picked: items.slice(0, limits.selections) } });
    const last = (await rig.events(runId)).at(-1);
    expect(last?.type === 'workflow_completed' && last.data).toMatchObject({ result_ref: {} });
    expect(last?.data).not.toHaveProperty('result');
    const third = createRig({ database: rig.database, clock: liveClock(), userId: rig.userId, executor: 'third' });
    expect((await third.processor.status({ runId, userId: rig.userId })).result).toEqual(done.result);
  });

  it('the same question has the same reference in every run, so that logs can be compared', async () => {
    const rig = await rigOf();
    const answered = async (): Promise<string> => {
      const asked = await rig.start(workflow());
      await rig.respond(asked, { selected_indices: everything });
      return asked.workflow_run_id ?? '';
    };
    const [a, b] = [await answered(), await answered()];
    expect(await rig.canonical(b)).toEqual(await rig.canonical(a));
    const comparison = await compareRuns(rig.processor, { userId: rig.userId, a, b });
    expect(comparison.first_difference).toBeNull();
  });

  it('10.7 an edited comment keeps the answer where it is; a new option keeps what was chosen', async () => {
    const rig = await rigOf();
    const asked = await rig.start(workflow());
    await rig.respond(asked, { selected_indices: [3, 1200] });
    const reconcile = async (changed: object): Promise<WorkflowResponse> => {
      const versionId = versionIdOf(changed);
      await rig.database.definitions.keepDefinition({ versionId, definition: changed });
      return rig.processor.reconcile({ ...caller(rig, asked), versionId });
    };
    const same = await reconcile(workflow(items, 'why it is asked'));
    expect(same).toMatchObject({ status: 'completed', branch_id: asked.branch_id });
    const moved = await reconcile(workflow([{ id: 'new', text: 'in front' }, ...items]));
    expect(moved).toMatchObject({ status: 'completed', result: { picked: [items[3], items[1200]] } });
    const events = await rig.events(asked.workflow_run_id ?? '');
    const given = events.find((event) => event.type === 'interaction_response');
    expect(given?.data).toMatchObject({
      response: { selected_indices: [4, 1201] },
      origin: { reason: 'answer_still_valid' },
    });
  });

  it('8 reading an event back gives what was asked, with its id', async () => {
    const rig = await rigOf();
    const asked = await rig.start(workflow());
    const stored = (await rig.events(asked.workflow_run_id ?? '')).find(({ type }) => type === 'interaction_requested');
    if (!stored) throw new Error('nothing was asked');
    const read = await readLargeValues(rig.database.content, stored);
    const { display_data: _display, ...request } = asked.interaction_request ?? {};
    expect(read.data).toMatchObject({ request });
  });
});
