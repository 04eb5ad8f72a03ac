import type { Clock, Database } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { createRig, createTestClock, type EngineRig, type RigOptions, scriptedLlm } from '@wfm/workflow-engine/testing';
import { postcard } from './sample-workflows.ts';

/** A production database with runs of Ada's in it, executed for real by a scripted model. */
export interface Production {
  database: Database;
  clock: Clock;
  ada: EngineRig;
}

export const realLines = ['real one', 'real two', 'real three'];

export function createProduction(options: Partial<RigOptions> = {}): Production {
  const clock = options.clock ?? createTestClock();
  const database = options.database ?? createMemoryDatabase({ clock });
  const llm = scriptedLlm(() => JSON.stringify({ lines: realLines }));
  return { database, clock, ada: createRig({ database, clock, llm, userId: 'user-ada', ...options }) };
}

/** A postcard that waits for the choice of its line: the model has been called once. Gives the run's id. */
export async function waitingPostcard({ ada }: Production, workflow = postcard()): Promise<string> {
  const asked = await ada.start(workflow);
  const picking = await ada.respond(asked, { value: 'Turku' });
  if (picking.status !== 'awaiting_input') throw new Error(`the run is ${picking.status}`);
  return picking.workflow_run_id ?? '';
}

/** The same, answered to its end. */
export async function finishedPostcard(production: Production): Promise<string> {
  const runId = await waitingPostcard(production);
  const { ada } = production;
  const at = await ada.processor.status({ runId, userId: ada.userId });
  const done = await ada.respond(at, { selected_indices: [1] });
  if (done.status !== 'completed') throw new Error(`the run is ${done.status}`);
  return runId;
}
