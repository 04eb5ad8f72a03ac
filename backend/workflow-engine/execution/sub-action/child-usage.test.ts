import { describe, expect, it } from 'vitest';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { scriptedLlm } from '../../testing/scripted-llm.ts';
import { createTestClock } from '../../testing/test-clock.ts';
import { compareBranches } from '../branches/compare.ts';
import { cooked, menu, moreDishes, work } from './testing/board.ts';

const clock = createTestClock();

function rigWith(script = () => cooked): EngineRig {
  return createRig({ database: createMemoryDatabase({ clock }), clock, llm: scriptedLlm(script) });
}

/** One call of the scripted model. */
const one = { input_tokens: 1, output_tokens: 1, total_tokens: 2, cost_usd: 0.001, calls: 1 };

/** The modules of a sub-action that asks the model twice and writes a file. */
const busy = {
  id: 'more',
  label: 'More dishes',
  actions: [
    ...(moreDishes['actions'] as object[]),
    { type: 'target_sub_action', module_id: 'api.llm', name: 'taste', inputs: { input: 'Taste it' } },
    {
      type: 'target_sub_action',
      module_id: 'io.write_text',
      name: 'note',
      inputs: { content: 'Salty', file_path: 'note.txt' },
    },
  ],
};

describe('what a child run uses', () => {
  it('13.2 the parent is told the sum over its modules', async () => {
    const rig = rigWith();
    const at = await rig.start(menu([busy]));
    await work(rig, at);
    const completed = (await rig.events(at.workflow_run_id ?? '')).at(-1);
    expect(completed?.data).toMatchObject({
      usage: { input_tokens: 2, output_tokens: 2, total_tokens: 4, cost_usd: 0.002, calls: 2 },
    });
  });

  it('13.2 nothing used is not told', async () => {
    const rig = rigWith();
    const [, , note] = busy.actions;
    const at = await rig.start(menu([{ ...busy, actions: [note] }]));
    await work(rig, at);
    const completed = (await rig.events(at.workflow_run_id ?? '')).at(-1);
    expect(completed?.type).toBe('sub_action_completed');
    expect(completed?.data).not.toHaveProperty('usage');
  });

  it('13 its calls and files are found at the parent, those of a failed one too', async () => {
    let calls = 0;
    const rig = rigWith(() => {
      calls += 1;
      return calls >= 3 ? 'no JSON' : cooked;
    });
    const { database } = rig;
    const at = await rig.start(menu([busy]));
    const runId = at.workflow_run_id ?? '';
    await work(rig, at);
    expect((await work(rig, at)).at(-1)).toMatchObject({ event: 'error' });
    expect((await database.calls.usage({ runId })).total).toMatchObject({ calls: rig.llm.calls.length });
    const listed = (await database.calls.list({ runId, limit: 10 })).items.map(({ module_name }) => module_name);
    expect(listed.slice(0, 3)).toEqual(['cook', 'taste', 'cook']);
    expect(await database.calls.usageOfUser({ userId: rig.userId, by: 'run' })).toMatchObject([{ key: runId }]);
    const [file] = await database.files.list({ runId });
    expect(file?.filename).toBe('note.txt');
    const found = await database.files.read({ runId, fileId: file?.file_id ?? '' });
    expect(new TextDecoder().decode(found?.data)).toBe('Salty');
  });

  it('9.11 a comparison counts it with the question that it was started from', async () => {
    const rig = rigWith();
    const at = await rig.start(menu([moreDishes]));
    const runId = at.workflow_run_id ?? '';
    const caller = { runId, userId: rig.userId, sessionId: 's', waitMs: 20_000 };
    const jumped = await rig.processor.depart({ ...caller, mode: 'jump', stepId: 'choose', moduleName: 'pick' });
    await work(rig, jumped);
    const [a, b] = (await rig.database.runs.branches({ runId })).map(({ branch_id }) => branch_id);
    const compared = await compareBranches(rig.processor, { userId: rig.userId, runId, a: a ?? '', b: b ?? '' });
    expect(compared.b.usage).toEqual(one);
    expect(compared.a.usage).toEqual({});
  });
});
