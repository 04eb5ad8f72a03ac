import { randomUUID } from 'node:crypto';
import { openDatabase, systemClock, uuidIds } from '@wfm/db';
import { createRegistry, defineModule, standardModules, WorkflowProcessor } from '@wfm/workflow-engine';
import { versionIdOf } from '@wfm/workflow-engine/definition';
import { createMockAnswerer } from '@wfm/workflow-engine/mock';
import type { InteractionAnswer, WorkflowResponse } from '@wfm/workflow-engine/models';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { scriptedLlm } from '@wfm/workflow-engine/testing';
import { z } from 'zod';

export type Storage = 'sqlite' | 'memory';

/** A processor to be measured, over a store of its own. */
export interface Rig {
  /** Stores a definition, which is no part of what is measured. */
  keep(workflow: unknown): Promise<string>;
  start(versionId: string, mode?: 'real' | 'mock'): Promise<WorkflowResponse>;
  respond(response: WorkflowResponse, answer: InteractionAnswer): Promise<WorkflowResponse>;
  /** Moves a run to another version, as a preview does on an edit. */
  edit(runId: string, versionId: string): Promise<WorkflowResponse>;
  close(): Promise<void>;
}

/** An effect that does nothing but be durable: what remains is the engine and the store. */
const plainEffect = defineModule({
  id: 'bench.effect',
  kind: 'effect',
  revision: 1,
  title: 'Effect',
  description: 'Answers what it is given.',
  inputs: z.object({ value: z.string() }),
  outputs: z.object({ value: z.string() }),
  run: ({ value }) => Promise.resolve({ value }),
});

export async function openRig(storage: Storage, folder: string): Promise<Rig> {
  const clock = systemClock();
  const database =
    storage === 'sqlite'
      ? await openDatabase({ dataDir: folder, clock, role: 'owner' })
      : createMemoryDatabase({ clock });
  const processor = new WorkflowProcessor({
    database,
    clock,
    ids: uuidIds(),
    registry: createRegistry([...standardModules, plainEffect]),
    llm: scriptedLlm(() => 'ok'),
    http: { fetch: () => Promise.reject(new Error('no network in a bench')) },
    engine: 'bench',
    executor: 'bench',
    answerer: createMockAnswerer(),
  });
  const caller = { userId: 'bench', sessionId: randomUUID(), waitMs: Number.POSITIVE_INFINITY };
  const settled = async (first: WorkflowResponse): Promise<WorkflowResponse> => {
    let response = first;
    // One hold of the lease executes 1000 modules at most; whoever waits goes on.
    while (response.status === 'processing')
      response = await processor.resume({ ...caller, runId: response.workflow_run_id ?? '' });
    if (response.status === 'error') throw new Error(`a bench run failed: ${response.error?.message}`);
    return response;
  };
  return {
    async keep(workflow) {
      const versionId = versionIdOf(workflow);
      await database.definitions.keepDefinition({ versionId, definition: workflow });
      return versionId;
    },
    start: async (versionId, mode = 'real') =>
      settled(
        await processor.start({
          ...caller,
          projectName: randomUUID(),
          versionId,
          templateId: null,
          templateName: 'bench',
          mode,
        }),
      ),
    respond: async (response, answer) =>
      settled(
        await processor.respond({
          ...caller,
          runId: response.workflow_run_id ?? '',
          interactionId: response.interaction_request?.interaction_id ?? '',
          answer,
        }),
      ),
    edit: async (runId, versionId) => settled(await processor.reconcile({ ...caller, runId, versionId })),
    async close() {
      await processor.close();
      await database.close();
    },
  };
}
