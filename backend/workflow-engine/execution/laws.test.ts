import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../events/run-event.ts';
import { runEventSchema } from '../events/run-event.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { answerFor, type GeneratedWorkflow, generatedWorkflow } from '../testing/generated-workflow.ts';
import { liveClock } from '../testing/live-clock.ts';
import { runs } from '../testing/runs.ts';
import { fold } from './evolve.ts';
import { RunLoader } from './run-loader.ts';
import { parseState, type RunState, serialiseState } from './run-state.ts';

/** The laws of architecture.md 3.2, over generated workflows. */

async function drive(rig: EngineRig, { workflow, choices }: GeneratedWorkflow): Promise<string> {
  let response = await rig.start(workflow);
  for (let asked = 0; response.status === 'awaiting_input' && response.interaction_request; asked += 1) {
    if (asked > 60) throw new Error('the run never ends');
    response = await rig.respond(response, answerFor(response.interaction_request, choices[asked]));
  }
  expect({ status: response.status, error: response.error, failures: response.validation_errors }).toEqual({
    status: 'completed',
    error: undefined,
    failures: [],
  });
  return response.workflow_run_id ?? '';
}

function memoryRig(): EngineRig {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock });
}

const plain = (state: RunState): unknown => JSON.parse(serialiseState(state));

/** Whatever reads the time, draws lots or asks the network in there, throws. */
function withoutTheWorld<T>(act: () => T): T {
  const trap = (): never => {
    throw new Error('a replay reached for the world outside');
  };
  const traps = [
    vi.spyOn(Date, 'now').mockImplementation(trap),
    vi.spyOn(performance, 'now').mockImplementation(trap),
    vi.spyOn(Math, 'random').mockImplementation(trap),
    vi.spyOn(crypto, 'randomUUID').mockImplementation(trap),
    vi.spyOn(globalThis, 'fetch').mockImplementation(trap),
  ];
  try {
    return act();
  } finally {
    for (const spy of traps) spy.mockRestore();
  }
}

describe('laws', () => {
  it('1 replay: a log folds to the same state in one go, in pieces, from a checkpoint, by a fresh reader', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(), fc.nat(), async (generated, at) => {
        const rig = memoryRig();
        const runId = await drive(rig, generated);
        const { state } = await rig.processor.load({ runId });
        const fresh = new RunLoader(rig.database);
        const items = await Promise.all((await rig.events(runId)).map((event) => fresh.hydrate(event)));
        const whole = fold(null, items);
        const cut = 1 + (at % items.length);
        const first = fold(null, items.slice(0, cut));
        const before = serialiseState(first);
        const pieces = fold(first, items.slice(cut));
        const restored = parseState(before);
        expect(plain(whole)).toEqual(plain(state));
        expect(plain(pieces)).toEqual(plain(whole));
        expect(plain(fold(restored, items.slice(cut)))).toEqual(plain(whole));
        // Folding on must not change the state it began with.
        expect(serialiseState(first)).toBe(before);
      }),
      { numRuns: runs(60, 1000) },
    );
  });

  it('R8 replay reads no clock, chance or network, and every checkpoint leads to the same bytes, twice', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(), async (generated) => {
        const rig = memoryRig();
        const runId = await drive(rig, generated);
        const first = (await rig.events(runId)).find((event) => event.type === 'module_started');
        const target = { stepId: first?.step_id ?? '', moduleName: first?.module_name ?? '' };
        const caller = { userId: rig.userId, sessionId: 'one', waitMs: 20_000, runId };
        await rig.processor.depart({ ...caller, ...target, mode: 'retry', feedback: 'otherwise' });
        const reader = new RunLoader(rig.database);
        const items = await Promise.all((await rig.events(runId)).map((event) => reader.hydrate(event)));
        const bytes = withoutTheWorld(() => {
          const whole = serialiseState(fold(null, items));
          const fromCheckpoints = items.slice(1).map((_item, at) => {
            const checkpoint = parseState(serialiseState(fold(null, items.slice(0, at + 1))));
            return serialiseState(fold(checkpoint, items.slice(at + 1)));
          });
          return [whole, serialiseState(fold(null, items)), ...fromCheckpoints];
        });
        expect(new Set(bytes).size).toBe(1);
      }),
      { numRuns: runs(30, 500) },
    );
  });

  it('2 dense log: every line reads 0, 1, 2 …; nothing stored is ever rewritten', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(), async (generated) => {
        const rig = memoryRig();
        const seen = new Map<string, string>();
        const { append } = rig.database.runs;
        rig.database.runs.append = async (params) => {
          const result = await append.call(rig.database.runs, params);
          for (const event of params.events) seen.set(`${event.branch_id}:${event.seq}`, JSON.stringify(event));
          return result;
        };
        const runId = await drive(rig, generated);
        for (const branch of await rig.database.runs.branches({ runId })) {
          const line = await rig.database.runs.readLine({ runId, branchId: branch.branch_id, afterSeq: -1 });
          expect(line.map((event) => event.seq)).toEqual(line.map((_event, index) => index));
          for (const event of line) {
            const stored = seen.get(`${event.branch_id}:${event.seq}`);
            if (stored !== undefined) expect(JSON.stringify(event)).toBe(stored);
          }
        }
      }),
      { numRuns: runs(40, 500) },
    );
  });

  it('3 one winner: of racing commands one is accepted, and the others have changed nothing', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(), fc.integer({ min: 2, max: 6 }), async (generated, racers) => {
        const rig = memoryRig();
        const response = await rig.start(generated.workflow);
        const request = response.interaction_request;
        if (!request) return;
        const results = await Promise.allSettled(
          Array.from({ length: racers }, (_value, index) =>
            rig.respond(response, answerFor(request, generated.choices[index])),
          ),
        );
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
        const runId = response.workflow_run_id ?? '';
        const answers: RunEvent[] = [];
        for (const branch of await rig.database.runs.branches({ runId })) {
          const line = await rig.database.runs.readLine({
            runId,
            branchId: branch.branch_id,
            afterSeq: branch.fork_seq,
          });
          answers.push(
            ...line.filter(
              (event) =>
                'interaction_id' in event.data &&
                event.data.interaction_id === request.interaction_id &&
                event.type !== 'interaction_requested',
            ),
          );
        }
        expect(answers).toHaveLength(1);
      }),
      { numRuns: runs(60, 500) },
    );
  });

  it('8 every event that the engine writes is one of the stored shapes', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(), async (generated) => {
        const rig = memoryRig();
        const runId = await drive(rig, generated);
        for (const event of await rig.events(runId))
          expect(runEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(JSON.parse(JSON.stringify(event)));
      }),
      { numRuns: runs(30, 300) },
    );
  });

  it('7 isolation: what one user writes never shows in the data of another', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(2), generatedWorkflow(2), async (one, two) => {
        const clock = liveClock();
        const database = createMemoryDatabase({ clock });
        const a = createRig({ database, clock });
        const b = createRig({ database, clock });
        const alone = memoryRig();
        const [, runB] = await Promise.all([drive(a, one), drive(b, two)]);
        const runAlone = await drive(alone, two);
        expect(await b.canonical(runB)).toEqual(await alone.canonical(runAlone));
        await expect(a.processor.status({ runId: runB, userId: a.userId })).rejects.toMatchObject({
          code: 'run_not_found',
        });
        expect(
          (await database.runs.list({ userId: a.userId, limit: 50 })).items.map((row) => row.workflow_run_id),
        ).not.toContain(runB);
      }),
      { numRuns: runs(30, 300) },
    );
  });
});
