import { randomUUID } from 'node:crypto';
import { openDatabase, systemClock, uuidIds } from '@wfm/db';
import { createRegistry, standardModules, WorkflowProcessor } from '@wfm/workflow-engine';
import { versionIdOf } from '@wfm/workflow-engine/definition';
import type { InteractionAnswer, WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Database } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { scriptedLlm } from '@wfm/workflow-engine/testing';
import { median } from './raw-commits.ts';
import type { Figure } from './table.ts';

export type Storage = 'sqlite' | 'memory';

interface Bench {
  start(workflow: unknown): Promise<WorkflowResponse>;
  respond(response: WorkflowResponse, answer: InteractionAnswer): Promise<WorkflowResponse>;
  database: Database;
  close(): Promise<void>;
}

/** Time per step, latencies, and how flat the cost stays as the history grows. */
export async function benchEngine(options: { storage: Storage; folder: string; scale: number }): Promise<Figure[]> {
  const bench = await open(options.storage, options.folder);
  const rounds = Math.max(10, Math.round(60 * options.scale));
  await perStep(bench, effectStep, 100, 5);
  const figures: Figure[] = [];
  const ms = (name: string, value: number): void => void figures.push({ name, value, unit: 'ms' });
  ms('start to question', await latency(rounds, () => bench.start(dialogue())));
  const waiting = await Promise.all(Array.from({ length: rounds }, () => bench.start(dialogue())));
  let next = 0;
  ms(
    'answer to end',
    await latency(rounds, async () => bench.respond(waiting[next++] as WorkflowResponse, { value: 'yes' })),
  );
  const compute: Record<number, number> = {};
  const effect: Record<number, number> = {};
  for (const steps of [10, 100, 1000]) {
    compute[steps] = await perStep(bench, computeStep, steps, Math.max(3, Math.round((3000 / steps) * options.scale)));
    effect[steps] = await perStep(bench, effectStep, steps, Math.max(3, Math.round((1000 / steps) * options.scale)));
  }
  for (const steps of [10, 100, 1000]) ms(`compute step, ${steps} in a run`, compute[steps] ?? 0);
  for (const steps of [10, 100, 1000])
    ms(`effect step, each durable on its own, ${steps} in a run`, effect[steps] ?? 0);
  const tail: Record<number, number> = {};
  for (const history of [10, 100, 1000]) {
    tail[history] = await afterHistory(bench, history, Math.max(5, Math.round(20 * options.scale)));
    ms(`answer to end after ${history} steps of history`, tail[history]);
  }
  const ratio = (name: string, value: number): void => void figures.push({ name, value, unit: 'ratio' });
  ratio('compute step: 1000 against 100 steps', (compute[1000] ?? 0) / (compute[100] ?? 1));
  ratio('effect step: 1000 against 10 steps', (effect[1000] ?? 0) / (effect[10] ?? 1));
  ratio('answer to end: after 1000 against 10 steps', (tail[1000] ?? 0) / (tail[10] ?? 1));
  await bench.close();
  return figures;
}

async function open(storage: Storage, folder: string): Promise<Bench> {
  const clock = systemClock();
  const database =
    storage === 'sqlite'
      ? await openDatabase({ dataDir: folder, clock, role: 'owner' })
      : createMemoryDatabase({ clock });
  const processor = new WorkflowProcessor({
    database,
    clock,
    ids: uuidIds(),
    registry: createRegistry(standardModules),
    llm: scriptedLlm(() => 'ok'),
    http: { fetch: () => Promise.reject(new Error('no network in a bench')) },
    engine: 'bench',
    executor: 'bench',
  });
  const caller = { userId: 'bench', sessionId: randomUUID(), waitMs: Number.POSITIVE_INFINITY };
  return {
    database,
    async start(workflow) {
      const versionId = versionIdOf(workflow);
      await database.definitions.keepDefinition({ versionId, definition: workflow });
      const start = {
        projectName: randomUUID(),
        versionId,
        templateId: null,
        templateName: 'bench',
        mode: 'real' as const,
      };
      let response = await processor.start({ ...caller, ...start });
      // One hold of the lease executes 1000 modules at most; whoever waits goes on.
      while (response.status === 'processing')
        response = await processor.resume({ ...caller, runId: response.workflow_run_id ?? '' });
      return response;
    },
    respond: (response, answer) =>
      processor.respond({
        ...caller,
        runId: response.workflow_run_id ?? '',
        interactionId: response.interaction_request?.interaction_id ?? '',
        answer,
      }),
    async close() {
      await processor.close();
      await database.close();
    },
  };
}

type Make = (name: string) => Record<string, unknown>;
const computeStep: Make = (name) => ({
  module_id: 'transform.extract',
  name,
  inputs: { value: 'some text {{ state.seed }}' },
  outputs_to_state: { value: name },
});
const effectStep: Make = (name) => ({
  module_id: 'api.llm',
  name,
  inputs: { input: 'say ok, {{ state.seed }}' },
  outputs_to_state: { response: name },
});
const question = {
  module_id: 'user.text_input',
  name: 'question',
  inputs: { prompt: 'Go on?' },
  outputs_to_state: { value: 'answer' },
};

/** Modules in steps of 25, since a step may hold 50. */
function workflowOf(modules: Record<string, unknown>[]): Record<string, unknown> {
  const steps = [];
  for (let index = 0; index < modules.length; index += 25)
    steps.push({ step_id: `s${index}`, modules: modules.slice(index, index + 25) });
  return { format: 2, workflow_id: 'bench', initial_state: { seed: 'seed' }, steps };
}

const many = (make: Make, count: number): Record<string, unknown>[] =>
  Array.from({ length: count }, (_value, index) => make(`m${index}`));
const dialogue = (): unknown =>
  workflowOf([...many(computeStep, 5), question, ...many((name) => computeStep(`after_${name}`), 5)]);

async function latency(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

async function perStep(bench: Bench, make: Make, steps: number, rounds: number): Promise<number> {
  const workflow = workflowOf(many(make, steps));
  return (
    (await latency(rounds, async () => {
      const response = await bench.start(workflow);
      if (response.status !== 'completed')
        throw new Error(`the bench run ended in ${response.status}: ${response.error?.message}`);
    })) / steps
  );
}

/** The same last part after histories of different length: only the history differs. */
async function afterHistory(bench: Bench, history: number, rounds: number): Promise<number> {
  const workflow = workflowOf([
    ...many(computeStep, history),
    question,
    ...many((name) => computeStep(`after_${name}`), 5),
  ]);
  const waiting = await Promise.all(Array.from({ length: rounds }, () => bench.start(workflow)));
  let next = 0;
  return latency(rounds, async () => bench.respond(waiting[next++] as WorkflowResponse, { value: 'yes' }));
}
