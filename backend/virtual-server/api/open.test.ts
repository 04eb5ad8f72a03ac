import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scriptedLlm } from '@wfm/workflow-engine/testing';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { eventsIn } from '../testing/events-in.ts';
import {
  createProduction,
  finishedPostcard,
  type Production,
  realLines,
  waitingPostcard,
} from '../testing/production.ts';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** Production runs opened as previews (format.md 22, `open`). */

interface Opened extends VirtualWorkflowResponse {
  definition: Record<string, unknown>;
  branches: { branch_id: string; kind: string; current: boolean; last_seq: number }[];
  opened: { branch_id: string; seq: number };
}

let production: Production;
let rig: VirtualRig;
beforeEach(async () => {
  production = createProduction();
  rig = await createVirtualRig({ production: production.database, script: () => '{"lines":["a","b","c"]}' });
});
afterEach(() => rig.close());

const open = async (workflow_run_id: string, more: object = {}) =>
  (await rig.preview('/workflow/open', { workflow_run_id, ...more })) as Opened;
const carried = ({ virtual_db, definition }: Opened) => ({ workflow: definition, virtual_db });
const read = ({ virtual_db }: Opened) => ({ virtual_db });
const actions = (preview: VirtualWorkflowResponse) =>
  preview.plan.map(({ module_name, action, reason }) => `${module_name}: ${action} (${reason})`);
const question = (preview: VirtualWorkflowResponse) => preview.interaction_request?.interaction_id;
/** The workflow with another text at its very end. */
const signedOtherwise = () => {
  const workflow = structuredClone(postcard()) as { steps: { modules: { inputs: object }[] }[] };
  Object.assign(workflow.steps[2]?.modules[0]?.inputs ?? {}, { text_if_not_empty: 'Yours! $state.condition_value' });
  return workflow;
};
/** The workflow with another prompt for its model. */
const promptedOtherwise = () => {
  const workflow = structuredClone(postcard()) as { steps: { modules: { inputs: object }[] }[] };
  Object.assign(workflow.steps[1]?.modules[0]?.inputs ?? {}, { input: 'Four lines about {{ state.city }}' });
  return workflow;
};

