import { MEDIA_ACTOR, type MediaTask } from '@wfm/workflow-engine/models';
import { type Database, type MediaProvider, type TaskRow, uuidIds } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase, type MemoryDatabase, memoryMediaFiles } from '@wfm/workflow-engine/ports/memory';
import {
  createTestClock,
  sampleGeneration,
  sampleTask,
  startSample,
  type TestClock,
} from '@wfm/workflow-engine/testing';
import { mediaActor, type MediaActorParts } from '../actors/generate.ts';
import { createWorker, type Worker } from '../loop.ts';
import { createLog } from '../utils/log.ts';
import { defaultTimings } from '../utils/timings.ts';
import { fakeInspect } from './fake-inspect.ts';

/** A worker over memory and a clock that the test moves. */
export interface WorkerRig {
  database: MemoryDatabase;
  files: ReturnType<typeof memoryMediaFiles>;
  clock: TestClock;
  worker: Worker;
  /** What it logged. */
  lines: string[];
  /** Task ids in the order in which runs were told of them. */
  told: string[];
  /** Enqueues an order with its pending record. */
  order(changes?: Partial<MediaTask>, task?: { userId?: string; maxAttempts?: number }): Promise<TaskRow>;
  /** Another process over the same database. */
  another(parts?: Partial<MediaActorParts>): Worker;
  row(task: TaskRow): Promise<TaskRow>;
  record(task: TaskRow): Promise<NonNullable<Awaited<ReturnType<Database['media']['find']>>>>;
}

export function createWorkerRig(provider: MediaProvider, parts: Partial<MediaActorParts> = {}): WorkerRig {
  const clock = createTestClock();
  const ids = uuidIds();
  const database = createMemoryDatabase({ clock });
  const files = memoryMediaFiles();
  const lines: string[] = [];
  const told: string[] = [];
  const log = createLog('info', (line) => lines.push(line));
  const another = (more: Partial<MediaActorParts> = {}): Worker => {
    const actorParts: MediaActorParts = {
      providers: { provider: (id) => (id === 'acme' ? provider : null), serverKey: () => 'server-key-1234' },
      credentials: database.credentials,
      media: database.media,
      calls: database.calls,
      files,
      download: { open: () => Promise.reject(new Error('this test downloads nothing')) },
      inspect: fakeInspect,
      clock,
      ids,
      log,
      ...parts,
      ...more,
    };
    return createWorker({
      name: 'worker',
      tasks: database.tasks,
      actors: { [MEDIA_ACTOR]: mediaActor(actorParts) },
      limits: () => ({ acme: { atOnce: 3 } }),
      runs: {
        async report(task) {
          told.push(task.task_id);
          await database.tasks.markReported({ taskId: task.task_id });
        },
        sweepTasks: async () => 0,
        sweepRuns: async () => 0,
      },
      clock,
      timings: defaultTimings,
      slots: 4,
      log,
    });
  };
  return {
    database,
    files,
    clock,
    lines,
    told,
    worker: another(),
    another,
    async order(changes = {}, { userId = 'user-1', maxAttempts = 4 } = {}) {
      const place = await startSample(database.runs);
      const generation = sampleGeneration(place, { provider: 'acme', user_id: userId });
      await database.media.create({ generation });
      const payload: MediaTask = {
        metadata_id: generation.metadata_id,
        workflow_run_id: place.runId,
        provider: 'acme',
        action_type: 'txt2img',
        model: null,
        prompt: 'a house',
        params: {},
        inputs: [],
        crop_region: null,
        prompt_id: 'p1',
        prompt_key: 'acme:p1',
        ...changes,
      };
      const task = sampleTask(place, { actor: MEDIA_ACTOR, user_id: userId, max_attempts: maxAttempts, payload });
      return database.tasks.enqueue(task);
    },
    async row({ task_id: taskId }) {
      const row = await database.tasks.find({ taskId });
      if (!row) throw new Error('the task is gone');
      return row;
    },
    async record({ payload }) {
      const record = await database.media.find({ metadataId: String(payload['metadata_id']) });
      if (!record) throw new Error('the record is gone');
      return record;
    },
  };
}
