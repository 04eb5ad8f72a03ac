import { describe, expect, it } from 'vitest';
import { versionIdOf } from '../../definition/canonical-json.ts';
import type { RunEvent } from '../../events/run-event.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import type { JsonObject } from '../../models/json.ts';
import type { EngineRig } from '../../testing/engine-rig.ts';
import { memoryRig, reconcile } from './testing/memory-rig.ts';

type Completed = Extract<RunEvent, { type: 'module_completed' }>;
const completions = (events: RunEvent[]): Completed[] =>
  events.filter((event): event is Completed => event.type === 'module_completed');

describe('10.7 what holds', () => {
  const base: JsonObject = {
    format: 2,
    workflow_id: 'edits',
    initial_state: { tone: 'calm' },
    steps: [
      {
        step_id: 's',
        modules: [
          {
            module_id: 'user.select',
            name: 'pick',
            inputs: { data: ['rain', 'sun'], schema: { type: 'array' } },
            outputs_to_state: { selected_data: 'subject' },
          },
          {
            module_id: 'api.llm',
            name: 'write',
            inputs: { input: 'About {{ state.subject }}, {{ state.tone }}' },
            outputs_to_state: { response: 'text' },
          },
          {
            module_id: 'api.llm',
            name: 'title',
            inputs: { input: 'A title for {{ state.subject }}' },
            outputs_to_state: { response: 'title' },
          },
        ],
      },
    ],
  };
  const edit = (change: (modules: JsonObject[], workflow: JsonObject) => void): JsonObject => {
    const copy = structuredClone(base);
    change((copy.steps as { modules: JsonObject[] }[])[0]?.modules ?? [], copy);
    return copy;
  };
  const run = async (index = 1) => {
    const rig = memoryRig();
    const done = await rig.respond(await rig.start(base), { selected_indices: [index] });
    return { rig, runId: done.workflow_run_id ?? '' };
  };
  const setInput = (modules: JsonObject[], at: number, inputs: JsonObject): void => {
    Object.assign(modules[at]?.inputs as JsonObject, inputs);
  };
  const origins = async (rig: EngineRig, runId: string) =>
    completions(await rig.events(runId)).map((event) => [
      event.module_name,
      event.data.origin.kind,
      event.data.origin.reason,
    ]);

  it('10.7.8 a cosmetic edit makes no branch and runs nothing', async () => {
    const { rig, runId } = await run();
    const response = await reconcile(
      rig,
      runId,
      edit((modules) => Object.assign(modules[1] ?? {}, { comment: 'better' })),
    );
    expect(response.status).toBe('completed');
    expect(rig.llm.calls).toHaveLength(2);
    expect(await rig.database.runs.branches({ runId })).toHaveLength(1);
    expect((await rig.events(runId)).at(-1)?.type).toBe('version_switched');
  });

  it('10.7.6 an edit in the middle runs that module alone when what follows sees the same', async () => {
    const { rig, runId } = await run();
    await reconcile(
      rig,
      runId,
      edit((modules) => setInput(modules, 1, { input: 'On {{ state.subject }}' })),
    );
    expect(rig.llm.calls).toHaveLength(3);
    expect(await origins(rig, runId)).toEqual([
      ['pick', 'executed', 'no_record'],
      ['write', 'executed', 'inputs_changed'],
      ['title', 'reused', 'inputs_unchanged'],
    ]);
    const written = (await rig.events(runId)).findLast(
      (event) => event.type === 'module_completed' && event.module_name === 'write',
    );
    expect(written?.data).toMatchObject({ origin: { inputs: ['input'] } });
  });

  it('10.7.4 an option added in front keeps the answer, found by its value', async () => {
    const { rig, runId } = await run();
    const response = await reconcile(
      rig,
      runId,
      edit((modules) => setInput(modules, 0, { data: ['snow', 'rain', 'sun'] })),
    );
    expect(response.status).toBe('completed');
    expect(rig.llm.calls).toHaveLength(2);
    expect((await origins(rig, runId))[0]).toEqual(['pick', 'answer_reapplied', 'answer_still_valid']);
    expect((await rig.processor.load({ runId })).state.flat).toMatchObject({
      subject: 'sun',
      pick: { selected_indices: [2] },
    });
  });

  it('10.7.4 an option that vanished is asked again, with the old answer offered', async () => {
    const { rig, runId } = await run();
    const response = await reconcile(
      rig,
      runId,
      edit((modules) => setInput(modules, 0, { data: ['rain', 'snow'] })),
    );
    expect(response).toMatchObject({
      status: 'awaiting_input',
      interaction_request: { previous_answer: { selected_indices: [1] } },
    });
    const done = await rig.respond(response, { selected_indices: [0] });
    expect(done.status).toBe('completed');
    expect(rig.llm.calls).toHaveLength(4);
  });

  it('10.7.4 a list that got shorter keeps the choice of what stood behind its new end', async () => {
    const { rig, runId } = await run();
    const shorter = edit((modules) => setInput(modules, 0, { data: ['sun'] }));
    expect((await reconcile(rig, runId, shorter)).status).toBe('completed');
    expect((await rig.processor.load({ runId })).state.flat).toMatchObject({ pick: { selected_indices: [0] } });
    expect(rig.llm.calls).toHaveLength(2);
  });

  it('10.7.4 of equal options each stands for one that was chosen: one that vanished is asked about', async () => {
    const several = (data: string[]) =>
      edit((modules) => setInput(modules, 0, { data, multi_select: true, max_selections: 3 }));
    const rig = memoryRig();
    const at = await rig.start(several(['sun', 'sun', 'rain']));
    const runId = at.workflow_run_id ?? '';
    await rig.respond(at, { selected_indices: [0, 1] });
    expect((await reconcile(rig, runId, several(['snow', 'sun', 'sun']))).status).toBe('completed');
    expect((await rig.processor.load({ runId })).state.flat).toMatchObject({ pick: { selected_indices: [1, 2] } });
    const asked = await reconcile(rig, runId, several(['snow', 'rain', 'sun']));
    expect(asked).toMatchObject({ status: 'awaiting_input', interaction_request: { title: 'Choose' } });
  });

  it('10.7.4 another title asks nobody; another button label neither', async () => {
    const { rig, runId } = await run();
    const response = await reconcile(
      rig,
      runId,
      edit((modules) => setInput(modules, 0, { prompt: 'Which one?' })),
    );
    expect(response.status).toBe('completed');
    expect((await origins(rig, runId))[0]).toEqual(['pick', 'answer_reapplied', 'question_unchanged']);
  });

  it('10.7.1 another initial state reuses what does not see it', async () => {
    const { rig, runId } = await run();
    await reconcile(
      rig,
      runId,
      edit((_modules, workflow) => Object.assign(workflow.initial_state as JsonObject, { tone: 'loud' })),
    );
    expect((await origins(rig, runId)).map(([name, kind]) => [name, kind])).toEqual([
      ['pick', 'answer_reapplied'],
      ['write', 'executed'],
      ['title', 'reused'],
    ]);
    expect((await rig.processor.load({ runId })).state.flat).toMatchObject({ tone: 'loud' });
  });

  it('10.9 a module that is forced runs again; auto_reapply false asks again', async () => {
    const { rig, runId } = await run();
    await reconcile(rig, runId, base, { force: ['s/title'] });
    expect((await origins(rig, runId))[2]).toEqual(['title', 'executed', 'forced']);
    expect(rig.llm.calls).toHaveLength(3);
    const asked = await reconcile(
      rig,
      runId,
      edit((modules) => setInput(modules, 0, { prompt: 'Again?' })),
      { autoReapply: false },
    );
    expect(asked.status).toBe('awaiting_input');
  });

  it('9 the line that was left stays as it was, and undoing an edit costs nothing', async () => {
    const { rig, runId } = await run();
    const before = await rig.events(runId);
    const first = (await rig.database.runs.find({ runId }))?.current_branch_id ?? '';
    await reconcile(
      rig,
      runId,
      edit((modules) => setInput(modules, 1, { input: 'On {{ state.subject }}' })),
    );
    await reconcile(rig, runId, base);
    expect(rig.llm.calls).toHaveLength(3);
    expect(await rig.database.runs.readLine({ runId, branchId: first, afterSeq: -1 })).toEqual(before);
  });

  it('10.7.9 a retry that comes between a plan and its act wins, and the act is refused', async () => {
    const { rig, runId } = await run();
    const changed = edit((modules) => setInput(modules, 1, { input: 'On {{ state.subject }}' }));
    const versionId = versionIdOf(changed);
    await rig.database.definitions.keepDefinition({ versionId, definition: changed });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5_000, runId };
    const { plan_id: planId } = await rig.processor.plan({ ...caller, versionId });
    const { append } = rig.database.runs;
    let between: WorkflowResponse | undefined;
    rig.database.runs.append = async (params) => {
      if (params.newBranch?.kind === 'reconcile' && !between)
        between = await rig.processor.depart({ ...caller, mode: 'retry', stepId: 's', moduleName: 'title' });
      return append.call(rig.database.runs, params);
    };
    await expect(rig.processor.reconcile({ ...caller, versionId, planId })).rejects.toMatchObject({
      code: 'plan_stale',
    });
    expect((await rig.database.runs.find({ runId }))?.current_branch_id).toBe(between?.branch_id);
    const kinds = (await rig.database.runs.branches({ runId })).map((branch) => branch.kind);
    expect(kinds).toEqual(['first', 'retry']);
  });

  it('10.7.9 a plan whose head has moved is refused', async () => {
    const { rig, runId } = await run();
    const versionId = versionIdOf(base);
    await expect(
      rig.processor.reconcile({
        userId: rig.userId,
        sessionId: rig.userId,
        waitMs: 1000,
        runId,
        versionId,
        planId: 'stale',
      }),
    ).rejects.toMatchObject({ code: 'plan_stale' });
  });
});
