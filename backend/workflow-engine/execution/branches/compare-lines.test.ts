import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InteractionAnswer, InteractionRequest } from '../../models/interaction.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { answerFor, type GeneratedWorkflow, generatedWorkflow } from '../../testing/generated-workflow.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { scriptedLlm } from '../../testing/scripted-llm.ts';
import { compareBranches, compareRuns } from './compare.ts';
import { compareLines } from './compare-lines.ts';
import { reopenQuestion } from './reopen.ts';
import { runs } from '../../testing/runs.ts';

interface Place {
  step_id: string;
  module_name: string;
}

/** What a test plants: another answer to the n-th question, or another reply to the n-th call of the model. */
interface Plant {
  answer?: number;
  reply?: number;
}

/** A rig whose model says something else at one call, counted from the last reset. */
function plantedRig(): { rig: EngineRig; plant: (call: number | null) => void } {
  const clock = liveClock();
  let calls = 0;
  let planted: number | null = null;
  const llm = scriptedLlm(({ messages, outputSchema }) => {
    calls += 1;
    const parts = messages.flatMap((message) => message.parts);
    const said = JSON.stringify(parts) + (calls === planted ? ' planted' : '');
    return outputSchema ? JSON.stringify({ text: said }) : said;
  });
  const rig = createRig({ database: createMemoryDatabase({ clock }), clock, llm });
  return {
    rig,
    plant: (call) => {
      calls = 0;
      planted = call;
    },
  };
}

const other = (request: InteractionRequest, answer: InteractionAnswer): InteractionAnswer =>
  request.interaction_type === 'text_input'
    ? { value: `${String(answer.value)} planted` }
    : { ...answer, selected_indices: (answer.selected_indices as number[]).map((index) => (index + 1) % 3) };

const isPlantable = ({ interaction_type: type }: InteractionRequest) =>
  type === 'text_input' || type === 'select_from_structured';

interface Driven {
  runId: string;
  branchId: string;
  questions: { request: InteractionRequest; place: Place }[];
}

async function drive(rig: EngineRig, { workflow, choices }: GeneratedWorkflow, plant: Plant = {}): Promise<Driven> {
  const questions: Driven['questions'] = [];
  let response = await rig.start(workflow);
  for (let request = response.interaction_request; request; request = response.interaction_request) {
    const { step_id, module_name } = request.step_context;
    const own = answerFor(request, choices[questions.length]);
    const answer = questions.length === plant.answer ? other(request, own) : own;
    questions.push({ request, place: { step_id, module_name } });
    response = await rig.respond(response, answer);
  }
  expect(response.status).toBe('completed');
  return { runId: response.workflow_run_id ?? '', branchId: response.branch_id ?? '', questions };
}

/** Workflows whose questions are answered, never left. */
const straight = generatedWorkflow().map(({ workflow, choices }) => ({
  workflow,
  choices: choices.map((choice) => (choice.kind === 'answer' ? choice : { kind: 'answer' as const, value: 1 })),
}));

/** Places of modules that ask the model, in the order in which they run. */
function modelPlaces(workflow: GeneratedWorkflow['workflow']): Place[] {
  const steps = workflow.steps as { step_id: string; modules: { module_id: string; name: string }[] }[];
  return steps.flatMap(({ step_id, modules }) =>
    modules.filter((module) => module.module_id === 'api.llm').map(({ name }) => ({ step_id, module_name: name })),
  );
}

async function everything(rig: EngineRig, runIds: string[]): Promise<unknown> {
  const { runs: store } = rig.database;
  return Promise.all(
    runIds.map(async (runId) => ({
      row: await store.find({ runId }),
      lines: await Promise.all(
        (await store.branches({ runId })).map(({ branch_id: branchId }) =>
          store.readLine({ runId, branchId, afterSeq: -1 }),
        ),
      ),
    })),
  );
}

