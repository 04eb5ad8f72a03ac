import { setImmediate as tick } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWfmError } from '../errors/index.ts';
import type { RunEvent } from '../events/run-event.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import type { Database } from '../ports/database.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { runs as runsOf } from '../testing/runs.ts';
import { scriptedLlm } from '../testing/scripted-llm.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { fold } from './evolve.ts';
import { switchBranch } from './branches/switch-branch.ts';
import { statusOf } from './next.ts';
import { RunLoader } from './run-loader.ts';
import { serialiseState } from './run-state.ts';
import { idOf } from './testing/rigs.ts';

/**
 * Laws 1 to 4 of architecture.md 3.2 at once: several processes act on one run in any order, each store operation takes
 * its time, processes close and are replaced, leases expire under living executors.
 */

const buttons = {
  retryable: {
    default_option: 'ok',
    options: [
      { id: 'ok', mode: 'continue' },
      { id: 'again', mode: 'retry', target_module: 'write' },
      { id: 'back', mode: 'jump', target_module: 'topic' },
    ],
  },
};
const workflow = {
  format: 2,
  workflow_id: 'chaos',
  steps: [
    {
      step_id: 's',
      modules: [
        {
          module_id: 'user.text_input',
          name: 'topic',
          inputs: { prompt: 'About?', default: 'x' },
          outputs_to_state: { value: 'topic' },
        },
        {
          module_id: 'transform.extract',
          name: 'cut',
          inputs: { x: '{{ state.topic }}' },
          outputs_to_state: { x: 'cut' },
        },
        {
          module_id: 'api.llm',
          name: 'write',
          inputs: { input: '{{ state.cut }}' },
          outputs_to_state: { response: 'text' },
        },
        { module_id: 'api.llm', name: 'check', inputs: { input: '{{ state.text }}' } },
        { module_id: 'user.pause', name: 'look', inputs: { message: '{{ state.text }}' }, ...buttons },
      ],
    },
    { step_id: 't', modules: [{ module_id: 'api.llm', name: 'last', inputs: { input: 'end' } }] },
  ],
};

type Act =
  | {
      kind: 'answer' | 'again' | 'back' | 'resume' | 'sweep' | 'close' | 'expire' | 'cancel';
      process: number;
      wait: number;
    }
  | { kind: 'return'; process: number; wait: number; branch: number }
  | { kind: 'retry' | 'jump'; process: number; wait: number; module: string };

const process = fc.nat({ max: 2 });
const wait = fc.nat({ max: 6 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('answer' as const, 'answer' as const, 'answer' as const, 'again' as const, 'back' as const),
      process,
      wait,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('resume' as const, 'sweep' as const), process, wait }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('close' as const, 'expire' as const, 'cancel' as const),
      process,
      wait,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('return' as const), process, wait, branch: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('retry' as const, 'jump' as const),
      process,
      wait,
      module: fc.constantFrom('topic', 'cut', 'write', 'check', 'look'),
    }),
  },
);

/** Every store operation takes some turns of the event loop, before and after. */
function slow(database: Database, delays: () => number): Database {
  const guard = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || name === 'watch') return member;
        return async (...given: unknown[]): Promise<unknown> => {
          for (let turn = delays(); turn > 0; turn -= 1) await tick();
          const result: unknown = await Reflect.apply(member, target, given);
          for (let turn = delays(); turn > 0; turn -= 1) await tick();
          return result;
        };
      },
    });
  return { ...database, runs: guard(database.runs) };
}

interface World {
  database: Database;
  runId: string;
  faults: unknown[];
  refused: string[];
}

