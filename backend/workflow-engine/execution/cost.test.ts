import { describe, expect, it } from 'vitest';
import type { WorkflowResponse } from '../models/execution.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import type { Database } from '../ports/database.ts';
import { createRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { RunLoader } from './run-loader.ts';
import { serialiseState } from './run-state.ts';
import { idOf, longRun } from './testing/rigs.ts';

/** Law 6 of architecture.md 3.2, in counts: what one more answer costs does not grow with the length of the history. */

interface Count {
  calls: string[];
  /** Characters of JSON that reads gave, and that writes were given. */
  read: number;
  written: number;
}

/** A view of a database that counts. */
function counting(database: Database): { database: Database; count: Count } {
  const count: Count = { calls: [], read: 0, written: 0 };
  const length = (value: unknown): number => (value === undefined ? 0 : (JSON.stringify(value) ?? '').length);
  const guard = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || name === 'watch') return member;
        return async (...given: unknown[]): Promise<unknown> => {
          count.calls.push(String(name));
          count.written += length(given);
          const result: unknown = await Reflect.apply(member, target, given);
          count.read += length(result);
          return result;
        };
      },
    });
  return { database: { ...database, runs: guard(database.runs), content: guard(database.content) }, count };
}

const questions = {
  step_id: 'questions',
  modules: ['q1', 'q2', 'q3', 'q4'].map((name) => ({ module_id: 'user.pause', name, inputs: { message: 'Go on?' } })),
};

/** A run with so many computed modules behind it, at its first question. */
async function runOf(modules: number) {
  const clock = liveClock();
  const whole = createMemoryDatabase({ clock });
  const { database, count } = counting(whole);
  const rig = createRig({ database, clock });
  let response: WorkflowResponse = await rig.start({
    ...longRun(modules),
    steps: [...longRun(modules).steps.slice(0, -1), questions],
  });
  if (response.status === 'processing')
    response = await rig.processor.resume({
      userId: rig.userId,
      sessionId: 's',
      waitMs: 20_000,
      runId: idOf(response),
    });
  expect(response.interaction_request?.step_context.module_name).toBe('q1');
  return { rig, clock, whole, count, response };
}

const sizes = [10, 100, 1000];

describe('6 flat cost', () => {
  it('warm: one answer is one read of the row and two appends, whatever lies behind', async () => {
    for (const modules of sizes) {
      const { rig, count, response } = await runOf(modules);
      const second = await rig.respond(response, {});
      Object.assign(count, { calls: [], read: 0, written: 0 });
      await rig.respond(second, {});
      expect(count.calls).toEqual(['find', 'append', 'append']);
      // The row names the steps that are done; nothing else in it has a length.
      expect(count.read).toBeLessThan(2_000);
      expect(count.written).toBeLessThan(6_000);
    }
  });

  it('cold: a process that never saw the run reads a checkpoint and the few events after it', async () => {
    for (const modules of sizes) {
      const { rig, clock, whole, response } = await runOf(modules);
      const second = await rig.respond(response, {});
      const { database, count } = counting(whole);
      const other = createRig({ database, clock, userId: rig.userId, executor: 'other' });
      const third = await other.respond(second, {});
      expect(third.interaction_request?.step_context.module_name).toBe('q3');
      expect(count.calls.filter((call) => call !== 'saveCheckpoint')).toEqual([
        'find',
        'loadCheckpoint',
        'readLine',
        'append',
        'append',
      ]);
      const { state } = await other.processor.load({ runId: idOf(response) });
      const events = await rig.events(idOf(response));
      const log = JSON.stringify(events).length;
      // A short log is read whole; from a long one, no more than the state and what came after it.
      expect(count.read).toBeLessThan(Math.min(log, serialiseState(state).length) + 100_000);
      if (modules === 1000) expect(count.read).toBeLessThan(log / 2);
    }
  });

  it('checkpoints cost in proportion to the log, not to its square', async () => {
    const { rig, count } = await runOf(1000);
    expect(count.calls.filter((call) => call === 'saveCheckpoint').length).toBeLessThanOrEqual(4);
    expect(rig.faults).toEqual([]);
  });

  it('a retry at the end of a long run reads its past once', async () => {
    const { rig, count, response } = await runOf(1000);
    const log = JSON.stringify(await rig.events(idOf(response))).length;
    Object.assign(count, { calls: [], read: 0, written: 0 });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(response) };
    await rig.processor.depart({ ...caller, mode: 'retry', stepId: 'questions', moduleName: 'q1' });
    expect(count.read).toBeLessThan(1.2 * log);
    expect(count.calls.length).toBeLessThan(12);
  });
});

describe('9 chains of forks', () => {
  it('are folded in one pass over what they hold, also where no fold is at hand', async () => {
    const clock = liveClock();
    const database = createMemoryDatabase({ clock });
    const rig = createRig({ database, clock });
    let response: WorkflowResponse = await rig.start({ format: 2, workflow_id: 'w', steps: [questions] });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 20_000, runId: idOf(response) };
    // Forty retries of each question, one after the other: every fork lies after the one before.
    for (const moduleName of ['q1', 'q2', 'q3']) {
      for (let times = 0; times < 40; times += 1)
        response = await rig.processor.depart({ ...caller, mode: 'retry', stepId: 'questions', moduleName });
      response = await rig.respond(response, {});
    }
    const { readLine } = database.runs;
    let reads = 0;
    database.runs.readLine = (params) => {
      reads += 1;
      if (reads > 1000) throw new Error('the fold does not end');
      return readLine.call(database.runs, params);
    };
    const fresh = await new RunLoader(database).load(caller.runId, response.branch_id ?? '', response.last_seq);
    const { state } = await rig.processor.load({ runId: caller.runId });
    expect(JSON.parse(serialiseState(fresh))).toEqual(JSON.parse(serialiseState(state)));
    expect(state.branchIds).toHaveLength(121);
    expect(reads).toBeLessThan(260);
  });

  it('that go further back each time are folded in one pass too', async () => {
    const clock = liveClock();
    const database = createMemoryDatabase({ clock });
    const rig = createRig({ database, clock });
    const names = Array.from({ length: 40 }, (_, index) => `q${index}`);
    const modules = names.map((name) => ({ module_id: 'user.pause', name, inputs: { message: 'Go on?' } }));
    let response: WorkflowResponse = await rig.start({
      format: 2,
      workflow_id: 'w',
      steps: [{ step_id: 's', modules }],
    });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 20_000, runId: idOf(response) };
    for (let count = 1; count < names.length; count += 1) response = await rig.respond(response, {});
    for (const moduleName of names.toReversed())
      response = await rig.processor.depart({ ...caller, mode: 'retry', stepId: 's', moduleName });
    const { readLine } = database.runs;
    let reads = 0;
    database.runs.readLine = (params) => {
      reads += 1;
      if (reads > 1000) throw new Error('the fold does not end');
      return readLine.call(database.runs, params);
    };
    const fresh = await new RunLoader(database).load(caller.runId, response.branch_id ?? '', response.last_seq);
    const { state } = await rig.processor.load({ runId: caller.runId });
    expect(JSON.parse(serialiseState(fresh))).toEqual(JSON.parse(serialiseState(state)));
    // A retry keeps flat state: what the last of forty forks keeps comes from the first line.
    expect(Object.keys(state.flat)).toHaveLength(39);
    expect(reads).toBeLessThan(100);
  });
});
