import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionIdOf } from '../../definition/canonical-json.ts';
import type { RunEvent } from '../../events/run-event.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import type { InteractionAnswer, InteractionRequest } from '../../models/interaction.ts';
import type { JsonObject } from '../../models/json.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { applyEdit, type Edit, generatedEdit } from '../../testing/generated-edit.ts';
import { answerFor, generatedWorkflow } from '../../testing/generated-workflow.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { runs } from '../../testing/runs.ts';

function memoryRig(): EngineRig {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock });
}

/** What the person means at each question: for a choice the values, wherever they stand, else the answer itself. */
type Answers = Map<string, { values: unknown[] } | { answer: InteractionAnswer }>;

function meant(
  request: InteractionRequest,
  answer: InteractionAnswer,
): { values: unknown[] } | { answer: InteractionAnswer } {
  if (request.interaction_type !== 'select_from_structured') return { answer };
  const data = request.data as unknown[];
  return { values: (answer.selected_indices ?? []).map((index) => data[index as number]) };
}

function answerOf(
  request: InteractionRequest,
  known: ReturnType<typeof meant> | undefined,
  value: number,
): InteractionAnswer {
  const fallback = answerFor(request, { kind: 'answer', value });
  if (!known) return fallback;
  if ('answer' in known) return known.answer;
  const data = (request.data as unknown[]).map((item) => JSON.stringify(item));
  const indices = known.values.map((item) => data.indexOf(JSON.stringify(item)));
  return indices.includes(-1) ? fallback : { selected_indices: indices };
}

/** Answers questions until the run needs nobody: those of the map by path, others by their first possible answer. */
async function answerAll(
  rig: EngineRig,
  first: WorkflowResponse,
  answers: Answers,
  value: number,
): Promise<WorkflowResponse> {
  let response = first;
  for (let asked = 0; response.interaction_request; asked += 1) {
    if (asked > 300) throw new Error('the run never ends');
    const request = response.interaction_request;
    const path = `${request.step_context.step_id}/${request.step_context.module_name}`;
    const answer = answerOf(request, answers.get(path), value);
    answers.set(path, meant(request, answer));
    response = await rig.respond(response, answer);
  }
  expect({ status: response.status, error: response.error }).toEqual({ status: 'completed', error: undefined });
  return response;
}

async function reconcile(
  rig: EngineRig,
  runId: string,
  workflow: JsonObject,
  more: { autoReapply?: boolean; force?: string[] } = {},
) {
  const versionId = versionIdOf(workflow);
  await rig.database.definitions.keepDefinition({ versionId, definition: workflow });
  return rig.processor.reconcile({
    userId: rig.userId,
    sessionId: rig.userId,
    waitMs: 20_000,
    runId,
    versionId,
    ...more,
  });
}

const pathOf = (event: RunEvent): string => `${event.step_id}/${event.module_name}`;
type Completed = Extract<RunEvent, { type: 'module_completed' }>;
const completions = (events: RunEvent[]): Completed[] =>
  events.filter((event): event is Completed => event.type === 'module_completed');
const madeUp = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}T[\d:.]+Z/g;
/** Indices say where a chosen value stands, and of two equal values either may be meant. */
const valuesOf = (state: JsonObject): unknown =>
  JSON.parse(
    JSON.stringify(state, (key, value: unknown) => (key === 'selected_indices' ? undefined : value)).replace(
      madeUp,
      'made up',
    ),
  );

/** Edits a finished run and compares it with a fresh run of the edited workflow: executed modules and final state. */
async function matchesOracle(workflow: JsonObject, edit: Edit, value: number): Promise<void> {
  const rig = memoryRig();
  const answers: Answers = new Map();
  const first = await answerAll(rig, await rig.start(workflow), answers, value);
  const runId = first.workflow_run_id ?? '';
  const before = await rig.events(runId);
  const calls = rig.llm.calls.length;
  const edited = applyEdit(workflow, edit);
  const after = await answerAll(rig, await reconcile(rig, runId, edited), answers, value);
  const line = await rig.events(runId);
  const oracle = memoryRig();
  const fresh = await answerAll(oracle, await oracle.start(edited), answers, value);
  const freshEvents = await oracle.events(fresh.workflow_run_id ?? '');

  const { state } = await rig.processor.load({ runId });
  const { state: freshState } = await oracle.processor.load({ runId: fresh.workflow_run_id ?? '' });
  const touched = new Set(completions(freshEvents).map((event) => event.module_name ?? ''));
  const relevant = (flat: JsonObject): unknown =>
    valuesOf(Object.fromEntries(Object.entries(flat).filter(([key]) => touched.has(key) || key.startsWith('k_'))));
  expect(relevant({ ...state.flat })).toEqual(relevant({ ...freshState.flat }));

  const records = completions(before);
  const known = records.map((event) => ({ path: pathOf(event), hash: event.data.input_hash }));
  const expected = completions(freshEvents)
    .filter((event) => moduleIdOf(edited, pathOf(event)) === 'api.llm')
    .filter((event) => {
      const at = known.findIndex((record) => record.path === pathOf(event) && record.hash === event.data.input_hash);
      const moved =
        at < 0
          ? known.findIndex(
              (record) =>
                record.hash === event.data.input_hash &&
                !completions(freshEvents).some(
                  (other) => pathOf(other) === record.path && other.data.input_hash === record.hash,
                ),
            )
          : at;
      if (moved < 0) return true;
      known.splice(moved, 1);
      return false;
    })
    .map(pathOf);
  expect(rig.llm.calls.length - calls).toBe(expected.length);
  expect(after.status).toBe('completed');
  expect(line.map((event) => event.seq)).toEqual(line.map((_event, index) => index));
}

describe('10.7 reconcile against an oracle that runs everything again', () => {
  it('executes exactly what has no record with the same inputs, and ends in the same state', async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(3), generatedEdit, fc.nat({ max: 3 }), async ({ workflow }, edit, value) => {
        await matchesOracle(workflow, edit, value);
        kinds.add(edit.kind);
      }),
      { numRuns: runs(120, 1000) },
    );
    expect(kinds.size).toBeGreaterThan(5);
  });

  it('and so on workflows of up to 200 modules', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(40, 10), generatedEdit, async ({ workflow }, edit) => {
        await matchesOracle(workflow, edit, 1);
      }),
      { numRuns: runs(10, 300), endOnFailure: true },
    );
  }, 600_000);
});

function moduleIdOf(workflow: JsonObject, path: string): string | undefined {
  const { steps } = workflow as { steps: { step_id: string; modules: { module_id: string; name: string }[] }[] };
  return steps
    .flatMap((step) => step.modules.map((module) => [`${step.step_id}/${module.name}`, module.module_id] as const))
    .find(([known]) => known === path)?.[1];
}

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
