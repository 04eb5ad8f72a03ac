import type { Clock, TaskQueue } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { createTestClock, sampleTask, startSample } from '@wfm/workflow-engine/testing';
import { afterEach, expect, test } from 'vitest';
import type { Actor } from './actors/actor.ts';
import { createWorker, type Worker } from './loop.ts';
import { createLog } from './utils/log.ts';
import { defaultTimings } from './utils/timings.ts';

/** The loop by itself, over memory and a clock that the test moves. */

let running: { worker: Worker; run: Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.map(({ worker }) => worker.stop()));
  running = [];
});

function start(tasks: TaskQueue, clock: Clock, { slots, work }: { slots: number; work: Actor['work'] }): void {
  const worker = createWorker({
    name: 'worker',
    tasks,
    actors: { media: { work, settle: async () => undefined } },
    limits: () => ({}),
    runs: {
      report: ({ task_id: taskId }) => tasks.markReported({ taskId }),
      sweepTasks: async () => 0,
      sweepRuns: async () => 0,
    },
    clock,
    timings: defaultTimings,
    slots,
    log: createLog('silent'),
  });
  running.push({ worker, run: worker.run() });
}

async function setup(count: number) {
  const clock = createTestClock();
  const { tasks, runs } = createMemoryDatabase({ clock });
  const place = await startSample(runs);
  const rows = await Promise.all(Array.from({ length: count }, () => tasks.enqueue(sampleTask(place))));
  return { clock, tasks, rows };
}

/** Lets everything happen that waits for no clock. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a worker fills its slots, holds no task beyond them, and goes on as they come free', async () => {
  const { clock, tasks } = await setup(20);
  const open: (() => void)[] = [];
  let most = 0;
  let begun = 0;
  start(tasks, clock, {
    slots: 6,
    work: async () => {
      begun += 1;
      const gate = Promise.withResolvers<void>();
      open.push(gate.resolve);
      most = Math.max(most, open.length);
      await gate.promise;
      return { kind: 'done', result: {} };
    },
  });
  const leased = async () => (await tasks.counts()).find(({ status }) => status === 'leased')?.count ?? 0;
  for (const done of [1, 3, 6]) {
    await settled();
    expect([open.length, await leased()]).toEqual([6, 6]);
    for (const close of open.splice(0, done)) close();
  }
  for (await settled(); open.length > 0; await settled()) for (const close of open.splice(0)) close();
  expect([begun, most]).toEqual([20, 6]);
  expect(await tasks.counts()).toEqual([{ provider: 'acme', status: 'succeeded', count: 20 }]);
});

test('21 what a dead worker held is begun again within its lease and one sweep', async () => {
  const { leaseMs, sweepMs } = defaultTimings;
  for (const early of [0, 1, 2500, sweepMs - 1]) {
    const { clock, tasks, rows } = await setup(1);
    const dead = await tasks.claim({ worker: 'dead', leaseMs, limits: {} });
    const since = clock.monotonicMs();
    expect(dead?.task_id).toBe(rows[0]?.task_id);
    // Sweeps of the living one fall anywhere between.
    clock.advance(early);
    const begun: number[] = [];
    start(tasks, clock, {
      slots: 1,
      work: async () => {
        begun.push(clock.monotonicMs() - since);
        return { kind: 'done', result: {} };
      },
    });
    while (begun.length === 0) {
      await settled();
      clock.advance(250);
      await settled();
    }
    expect(begun).toHaveLength(1);
    expect(begun[0]).toBeGreaterThanOrEqual(leaseMs);
    expect(begun[0]).toBeLessThanOrEqual(leaseMs + sweepMs);
    expect(await tasks.find({ taskId: dead?.task_id ?? '' })).toMatchObject({
      status: 'succeeded',
      fence: 2,
      attempts: 1,
    });
  }
});