async function live(acts: Act[], delays: number[]): Promise<World> {
  const clock = createTestClock();
  const database = createMemoryDatabase({ clock });
  let at = 0;
  const delay = (): number => {
    at += 1;
    return delays[at % delays.length] ?? 0;
  };
  const llm = scriptedLlm(async (_request, call) => {
    for (let turn = delay(); turn > 0; turn -= 1) await tick();
    return `text ${call}`;
  });
  let born = 0;
  const faults: unknown[] = [];
  const birth = (): EngineRig => {
    born += 1;
    const options = { database: slow(database, delay), clock, llm, userId: 'u', executor: `process ${born}` };
    return createRig({ ...options, lease: { ttlMs: 10_000, renewMs: 3_600_000 } });
  };
  const rigs = [birth(), birth(), birth()];
  const all = [...rigs];
  const first = await (rigs[0] ?? birth()).start(workflow, { projectName: 'p' });
  const runId = idOf(first);
  const refused: string[] = [];
  const pending: Promise<unknown>[] = [];
  let answers = 0;
  const carryOut = async (next: Act): Promise<void> => {
    const rig = rigs[next.process] ?? birth();
    const { processor } = rig;
    const caller = { userId: 'u', sessionId: `session ${next.process}`, waitMs: 3_000, runId };
    switch (next.kind) {
      case 'close':
        rigs[next.process] = birth();
        all.push(rigs[next.process] ?? rig);
        return processor.close();
      case 'expire':
        clock.advance(10_001);
        return;
      case 'sweep':
        await processor.sweep();
        return;
      case 'resume':
        await processor.resume(caller);
        return;
      case 'cancel':
        await processor.cancel(caller);
        return;
      case 'return': {
        const branches = await database.runs.branches({ runId });
        const branch = branches[next.branch % branches.length];
        await switchBranch(processor, { ...caller, branchId: branch?.branch_id ?? '' });
        return;
      }
      case 'retry':
      case 'jump':
        await processor.depart({ ...caller, mode: next.kind, stepId: 's', moduleName: next.module });
        return;
      default: {
        const row = await database.runs.find({ runId });
        if (row?.interaction_id == null) return;
        answers += 1;
        const answer = next.kind === 'answer' ? { value: `topic ${answers}` } : { action_id: next.kind };
        await processor.respond({ ...caller, interactionId: row.interaction_id, answer });
      }
    }
  };
  for (const next of acts) {
    pending.push(
      carryOut(next).catch((error: unknown) => {
        if (!isWfmError(error)) throw error;
        refused.push(error.code);
      }),
    );
    for (let turn = next.wait; turn > 0; turn -= 1) await tick();
  }
  // Whoever is left goes on until the run needs somebody, then a person ends it.
  for (let rounds = 0; ; rounds += 1) {
    if (rounds > 3000) throw new Error(`the run is stuck: ${JSON.stringify(await database.runs.find({ runId }))}`);
    await tick();
    const row = await database.runs.find({ runId });
    if (row?.status === 'processing' && row.executor === null) await rigs[0]?.processor.sweep();
    if (row?.status === 'processing' && rounds % 400 === 399) clock.advance(10_001);
    if ((row?.status === 'completed' || row?.status === 'cancelled') && rounds > 20) break;
    if (row?.interaction_id != null)
      await carryOut({ kind: 'answer', process: 0, wait: 0 }).catch((error: unknown) => {
        if (!isWfmError(error)) throw error;
      });
  }
  await Promise.all(pending);
  await Promise.all(all.map((rig) => rig.processor.close()));
  for (const rig of all) faults.push(...rig.faults);
  return { database, runId, faults, refused };
}

/** What no line of any run may ever show. */
function assertSoundLine(line: RunEvent[]): void {
  expect(line.map((event) => event.seq)).toEqual(line.map((_event, index) => index));
  const completed = new Set<string>();
  const answered = new Set<string>();
  let open: string | null = null;
  let ended = false;
  for (const event of line) {
    const path = `${event.step_id}/${event.module_name}`;
    if (ended) expect(event.type).toMatch(/^(retry|jump)_requested$|^branch_resumed$/);
    switch (event.type) {
      case 'module_started':
        expect(completed, `${path} was done, and began again`).not.toContain(path);
        expect(open, `${path} began while a question was open`).toBeNull();
        break;
      case 'module_completed':
        expect(completed, `${path} was recorded twice`).not.toContain(path);
        completed.add(path);
        break;
      case 'interaction_requested':
        open = event.data.interaction_id;
        break;
      case 'interaction_response':
        expect(answered).not.toContain(event.data.interaction_id);
        answered.add(event.data.interaction_id);
        open = null;
        break;
      case 'branch_created':
        open = null;
        break;
      case 'workflow_completed':
      case 'workflow_cancelled':
        ended = true;
        break;
      default:
    }
  }
}

describe('chaos', () => {
  it('R9 whatever several processes do to one run, its log is sound, its row says what the log says, and it ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { minLength: 3, maxLength: 14 }),
        fc.array(fc.nat({ max: 3 }), { minLength: 3, maxLength: 40 }),
        async (acts, delays) => {
          const { database, runId, faults, refused } = await live(acts, delays);
          expect(faults).toEqual([]);
          const branches = await database.runs.branches({ runId });
          for (const branch of branches)
            assertSoundLine(await database.runs.readLine({ runId, branchId: branch.branch_id, afterSeq: -1 }));
          const row = await database.runs.find({ runId });
          const branchId = row?.current_branch_id ?? '';
          const loader = new RunLoader(database);
          const line = await database.runs.readLine({ runId, branchId, afterSeq: -1 });
          const state = fold(null, await Promise.all(line.map((event) => loader.hydrate(event))));
          expect(row).toMatchObject({ status: statusOf(state), last_seq: state.lastSeq, executor: null, error: null });
          const loaded = await new RunLoader(database).load(runId, branchId, state.lastSeq);
          expect(JSON.parse(serialiseState(loaded))).toEqual(JSON.parse(serialiseState(state)));
          const codes = [
            'interaction_already_answered',
            'interaction_closed',
            'branch_not_current',
            'run_ended',
            'target_not_executed',
            'interaction_not_found',
            'response_invalid',
          ];
          expect(refused.filter((code) => !codes.includes(code))).toEqual([]);
        },
      ),
      { numRuns: runsOf(60, 1500) },
    );
  });
});