describe('opening a production run', () => {
  it('22 gives the state, the question, the definition and the branches of the run', async () => {
    const runId = await waitingPostcard(production);
    const opened = await open(runId);
    expect(opened).toMatchObject({
      workflow_run_id: runId,
      virtual_run_id: runId,
      status: 'awaiting_input',
      mode: 'real',
      mock: true,
      definition: postcard(),
      state: { state_mapped: { city: 'Turku', proposal: { lines: realLines } } },
      branches: [{ kind: 'first', current: true }],
      opened: { branch_id: opened.branch_id, seq: opened.last_seq },
    });
    expect(actions(opened)).toEqual([
      'ask_city: answer_reapplied (question_unchanged)',
      'write_lines: reused (inputs_unchanged)',
      'pick_line: asked_again (no_record)',
      'sign: not_reached (after_question)',
    ]);
    const history = (await rig.post('/workflow/interaction-history', read(opened))).json<{ items: object[] }>();
    expect(history.items).toMatchObject([{ status: 'answered', response: { value: 'Turku' } }, { status: 'open' }]);
    expect((await rig.post('/workflow/state', read(opened))).json()).toEqual(opened.state);
  });

  it('22 an unchanged workflow executes 0 modules; what comes later is mocked, whatever mode the run had', async () => {
    const opened = await open(await waitingPostcard(production));
    const again = await rig.preview('/workflow/start', { ...carried(opened), ...targets.pickLine });
    expect(eventsIn(again.virtual_db)).toEqual(eventsIn(opened.virtual_db));
    expect(again).toMatchObject({ mock: true, mode: 'real', status: 'awaiting_input', branch_id: opened.branch_id });
    const done = await rig.preview('/workflow/respond', {
      ...carried(opened),
      virtual_run_id: opened.virtual_run_id,
      interaction_id: question(opened),
      response: { selected_indices: [2] },
    });
    expect(done).toMatchObject({ status: 'completed', result: { line: 'real three' } });
    expect(rig.llm.calls).toHaveLength(0);
  });

  it('22 of an edited workflow only what the edit touched runs', async () => {
    const opened = await open(await finishedPostcard(production));
    const edited = await rig.preview('/workflow/start', { ...carried(opened), workflow: signedOtherwise() });
    expect(edited).toMatchObject({ status: 'completed', result: { line: 'real two', card: 'Yours! real two' } });
    expect(actions(edited)).toEqual([
      'ask_city: answer_reapplied (question_unchanged)',
      'write_lines: reused (inputs_unchanged)',
      'pick_line: answer_reapplied (question_unchanged)',
      'sign: executed (inputs_changed)',
    ]);
    expect(rig.llm.calls).toHaveLength(0);
  });

  it('22 an edited prompt is mocked, or called where modes or the request say real; undone, the record holds', async () => {
    const opened = await open(await waitingPostcard(production));
    const body = { ...carried(opened), workflow: promptedOtherwise(), ...targets.pickLine };
    const mocked = await rig.preview('/workflow/start', body);
    expect(actions(mocked)[1]).toBe('write_lines: mocked (mock_generated)');
    expect(mocked.mock).toBe(true);
    expect(rig.llm.calls).toHaveLength(0);
    const undone = await rig.preview('/workflow/start', { ...carried(opened), virtual_db: mocked.virtual_db });
    expect(actions(undone)[1]).toBe('write_lines: reused (inputs_unchanged)');
    expect(undone.state.state_mapped).toMatchObject({ proposal: { lines: realLines } });
    const byMode = await rig.preview('/workflow/start', { ...body, modes: { 'words/write_lines': 'real' } });
    expect(byMode.state.state_mapped).toMatchObject({ proposal: { lines: ['a', 'b', 'c'] } });
    const forReal = await rig.preview('/workflow/start', { ...body, mock: false });
    expect(forReal).toMatchObject({ mock: false, state: { state_mapped: { proposal: { lines: ['a', 'b', 'c'] } } } });
    expect(rig.llm.calls).toHaveLength(2);
    // A mode that the request names is kept to, also against a record.
    const asMock = await rig.preview('/workflow/start', { ...carried(opened), modes: { 'words/write_lines': 'mock' } });
    expect(actions(asMock)[1]).toBe('write_lines: mocked (mock_generated)');
  });

  it('22 a plan says the same beforehand', async () => {
    const opened = await open(await waitingPostcard(production));
    const plan = async (workflow: unknown) =>
      (await rig.post('/workflow/plan', { ...carried(opened), workflow }))
        .json<{ modules: { module_name: string; action: string }[] }>()
        .modules.map(({ action }) => action);
    expect(await plan(postcard())).toEqual(['answer_reapplied', 'reused', 'asked_again', 'not_reached']);
    expect((await plan(promptedOtherwise())).slice(0, 2)).toEqual(['answer_reapplied', 'mocked']);
  });

  it('22 up to an event: what came later has not happened, and another answer goes another way', async () => {
    const runId = await finishedPostcard(production);
    const asked = (await production.ada.events(runId)).find((event) => event.type === 'interaction_requested');
    const opened = await open(runId, { up_to_seq: asked?.seq });
    expect(opened).toMatchObject({ status: 'awaiting_input', last_seq: asked?.seq, opened: { seq: asked?.seq } });
    expect(eventsIn(opened.virtual_db)).toHaveLength((asked?.seq ?? 0) + 1);
    const other = await rig.preview('/workflow/respond', {
      ...carried(opened),
      ...targets.pickLine,
      virtual_run_id: runId,
      interaction_id: question(opened),
      response: { value: 'Bergen' },
    });
    expect(other).toMatchObject({ status: 'awaiting_input', state: { state_mapped: { city: 'Bergen' } } });
    expect(actions(other)[1]).toBe('write_lines: mocked (mock_generated)');
    expect(rig.llm.calls).toHaveLength(0);
  });

  it('22 at every event of its line it opens, and goes on to its end', async () => {
    const runId = await finishedPostcard(production);
    const last = (await production.ada.events(runId)).length - 1;
    for (let seq = 0; seq <= last; seq += 1) {
      const opened = await open(runId, { up_to_seq: seq });
      expect(opened.last_seq).toBe(seq);
      const done = await rig.preview('/workflow/start', { ...carried(opened), answers: 'sample' });
      expect(done.status).toBe('completed');
    }
    expect(rig.llm.calls).toHaveLength(0);
  });

  it('22 retry, jump and a cancelled run: branches come along, and those made after the point do not', async () => {
    const runId = await waitingPostcard(production);
    const { ada } = production;
    const before = (await ada.events(runId)).length - 1;
    const caller = { runId, userId: ada.userId, sessionId: 's', waitMs: 20_000 };
    await ada.processor.depart({
      ...caller,
      mode: 'retry',
      stepId: 'words',
      moduleName: 'write_lines',
      feedback: 'wilder',
    });
    const whole = await open(runId);
    expect(whole.branches.map(({ kind, current }) => [kind, current])).toEqual([
      ['first', false],
      ['retry', true],
    ]);
    expect(whole.state.state_mapped).toMatchObject({ proposal: { lines: realLines } });
    const fork = eventsIn(whole.virtual_db).find((event) => event.type === 'branch_created')?.seq ?? 0;
    // Inside what the retry inherits, the point is on the first branch, and the retry has not been asked for.
    const early = await open(runId, { up_to_seq: fork - 1 });
    expect(early.branches.map(({ kind, last_seq }) => [kind, last_seq])).toEqual([['first', fork - 1]]);
    expect(before).toBeGreaterThan(fork);
    const jumped = await rig.preview('/workflow/jump', {
      ...carried(whole),
      step_id: 'place',
      module_name: 'ask_city',
    });
    expect(jumped.interaction_request).toMatchObject({ previous_answer: { value: 'Turku' } });
    await ada.processor.cancel(caller);
    expect((await open(runId)).status).toBe('cancelled');
  });

  it('22.7 a call for real goes under a key of its own, so that it is none of production’s to a provider', async () => {
    const runId = await finishedPostcard(production);
    const started = (await production.ada.events(runId)).find(
      (event) => event.type === 'module_started' && event.module_name === 'write_lines',
    );
    const keys = new Set(production.ada.llm.calls.map(({ idempotencyKey }) => idempotencyKey));
    for (let copies = 1; copies <= 2; copies += 1) {
      const opened = await open(runId, { up_to_seq: started?.seq });
      await rig.preview('/workflow/start', { ...carried(opened), mock: false, ...targets.pickLine });
      keys.add(rig.llm.calls.at(-1)?.idempotencyKey ?? '');
      expect(rig.llm.calls).toHaveLength(copies);
      expect(keys.size).toBe(1 + copies);
    }
  });

  it('22.6 opened while it is being executed, a run is what is stored of it, and both go on by themselves', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    await rig.close();
    production = createProduction({ llm: scriptedLlm(() => promise) });
    rig = await createVirtualRig({ production: production.database });
    const { ada } = production;
    const asked = await ada.start(postcard());
    const answered = ada.respond(asked, { value: 'Turku' });
    const runId = asked.workflow_run_id ?? '';
    await vi.waitFor(() => expect(ada.llm.calls).toHaveLength(1));
    const opened = await open(runId);
    expect(opened).toMatchObject({ status: 'processing', progress: { current_module: 'write_lines' } });
    const on = await rig.preview('/workflow/start', { ...carried(opened), ...targets.pickLine });
    expect(on.status).toBe('awaiting_input');
    expect(actions(on)[1]).toBe('write_lines: mocked (mock_generated)');
    resolve(JSON.stringify({ lines: realLines }));
    expect((await answered).interaction_request).toMatchObject({ data: realLines });
    expect((await open(runId)).state.state_mapped).toMatchObject({ proposal: { lines: realLines } });
  });
});
