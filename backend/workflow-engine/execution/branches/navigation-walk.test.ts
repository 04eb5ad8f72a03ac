import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../events/run-event.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { branchWorkflow } from '../../testing/branch-workflow.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { runs } from '../../testing/runs.ts';
import { scriptedLlm } from '../../testing/scripted-llm.ts';
import { RunLoader } from '../run-loader.ts';
import { serialiseState } from '../run-state.ts';
import { tail } from '../tail.ts';
import { reopenQuestion } from './reopen.ts';
import { switchBranch } from './switch-branch.ts';

/** Random ways through a run: answers, retries, jumps, reopened questions and returns, in any order. */

type Walk = { kind: 'answer' | 'again' | 'topic' | 'retry' | 'jump' | 'reopen' | 'switch' | 'resume'; at: number };

const step = fc.record<Walk>({
  kind: fc.constantFrom('answer', 'answer', 'again', 'topic', 'retry', 'jump', 'reopen', 'switch', 'switch', 'resume'),
  at: fc.nat({ max: 50 }),
});

/** A client of the stream as api.md has it: a `branch` frame cuts its line, every event goes behind it. */
class Client {
  line: RunEvent[] = [];
  branches = 0;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #lastId: string | undefined;

  constructor(rig: EngineRig, runId: string) {
    this.#done = this.#follow(rig, runId);
  }

  async #follow(rig: EngineRig, runId: string): Promise<void> {
    const { signal } = this.#stop;
    const frames = tail({ ...rig.database, progress: rig.processor.progress, runId, signal });
    for await (const frame of frames) {
      if (frame.event === 'branch') {
        const { branch_id: branchId, fork_seq: forkSeq } = frame.data as { branch_id: string; fork_seq: number };
        expect(forkSeq).toBeLessThan(this.line.length);
        this.line.length = forkSeq + 1;
        this.branches += 1;
        expect(branchId).not.toBe(this.#lastId?.split(':')[0]);
      } else if (frame.id !== undefined) {
        const event = frame.data as RunEvent;
        expect(event.seq).toBe(this.line.length);
        this.line.push(event);
        this.#lastId = frame.id;
      }
    }
  }

  async seen(line: RunEvent[]): Promise<void> {
    await expect.poll(() => this.line.length === line.length && this.line.at(-1), { interval: 1 }).toEqual(line.at(-1));
    expect(this.line).toEqual(line);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}

async function linesOf(rig: EngineRig, runId: string): Promise<Map<string, RunEvent[]>> {
  const { runs: store } = rig.database;
  const lines = new Map<string, RunEvent[]>();
  for (const { branch_id: branchId } of await store.branches({ runId }))
    lines.set(branchId, await store.readLine({ runId, branchId, afterSeq: -1 }));
  return lines;
}

async function take(rig: EngineRig, at: WorkflowResponse, { kind, at: pick }: Walk): Promise<WorkflowResponse> {
  const caller = { userId: rig.userId, sessionId: 'me', waitMs: 5_000, runId: at.workflow_run_id ?? '' };
  const { state } = await rig.processor.load(caller);
  const choose = <T>(from: readonly T[]): T | undefined => from[pick % Math.max(1, from.length)];
  const request = at.interaction_request;
  switch (kind) {
    case 'answer':
      if (!request) return at;
      return rig.respond(
        at,
        request.interaction_type === 'text_input' ? { value: `topic ${pick}` } : { selected_indices: [0] },
      );
    case 'again':
    case 'topic':
      return request?.interaction_type === 'select_from_structured' ? rig.respond(at, { action_id: kind }) : at;
    case 'retry':
    case 'jump': {
      const module = choose([...state.modules.values()]);
      if (!module) return at;
      return rig.processor.depart({ ...caller, stepId: module.stepId, moduleName: module.name, mode: kind });
    }
    case 'reopen': {
      const question = choose([...state.questions.keys()]);
      return question === undefined ? at : reopenQuestion(rig.processor, { ...caller, interactionId: question });
    }
    case 'switch': {
      const branch = choose(await rig.database.runs.branches(caller));
      return switchBranch(rig.processor, { ...caller, branchId: branch?.branch_id ?? '' });
    }
    default:
      return state.ended ? at : rig.processor.resume(caller);
  }
}

describe('9 a walk through branches', () => {
  it('keeps every law: lines only grow, the row says what the fold says, a stream shows the current line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (walk) => {
        const clock = liveClock();
        const llm = scriptedLlm((_request, call) => `slogan ${call}`);
        const rig = createRig({ database: createMemoryDatabase({ clock }), clock, llm });
        let at = await rig.start(branchWorkflow);
        const runId = at.workflow_run_id ?? '';
        const client = new Client(rig, runId);
        let before = await linesOf(rig, runId);
        for (const next of walk) {
          at = await take(rig, at, next);
          const after = await linesOf(rig, runId);
          for (const [branchId, line] of before) expect(after.get(branchId)?.slice(0, line.length)).toEqual(line);
          for (const line of after.values()) expect(line.map((event) => event.seq)).toEqual([...line.keys()]);
          before = after;
          const row = await rig.database.runs.find({ runId });
          const { state } = await rig.processor.load({ runId });
          const fresh = await new RunLoader(rig.database).load(runId, state.branchId, state.lastSeq);
          expect(serialiseState(fresh)).toBe(serialiseState(state));
          expect(row).toMatchObject({
            current_branch_id: at.branch_id,
            last_seq: at.last_seq,
            status: at.status,
            interaction_id: at.interaction_request?.interaction_id ?? null,
            executor: null,
          });
          expect(row?.active_name === null).toBe(['completed', 'cancelled', 'error'].includes(at.status));
          await client.seen(after.get(at.branch_id ?? '') ?? []);
        }
        await client.close();
        expect(rig.faults).toEqual([]);
      }),
      { numRuns: runs(60, 1000) },
    );
  });

  it('SSE: returning to an older branch is told with the last event that both lines share', async () => {
    const clock = liveClock();
    const rig = createRig({ database: createMemoryDatabase({ clock }), clock });
    const review = await rig.respond(await rig.start(branchWorkflow), { value: 'rain' });
    const runId = review.workflow_run_id ?? '';
    const again = await rig.respond(review, { action_id: 'again' });
    const branches = await rig.database.runs.branches({ runId });
    const forkSeq = branches.find((branch) => branch.branch_id === again.branch_id)?.fork_seq;
    const caller = { userId: rig.userId, sessionId: 'me', waitMs: 5_000, runId };
    const back = await switchBranch(rig.processor, { ...caller, branchId: review.branch_id ?? '' });
    const stop = new AbortController();
    const frames = tail({
      ...rig.database,
      progress: rig.processor.progress,
      runId,
      lastEventId: `${again.branch_id}:${again.last_seq}`,
      signal: stop.signal,
    });
    const seen = [];
    for await (const frame of frames) {
      seen.push(frame);
      if (frame.event === 'branch_resumed') stop.abort();
    }
    expect(seen[0]).toEqual({
      event: 'branch',
      id: `${review.branch_id}:${forkSeq}`,
      data: { branch_id: review.branch_id, fork_seq: forkSeq },
    });
    expect(seen.slice(1).map((frame) => frame.id)).toEqual(
      Array.from(
        { length: (back.last_seq ?? 0) - (forkSeq ?? 0) },
        (_, index) => `${back.branch_id}:${(forkSeq ?? 0) + 1 + index}`,
      ),
    );
    expect(seen.at(-1)).toMatchObject({ event: 'branch_resumed', id: `${back.branch_id}:${back.last_seq}` });
  });
});
