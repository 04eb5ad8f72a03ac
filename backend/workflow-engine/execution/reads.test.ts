import { describe, expect, it } from 'vitest';
import type { WorkflowResponse } from '../models/execution.ts';
import type { JsonObject } from '../models/json.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import type { RunFileRow } from '../ports/file-store.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { fileTree, interactionHistory, interactionRecord, lineOf, stateTree } from './reads.ts';
import { idOf, longRun } from './testing/rigs.ts';

const question = (name: string) => ({
  module_id: 'user.text_input',
  name,
  inputs: { prompt: name },
  outputs_to_state: { value: `${name}_text` },
  retryable: {
    options: [
      { id: 'ok', mode: 'continue' },
      { id: 'back', mode: 'jump', target_module: 'one' },
    ],
  },
});
const workflow = {
  format: 2,
  workflow_id: 'w',
  steps: [{ step_id: 's', modules: ['one', 'two', 'three'].map(question) }],
};

const rigOf = (): EngineRig => {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock });
};
const load = async (rig: EngineRig, response: WorkflowResponse) => rig.processor.load({ runId: idOf(response) });
const asked = (response: WorkflowResponse): string => response.interaction_request?.interaction_id ?? '';

describe('7 the tree of a run', () => {
  it('is step, module, kind of event, each with what it is; flat state beside it', async () => {
    const rig = rigOf();
    const first = await rig.start(workflow);
    const second = await rig.respond(first, { value: 'a' });
    const tree = await stateTree(rig.processor, await load(rig, second), () => null);
    expect(tree.steps).toMatchObject({
      _metadata: { node_type: 'steps_container' },
      s: {
        _metadata: { node_type: 'step' },
        one: {
          _metadata: { node_type: 'module' },
          module_started: { _metadata: { node_type: 'event_data' }, seq: 2 },
          interaction_requested: { interaction_id: asked(first) },
          interaction_response: { response: { value: 'a' } },
          module_completed: { outputs: { value: 'a' } },
        },
        two: { interaction_requested: { interaction_id: asked(second) } },
      },
    });
    expect(tree.state_mapped).toMatchObject({ one: { value: 'a' }, one_text: 'a' });
    expect(tree.files).toEqual({});
  });

  it('a second event of one kind is suffixed; a jump shows the line as it is, not what was left', async () => {
    const rig = rigOf();
    const first = await rig.start(workflow);
    await rig.respond(first, { cancelled: true });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(first) };
    const again = await rig.processor.resume(caller);
    const tree = await stateTree(rig.processor, await load(rig, again), () => null);
    const { one } = (tree.steps as { s: { one: JsonObject } }).s;
    expect(Object.keys(one)).toEqual(
      expect.arrayContaining([
        'module_started',
        'module_started.1',
        'interaction_requested',
        'interaction_requested.1',
      ]),
    );
    const back = await rig.processor.depart({ ...caller, mode: 'jump', stepId: 's', moduleName: 'one' });
    const cut = await stateTree(rig.processor, await load(rig, back), () => null);
    expect((cut.steps as { s: { one: JsonObject } }).s.one).not.toHaveProperty(['module_started.1']);
  });

  it('7.7 shows large values whole', async () => {
    const rig = rigOf();
    const big = 'x'.repeat(300 * 1024);
    const steps = [
      { step_id: 's', modules: [{ module_id: 'transform.extract', name: 'big', inputs: { out: '{{ state.seed }}' } }] },
    ];
    const done = await rig.start({ ...workflow, initial_state: { seed: big }, steps });
    const tree = await stateTree(rig.processor, await load(rig, done), () => null);
    expect(tree).toHaveProperty(['steps', 's', 'big', 'module_completed', 'outputs', 'out'], big);
  });

  it('files lie by category, step and group, with addresses where there are some; odd names are only names', () => {
    const file = (own: Partial<RunFileRow>): RunFileRow => ({
      file_id: 'f1',
      workflow_run_id: 'r',
      branch_id: 'A',
      category: 'outputs',
      group: null,
      filename: 'card.txt',
      content_type: 'text',
      step_id: 's',
      module_name: 'm',
      bytes: 1,
      created_at: '',
      ...own,
    });
    const files = [
      file({}),
      file({ file_id: 'f2', group: 'mains' }),
      file({ file_id: 'f3', group: '__proto__', category: 'root', step_id: 'constructor' }),
    ];
    const tree = fileTree(files, ({ file_id }) => (file_id === 'f1' ? '/files/f1' : null));
    const leaf = { display_name: 'card.txt', icon: 'text', leaf: true, content_type: 'text' };
    const addresses = { content_url: '/files/f1', download_url: '/files/f1?download=1' };
    const folder = (name: string, children: JsonObject) => ({
      _meta: { display_name: name, icon: 'folder' },
      children,
    });
    expect(JSON.parse(JSON.stringify(tree))).toEqual(
      JSON.parse(
        JSON.stringify({
          outputs: folder('outputs', {
            s: folder('s', {
              f1: { _meta: { ...leaf, ...addresses } },
              mains: folder('mains', { f2: { _meta: leaf } }),
            }),
          }),
          root: folder('root', {
            constructor: folder('constructor', { ['__proto__']: folder('__proto__', { f3: { _meta: leaf } }) }),
          }),
        }),
      ),
    );
    expect(JSON.stringify(tree)).toContain('"f3"');
  });
});

