import { isWfmError, toStoredError } from '@wfm/workflow-engine/errors';
import type { ClaimTask, Clock, TaskQueue, TaskRow } from '@wfm/workflow-engine/ports';
import type { Actor, Outcome } from './actors/actor.ts';
import { Bell } from './utils/bell.ts';
import { Job, TaskLost, WorkerLeaves } from './utils/job.ts';
import type { Log } from './utils/log.ts';
import type { WorkerMetrics } from './utils/metrics.ts';
import type { Timings } from './utils/timings.ts';

export interface WorkerParts {
  /** Names this process in leases. */
  name: string;
  tasks: TaskQueue;
  /** By the names that tasks give. */
  actors: Readonly<Record<string, Actor>>;
  /** What providers may be asked for at once, over all workers. */
  limits: () => ClaimTask['limits'];
  /** How runs hear of their tasks and are carried on: the processor's `tasks` and its own sweep. */
  runs: {
    report(task: TaskRow): Promise<void>;
    sweepTasks(): Promise<number>;
    sweepRuns(): Promise<number>;
  };
  clock: Clock;
  timings: Timings;
  /** How many tasks this process works on at once. */
  slots: number;
  log: Log;
  metrics?: WorkerMetrics;
}

export interface Worker {
  /** Claims one task and works on it until it has ended or waits. False: there is nothing to do now. */
  tick(): Promise<boolean>;
  /** What every worker does every 5 s: dead leases, leftovers, abandoned runs, ends that nobody has told of. */
  sweep(): Promise<void>;
  /** Works until `stop`. */
  run(): Promise<void>;
  /** Claims no more; lets work finish for a while, then hands it back. Resolves when nothing is held any more. */
  stop(): Promise<void>;
}

const SETTLED_AT_ONCE = 50;

