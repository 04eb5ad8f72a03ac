import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../events/run-event.ts';
import type { WorkflowResponse } from '../models/execution.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { answerFor, type GeneratedWorkflow, generatedWorkflow } from '../testing/generated-workflow.ts';
import { type Death, mortalDatabase, ProcessDied } from '../testing/mortal-database.ts';
import { runs } from '../testing/runs.ts';
import { scriptedLlm } from '../testing/scripted-llm.ts';
import { createTestClock } from '../testing/test-clock.ts';

/** Law 4 of architecture.md 3.2: killed at any write, a run goes on from its log; no event is lost or doubled. */

const user = 'user-of-all-processes';

interface History {
  events: RunEvent[];
  tried: string[];
  lives: number;
}

/** Drives a run to its end while its processes die one after the other, each at its own moment. */
async function liveThrough({ workflow, choices }: GeneratedWorkflow, deaths: Death[]): Promise<History> {
  const clock = createTestClock();
  const database = createMemoryDatabase({ clock });
  const llm = scriptedLlm();
  let lives = 0;
  const born = (): EngineRig => {
    const death = deaths[lives];
    lives += 1;
    return createRig({
      database: death ? mortalDatabase(database, death) : database,
      clock,
      llm,
      userId: user,
      executor: `process-${lives}`,
    });
  };
  let rig = born();
  const act = async (work: (rig: EngineRig) => Promise<WorkflowResponse>): Promise<WorkflowResponse> => {
    for (;;) {
      try {
        const response = await work(rig);
        if (response.status !== 'processing') return response;
        await rig.processor.sweep();
      } catch (error) {
        if (!(error instanceof ProcessDied)) throw error;
        // The lease of the dead lives on for a while; then whoever sweeps next goes on.
        clock.advance(11_000);
        rig = born();
        await rig.processor.sweep().catch((fault: unknown) => {
          if (!(fault instanceof ProcessDied)) throw fault;
        });
      }
    }
  };
  let asked = 0;
  let response = await act((current) => current.start(workflow, { projectName: 'one', idempotencyKey: 'start' }));
  const runId = response.workflow_run_id ?? '';
  while (response.interaction_request) {
    if (asked > 60) throw new Error('the run never ends');
    const request = response.interaction_request;
    const answer = answerFor(request, choices[asked]);
    const idempotencyKey = `answer-${asked}`;
    const earlier = response;
    response = await act((current) => current.respond(earlier, answer, { idempotencyKey }));
    asked += 1;
  }
  expect(response.status).toBe('completed');
  const row = await database.runs.find({ runId });
  const events = await database.runs.readLine({ runId, branchId: row?.current_branch_id ?? '', afterSeq: -1 });
  return { events, tried: llm.calls.map((call) => call.idempotencyKey), lives };
}

/** What a person or a template can see of a run: outcomes, without how often something was begun. */
const outcomes = (events: RunEvent[]): unknown[] => {
  const seen = events.flatMap((event): unknown[] => {
    if (event.type === 'module_completed') return [[event.step_id, event.module_name, event.data.outputs]];
    if (event.type === 'interaction_response') return [[event.step_id, event.module_name, event.data.response]];
    return event.type === 'workflow_completed' ? [event.data.result] : [];
  });
  return JSON.parse(JSON.stringify(seen).replace(madeUp, 'made up')) as unknown[];
};

/** Ids and instants, which no two runs share. */
const madeUp = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}T[\d:.]+Z/g;

describe('4 crash', () => {
  const death = fc.record({
    write: fc.integer({ min: 1, max: 12 }),
    moment: fc.constantFrom('before' as const, 'after' as const),
  });

  it('killed at any write, again and again, a run ends as if nothing had happened', async () => {
    let died = 0;
    await fc.assert(
      fc.asyncProperty(
        generatedWorkflow(3),
        fc.array(death, { minLength: 1, maxLength: 4 }),
        async (generated, deaths) => {
          const undisturbed = await liveThrough(generated, []);
          const disturbed = await liveThrough(generated, deaths);
          died += disturbed.lives - 1;
          expect(disturbed.events.map((event) => event.seq)).toEqual(disturbed.events.map((_event, index) => index));
          expect(outcomes(disturbed.events)).toEqual(outcomes(undisturbed.events));
          // At least once, with a stable key: no call under a key that the undisturbed run would not have used.
          expect(new Set(disturbed.tried).size).toBe(new Set(undisturbed.tried).size);
        },
      ),
      { numRuns: runs(60, 1000) },
    );
    expect(died).toBeGreaterThan(0);
  });

  it('10.3.7 an effect whose process died is tried again under the same key, and recorded once', async () => {
    const workflow = {
      format: 2,
      workflow_id: 'one',
      steps: [{ step_id: 's', modules: [{ module_id: 'api.llm', name: 'writer', inputs: { input: 'hello' } }] }],
    };
    // The first write creates the run with module_started; the second would store the outcome.
    const { events, tried } = await liveThrough({ workflow, choices: [] }, [{ write: 2, moment: 'before' }]);
    expect(tried).toHaveLength(2);
    expect(new Set(tried).size).toBe(1);
    expect(events.filter((event) => event.type === 'module_completed')).toHaveLength(1);
    expect(
      events.filter((event) => event.type === 'module_started').map((event) => [event.attempt, event.data.reason]),
    ).toEqual([
      [1, 'no_record'],
      [1, 'interrupted'],
    ]);
  });
});