describe('the events of a line', () => {
  it('come in order over pages, from any place on', async () => {
    const rig = rigOf();
    const response = await rig.start(longRun(600));
    const run = await load(rig, response);
    const seqs: number[] = [];
    for await (const event of lineOf(rig.processor, run)) seqs.push(event.seq);
    expect(seqs).toEqual(Array.from({ length: run.state.lastSeq + 1 }, (_, seq) => seq));
    expect(seqs.length).toBeGreaterThan(1000);
    const rest: number[] = [];
    for await (const event of lineOf(rig.processor, run, run.state.lastSeq - 2)) rest.push(event.seq);
    expect(rest).toEqual(seqs.slice(-2));
  });
});

describe('the history of questions', () => {
  it('tells what became of each: answered, open, left or closed', async () => {
    const rig = rigOf();
    const first = await rig.start(workflow);
    const second = await rig.respond(first, { value: 'a' });
    const of = async (response: WorkflowResponse) =>
      (await interactionHistory(rig.processor, await load(rig, response), { limit: 9 })).items.map((item) => [
        item.module_name,
        item.status,
        item.response,
        item.action_id,
      ]);
    expect(await of(second)).toEqual([
      ['one', 'answered', { value: 'a' }, 'ok'],
      ['two', 'open', null, null],
    ]);
    const back = await rig.respond(second, { action_id: 'back' });
    expect(await of(back)).toEqual([['one', 'open', null, null]]);
    await rig.processor.cancel({ userId: rig.userId, sessionId: 's', waitMs: 0, runId: idOf(first) });
    expect(await of(back)).toEqual([['one', 'closed', null, null]]);
    expect(await interactionRecord(rig.processor, await load(rig, back), asked(second))).toBeNull();
  });

  it('goes page by page, each question once', async () => {
    const rig = rigOf();
    const second = await rig.respond(await rig.start(workflow), { value: 'a' });
    const third = await rig.respond(second, { value: 'b' });
    const run = await load(rig, third);
    const names: string[] = [];
    let cursor: string | null = '-1';
    for (let pages = 0; cursor !== null && pages < 9; pages += 1) {
      const page = await interactionHistory(rig.processor, run, pages === 0 ? { limit: 1 } : { limit: 1, cursor });
      names.push(...page.items.map((item) => item.module_name));
      cursor = page.next_cursor;
    }
    expect(names).toEqual(['one', 'two', 'three']);
    expect((await interactionHistory(rig.processor, run, { limit: 3 })).next_cursor).toBeNull();
  });
});