/** A worker over its parts (format.md 21). It keeps nothing of its own: whatever it knows is in the queue. */
export function createWorker(parts: WorkerParts): Worker {
  const { name, tasks, actors, limits, runs, clock, timings, slots, log, metrics } = parts;
  const live = new Map<Job, Promise<void>>();
  const stopping = new AbortController();
  const bell = new Bell(clock);

  const claim = (): Promise<TaskRow | null> =>
    tasks.claim({ worker: name, leaseMs: timings.leaseMs, limits: limits(), actors: Object.keys(actors) });

  /** Ends what belongs to a task that ended without success, and tells its run. */
  const settle = async (taskId: string): Promise<void> => {
    const task = await tasks.find({ taskId });
    const actor = task && actors[task.actor];
    if (!actor) return;
    await actor.settle(task);
    await tasks.markSettled({ taskId });
    await tell(taskId);
  };

  const tell = async (taskId: string): Promise<void> => {
    const row = await tasks.find({ taskId });
    if (row && !row.reported) await runs.report(row);
  };

  /** Whatever happens to one task is no other's trouble. */
  const guarded = async (task: TaskRow, what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (err) {
      log.error(what, { err, task_id: task.task_id, workflow_run_id: task.workflow_run_id });
    }
  };

  const failed = async (task: TaskRow, job: Job, error: unknown): Promise<void> => {
    const retryAfterMs = isWfmError(error) ? error.retryAfterMs : undefined;
    if (!isWfmError(error)) log.error('an actor has a fault', { err: error, task_id: task.task_id });
    const ended = await job.fail({
      error: toStoredError(error),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    if (ended) await settle(task.task_id);
  };

  const turn = async (task: TaskRow, actor: Actor, job: Job): Promise<void> => {
    let outcome: Outcome;
    try {
      outcome = await job.during(() => actor.work(task, job));
    } catch (error) {
      if (error instanceof TaskLost) throw error;
      const leaves = job.signal.reason instanceof WorkerLeaves && !(isWfmError(error) && !error.transient);
      if (!leaves) return failed(task, job, error);
      const hasCounted = task.operation === null && task.expiries === 0;
      return job.handBack(0, hasCounted && !job.answered ? 'undo' : undefined);
    }
    if (outcome.kind === 'later') return job.handBack(outcome.delayMs);
    await job.succeed(outcome.result);
    await tell(task.task_id);
  };

  /** Cancelled: what was begun is ended. Taken over by another worker: it is theirs. */
  const lost = async (task: TaskRow): Promise<void> => {
    const row = await tasks.find({ taskId: task.task_id });
    log.info('a task is no longer held', { task_id: task.task_id, status: row?.status ?? 'deleted' });
    if (row?.status === 'cancelled') await settle(row.task_id);
  };

  const begin = (task: TaskRow): Promise<void> => {
    const actor = actors[task.actor];
    const job = new Job(task, { tasks, clock, timings });
    const startedAt = clock.monotonicMs();
    const done = guarded(task, 'work on a task broke off', async () => {
      try {
        if (actor) await turn(task, actor, job);
      } catch (error) {
        if (!(error instanceof TaskLost)) throw error;
        await lost(task);
      }
    }).then(() => {
      live.delete(job);
      metrics?.turn(task.provider, clock.monotonicMs() - startedAt);
      bell.ring();
    });
    live.set(job, done);
    if (stopping.signal.aborted) job.leave();
    return done;
  };

  const sweep = async (): Promise<void> => {
    const steps: [string, () => Promise<number>][] = [
      ['took tasks from dead workers', () => tasks.sweep()],
      ['cleared up after tasks', settleLeftovers],
      ['took up abandoned runs', () => runs.sweepRuns()],
      ['told runs of their tasks', () => runs.sweepTasks()],
    ];
    for (const [what, step] of steps) {
      try {
        const count = await step();
        if (count > 0) log.info(what, { count });
      } catch (err) {
        log.error('a sweep failed', { err });
      }
    }
  };

  const settleLeftovers = async (): Promise<number> => {
    const left = await tasks.unsettled({ limit: SETTLED_AT_ONCE });
    for (const task of left) await guarded(task, 'clearing up after a task failed', () => settle(task.task_id));
    return left.length;
  };

  const sweepForever = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sweep();
      await clock.sleep(timings.sweepMs, stopping.signal).catch(() => undefined);
    }
  };

  /** Claims that are under way; each has a slot kept for it. */
  const claims = new Set<Promise<void>>();
  let claiming = 0;
  /** How many tasks to ask for at once: claims that are made together share a commit. Grows while all are there. */
  let appetite = 1;

  const claimSome = async (count: number): Promise<void> => {
    claiming += count;
    const claimed = await Promise.all(Array.from({ length: count }, claimQuietly));
    claiming -= count;
    const won = claimed.filter((task) => task !== null);
    for (const task of won) void begin(task);
    const isAll = won.length === count;
    appetite = isAll ? Math.min(slots, appetite * 2) : 1;
    if (isAll) bell.ring();
  };

  const claimForever = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      bell.reset();
      const wanted = Math.min(appetite, slots - live.size - claiming);
      if (wanted > 0) {
        const some = claimSome(wanted).finally(() => claims.delete(some));
        claims.add(some);
      }
      await bell.wait(timings.idleMs, stopping.signal);
    }
    await Promise.all(claims);
  };

  const claimQuietly = async (): Promise<TaskRow | null> => {
    try {
      return await claim();
    } catch (err) {
      log.error('no task could be claimed', { err });
      return null;
    }
  };

  let running: Promise<unknown> = Promise.resolve();
  return {
    async tick() {
      const task = await claim();
      if (task) await begin(task);
      return task !== null;
    },
    sweep,
    async run() {
      const unwatch = tasks.watch(() => bell.ring());
      running = Promise.all([claimForever(), sweepForever()]);
      await running;
      unwatch();
    },
    async stop() {
      stopping.abort();
      const drained = Promise.all(live.values());
      const patience = new AbortController();
      const overdue = clock.sleep(timings.drainMs, patience.signal).then(
        () => {
          for (const job of live.keys()) job.leave();
        },
        () => undefined,
      );
      await drained;
      patience.abort();
      await Promise.all([overdue, running]);
      await Promise.all(live.values());
    },
  };
}