describe('9.11 comparing', () => {
  it('names the planted first difference of two runs, and executes nothing', async () => {
    let pairs = 0;
    await fc.assert(
      fc.asyncProperty(straight, fc.nat(), fc.boolean(), async (generated, pick, byReply) => {
        const { rig, plant } = plantedRig();
        plant(null);
        const a = await drive(rig, generated);
        const answers = a.questions.flatMap(({ request }, index) => (isPlantable(request) ? [index] : []));
        const models = modelPlaces(generated.workflow);
        const useReply = answers.length === 0 || (byReply && models.length > 0);
        const candidates = useReply ? models.map((_place, index) => index) : answers;
        fc.pre(candidates.length > 0);
        const at = candidates[pick % candidates.length] ?? 0;
        plant(useReply ? at + 1 : null);
        const b = await drive(rig, generated, useReply ? {} : { answer: at });
        const before = await everything(rig, [a.runId, b.runId]);
        const calls = rig.llm.calls.length;
        const compared = await compareRuns(rig.processor, { userId: rig.userId, a: a.runId, b: b.runId });
        expect(compared.first_difference).toEqual(
          useReply ? { ...models[at], reason: 'outputs' } : { ...a.questions[at]?.place, reason: 'answer' },
        );
        expect(compareLines(await rig.events(a.runId), await rig.events(b.runId))).toEqual(compared);
        expect(rig.llm.calls).toHaveLength(calls);
        expect(await everything(rig, [a.runId, b.runId])).toEqual(before);
        pairs += 1;
      }),
      { numRuns: runs(200, 1000) },
    );
    expect(pairs).toBeGreaterThanOrEqual(200);
  });

  it('names the question that was reopened and answered anew on another branch', async () => {
    await fc.assert(
      fc.asyncProperty(straight, fc.nat(), async (generated, pick) => {
        const { rig, plant } = plantedRig();
        plant(null);
        const a = await drive(rig, generated);
        const candidates = a.questions.filter(({ request }) => isPlantable(request));
        const chosen = candidates[pick % Math.max(1, candidates.length)];
        fc.pre(chosen !== undefined);
        const index = a.questions.indexOf(chosen);
        const caller = { userId: rig.userId, sessionId: 's', waitMs: 5_000, runId: a.runId };
        let response = await reopenQuestion(rig.processor, {
          ...caller,
          interactionId: chosen.request.interaction_id,
        });
        for (let at = index; response.interaction_request; at += 1) {
          const own = answerFor(response.interaction_request, generated.choices[at]);
          response = await rig.respond(response, at === index ? other(response.interaction_request, own) : own);
        }
        expect(response.status).toBe('completed');
        const before = await everything(rig, [a.runId]);
        const calls = rig.llm.calls.length;
        const compared = await compareBranches(rig.processor, {
          ...caller,
          a: a.branchId,
          b: response.branch_id ?? '',
        });
        expect(compared.first_difference).toEqual({ ...chosen.place, reason: 'answer' });
        expect(compared.b.fork).toMatchObject({ kind: 'reopen' });
        expect(rig.llm.calls).toHaveLength(calls);
        expect(await everything(rig, [a.runId])).toEqual(before);
        const { runs: store } = rig.database;
        const lines = await Promise.all(
          [a.branchId, response.branch_id ?? ''].map((branchId) =>
            store.readLine({ ...caller, branchId, afterSeq: -1 }),
          ),
        );
        expect(compareLines(lines[0] ?? [], lines[1] ?? [])).toEqual(compared);
      }),
      { numRuns: runs(60, 500) },
    );
  });

  it('finds nothing between two runs that did the same, and between a line and itself', async () => {
    await fc.assert(
      fc.asyncProperty(straight, async (generated) => {
        const { rig } = plantedRig();
        const a = await drive(rig, generated);
        const b = await drive(rig, generated);
        const user = { userId: rig.userId };
        const compared = await compareRuns(rig.processor, { ...user, a: a.runId, b: b.runId });
        expect(compared.first_difference).toBeNull();
        const itself = await compareRuns(rig.processor, { ...user, a: a.runId, b: a.runId });
        expect(itself).toMatchObject({ first_difference: null, modules: [] });
      }),
      { numRuns: runs(30, 300) },
    );
  });
});
