import { openDatabase, systemClock } from '@wfm/db';
import { sampleTask, startSample } from '@wfm/workflow-engine/testing';
import { createWorker, defaultTimings, type Worker } from '@wfm/worker';
import type { Place, Queue } from './contender.ts';

const ACTOR = 'bench';
const silent = { error: console.error, warn: console.error, info: () => undefined };

/** Ours: the worker's own loop over SQLite's queue. That it tells the run of each task is part of it. */
export async function openSqliteQueue({ at: dataDir, more }: Place): Promise<Queue> {
  const clock = systemClock();
  const database = await openDatabase({ dataDir, clock, role: 'follower' });
  const { tasks } = database;
  const place = { runId: more?.['runId'] ?? '', branchId: more?.['branchId'] ?? '' };
  let worker: Worker | undefined;
  return {
    async enqueue(sentAt) {
      await tasks.enqueue(sampleTask(place, { actor: ACTOR, payload: { sent_at: sentAt } }));
    },
    async work({ slots, onBegin }) {
      worker = createWorker({
        name: `bench ${process.pid}`,
        tasks,
        actors: {
          [ACTOR]: {
            work: async ({ payload }) => {
              onBegin(Number(payload['sent_at']));
              return { kind: 'done', result: {} };
            },
            settle: async () => undefined,
          },
        },
        limits: () => ({}),
        runs: {
          report: ({ task_id: taskId }) => tasks.markReported({ taskId }),
          sweepTasks: async () => 0,
          sweepRuns: async () => 0,
        },
        clock,
        timings: defaultTimings,
        slots,
        log: silent,
      });
      void worker.run();
    },
    async left() {
      const counts = await tasks.counts();
      const live = counts.filter(({ status }) => status === 'queued' || status === 'leased');
      return live.reduce((sum, { count }) => sum + count, 0);
    },
    async close() {
      await worker?.stop();
      await database.close();
    },
  };
}

/** Makes the file, and the run that the tasks belong to. */
export async function prepareSqliteQueue(dataDir: string): Promise<Place> {
  const database = await openDatabase({ dataDir, clock: systemClock(), role: 'owner' });
  const { runId, branchId } = await startSample(database.runs);
  await database.close();
  return { queue: 'sqlite', at: dataDir, more: { runId, branchId } };
}
