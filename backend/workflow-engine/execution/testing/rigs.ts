import { randomUUID } from 'node:crypto';
import type { WorkflowResponse } from '../../models/execution.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import type { Database } from '../../ports/database.ts';
import { createRig, type EngineRig, type RigOptions } from '../../testing/engine-rig.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { type ScriptedLlm, scriptedLlm } from '../../testing/scripted-llm.ts';
import type { Caller } from '../commands.ts';

/** Processes over one database, for tests of who executes. */

export const oneCall = {
  format: 2,
  workflow_id: 'one_call',
  steps: [
    {
      step_id: 's',
      modules: [
        { module_id: 'api.llm', name: 'write', inputs: { input: 'hello' }, outputs_to_state: { response: 'text' } },
        { module_id: 'user.pause', name: 'look', inputs: { message: '{{ state.text }}' } },
      ],
    },
  ],
};

/** A question, then a call, then another question. */
export const askFirst = {
  format: 2,
  workflow_id: 'ask_first',
  steps: [
    { step_id: 'ask', modules: [{ module_id: 'user.pause', name: 'begin', inputs: { message: 'Begin?' } }] },
    ...oneCall.steps,
  ],
};

/** `count` computations, 50 a step, and a question at the end. */
export function longRun(count: number): { workflow_id: string; steps: { modules: object[] }[] } & object {
  const names = Array.from({ length: count }, (_, index) => `m${index}`);
  const steps = [];
  for (let from = 0; from < count; from += 50) {
    const modules = names.slice(from, from + 50).map((name) => ({
      module_id: 'transform.extract',
      name,
      inputs: { x: name },
    }));
    steps.push({ step_id: `s${from}`, modules });
  }
  const last = { step_id: 'last', modules: [{ module_id: 'user.pause', name: 'end', inputs: { message: 'Done?' } }] };
  return { format: 2, workflow_id: `long_${count}`, steps: [...steps, last] } as ReturnType<typeof longRun>;
}

/** One process over a database of its own, on the machine's clock. */
export function alone(options: Partial<RigOptions> = {}): EngineRig {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock, ...options });
}

/** A model whose every call waits until the test lets it go; `signals` tell which calls were aborted. */
export interface HeldLlm extends ScriptedLlm {
  readonly signals: AbortSignal[];
  /** Resolves when so many calls have begun in all. */
  called(count: number): Promise<void>;
  /** Lets all calls go that wait now or come later. */
  release(text?: string): void;
}

export function heldLlm(): HeldLlm {
  const signals: AbortSignal[] = [];
  const open = Promise.withResolvers<string>();
  const waiting: { count: number; ring: () => void }[] = [];
  const llm = scriptedLlm((_request, call, { signal }) => {
    signals.push(signal);
    for (const { count, ring } of waiting) if (call >= count) ring();
    return open.promise;
  });
  return Object.assign(llm, {
    signals,
    called(count: number): Promise<void> {
      if (signals.length >= count) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ count, ring: resolve });
      return promise;
    },
    release: (text = 'at last'): void => {
      open.resolve(text);
    },
  });
}

export interface Processes {
  database: Database;
  /** As many as asked for, of one user. */
  rigs: [EngineRig, EngineRig];
  caller(runId: string, changes?: Partial<Caller>): Caller & { runId: string };
  events(runId: string): Promise<string[]>;
}

/** Two processes with short leases. */
export function twoProcesses(options: Partial<RigOptions> = {}): Processes {
  const clock = options.clock ?? liveClock();
  const database = options.database ?? createMemoryDatabase({ clock });
  const userId = randomUUID();
  const lease = options.lease ?? { ttlMs: 150, renewMs: 30 };
  const rigOf = (executor: string): EngineRig => createRig({ ...options, database, clock, userId, lease, executor });
  const rigs: [EngineRig, EngineRig] = [rigOf('first'), rigOf('second')];
  return {
    database,
    rigs,
    caller: (runId, changes = {}) => ({ userId, sessionId: 'session', waitMs: 5000, runId, ...changes }),
    events: async (runId) => (await rigs[0].events(runId)).map((event) => event.type),
  };
}

export const idOf = (response: WorkflowResponse): string => response.workflow_run_id ?? '';
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
