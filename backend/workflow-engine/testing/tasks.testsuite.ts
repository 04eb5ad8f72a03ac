import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { NewTask, TaskQueue, TaskRow } from '../ports/task-queue.ts';
import { expectCode } from './expect-code.ts';
import { sampleAppend, sampleRun, startSample } from './run-samples.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';
import { claimNext, sampleTask, sampleTaskError } from './task-samples.ts';

const leaseMs = 30_000;

/** Laws of the queue (format.md 21): one winner per claim, every write names its fence, an end is an end. */
export function taskQueueContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: tasks`, () => {
    const current = useDatabase(setup);
    const tasks = () => current().database.tasks;
    const advance = (ms: number) => current().clock.advance(ms);
    const claim = (changes: Parameters<typeof claimNext>[1] = {}) => claimNext(tasks(), changes);
    /** A run, and tasks of it in this order. */
    const enqueue = async (...changes: Partial<NewTask>[]) => {
      const place = await startSample(current().database.runs);
      const rows: TaskRow[] = [];
      for (const change of changes) rows.push(await tasks().enqueue(sampleTask(place, change)));
      return { ...place, rows, ids: rows.map((row) => row.task_id) };
    };
    const claimed = async (changes: Partial<NewTask> = {}) => {
      const { ids, ...place } = await enqueue(changes);
      const row = await claim();
      if (!row || row.task_id !== ids[0]) throw new Error('not claimed');
      return { ...place, row, taskId: row.task_id, hold: { taskId: row.task_id, fence: row.fence } };
    };
    const find = async (taskId: string) => {
      const row = await tasks().find({ taskId });
      if (!row) throw new Error('not found');
      return row;
    };

    test('21 a new task waits, and is stored as it was given', async () => {
      const place = await startSample(current().database.runs);
      const task = sampleTask(place, { interaction_id: 'i', execution_id: 'e', payload: { '🏠': [1, null] } });
      const row = await tasks().enqueue(task);
      expect(row).toMatchObject({ ...task, status: 'queued', attempts: 0, fence: 0, operation: null, reported: false });
      expect(await find(task.task_id)).toEqual(row);
      expect(await tasks().find({ taskId: v7() })).toBeNull();
      await expectCode(tasks().enqueue(sampleTask({ ...place, runId: v7() })), 'run_not_found');
    });

    test('21 under a known key the first task is answered, whatever the second one says', async () => {
      const { rows, ...place } = await enqueue({ idempotency_key: 'k' });
      const again = sampleTask(place, { idempotency_key: 'k', payload: { other: true } });
      expect(await tasks().enqueue(again)).toEqual(rows[0]);
      expect(await tasks().find({ taskId: again.task_id })).toBeNull();
      await tasks().cancel({ taskId: rows[0]?.task_id ?? '' });
      expect(await tasks().enqueue(again)).toMatchObject({ task_id: rows[0]?.task_id, status: 'cancelled' });
    });

    test('8.2 tasks of an append and of a create are enqueued with its events, or not at all', async () => {
      const { runs } = current().database;
      const params = sampleRun();
      const place = { runId: params.run.workflow_run_id, branchId: params.branch_id };
      const [first, second, never] = [sampleTask(place), sampleTask(place), sampleTask(place)];
      await runs.create({ ...params, tasks: [first] });
      await runs.append(
        sampleAppend({ ...place, expectedSeq: 0 }, 1, { tasks: [second, { ...second, task_id: v7() }] }),
      );
      await expectCode(runs.append(sampleAppend({ ...place, expectedSeq: 0 }, 1, { tasks: [never] })), 'conflict');
      const listed = await tasks().listOfRun({ runId: place.runId });
      expect(listed.map((row) => row.task_id)).toEqual([first.task_id, second.task_id]);
    });

    test('21 claims go by priority, then age; nobody gets what another one holds', async () => {
      const { ids } = await enqueue(
        { created_at: '2026-01-01T00:00:02.000Z' },
        { created_at: '2026-01-01T00:00:01.000Z', provider: 'other' },
        { created_at: '2026-01-01T00:00:03.000Z', priority: 5 },
        { created_at: '2026-01-01T00:00:02.000Z' },
      );
      const order = [];
      for (let row = await claim(); row; row = await claim()) order.push(row.task_id);
      expect(order).toEqual([ids[2], ids[1], ids[0], ids[3]]);
    });

    test('21 of many parallel claims each task has one winner', async () => {
      const { ids } = await enqueue(...Array.from({ length: 5 }, () => ({})));
      const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => claim({ worker: `w${index}` })));
      const won = claims.filter((row) => row !== null);
      expect(won.map((row) => row.task_id).sort()).toEqual([...ids].sort());
      expect(new Set(won.map((row) => row.lease_owner)).size).toBe(5);
    });

    test('21 a claim raises fence and attempt, and takes only the actors that it names', async () => {
      const { ids } = await enqueue({ actor: 'download' });
      expect(await claim({ actors: ['media'] })).toBeNull();
      const row = await claim({ actors: ['media', 'download'] });
      expect(row).toMatchObject({ task_id: ids[0], status: 'leased', fence: 1, attempts: 1, lease_owner: 'w1' });
      expect(row?.started_at).toBe(current().clock.now().toISOString());
      expect(await find(ids[0] ?? '')).toEqual(row);
    });

    test('21 a task ends once, with its result or its error', async () => {
      const { hold, taskId } = await claimed();
      expect(await tasks().succeed({ ...hold, result: { n: 1 } })).toBe(true);
      const ended = await find(taskId);
      expect(ended).toMatchObject({ status: 'succeeded', result: { n: 1 }, error: null, lease_owner: null });
      expect(ended.finished_at).not.toBeNull();
      await expectRefused(tasks(), hold);
      expect(await tasks().cancel({ taskId })).toBeNull();
      expect(await find(taskId)).toEqual(ended);
      const failed = await claimed();
      const error = sampleTaskError(false);
      expect(await tasks().fail({ ...failed.hold, error })).toBe('failed');
      expect(await find(failed.taskId)).toMatchObject({ status: 'failed', error, result: null, attempts: 1 });
      await expectRefused(tasks(), failed.hold);
    });

    test('R5 a transient failure waits 2^n s, a fifth more or less, and the last one is the end', async () => {
      const { taskId } = await claimed({ max_attempts: 3 });
      for (const attempt of [1, 2]) {
        const { fence } = await find(taskId);
        await tasks().keepOperation({ taskId, fence, operation: { id: 'gone with its attempt' } });
        expect(await tasks().fail({ taskId, fence, error: sampleTaskError(true) })).toBe('queued');
        const row = await find(taskId);
        expect(row).toMatchObject({ status: 'queued', attempts: attempt, operation: null, submitting: false });
        const waitMs = Date.parse(row.not_before) - current().clock.now().getTime();
        expect(waitMs).toBeGreaterThanOrEqual(2 ** attempt * 800);
        expect(waitMs).toBeLessThanOrEqual(2 ** attempt * 1200);
        advance(waitMs - 1);
        expect(await claim()).toBeNull();
        advance(1);
        expect(await claim()).toMatchObject({ attempts: attempt + 1, fence: attempt + 1 });
      }
      expect(await tasks().fail({ taskId, fence: 3, error: sampleTaskError(true) })).toBe('failed');
      expect(await find(taskId)).toMatchObject({ status: 'failed', attempts: 3, error: sampleTaskError(true) });
    });

    test('21 the vendor’s own retry_after goes before ours', async () => {
      const { hold, taskId } = await claimed();
      await tasks().fail({ ...hold, error: sampleTaskError(true), retryAfterMs: 70_000 });
      advance(69_999);
      expect(await claim()).toBeNull();
      advance(1);
      expect(await claim()).toMatchObject({ task_id: taskId });
    });

    test('R21 the wall clock moves neither leases nor delays; after a restart of the machine it decides', async () => {
      const { hold } = await claimed();
      current().clock.shiftWall(3_600_000);
      expect(await tasks().heartbeat({ ...hold, leaseMs })).toBe(true);
      expect(await tasks().sweep()).toBe(0);
      await tasks().handBack({ ...hold, delayMs: 10_000 });
      current().clock.shiftWall(3_600_000);
      expect(await claim()).toBeNull();
      current().clock.shiftWall(-7_200_000);
      advance(10_000);
      const again = await claim();
      await tasks().handBack({ taskId: hold.taskId, fence: again?.fence ?? 0, delayMs: 10_000 });
      current().clock.reboot();
      expect(await claim()).toBeNull();
      current().clock.shiftWall(10_000);
      expect(await claim()).not.toBeNull();
    });

    test('21 a lease lives by its heartbeats; then no write of its holder counts', async () => {
      const { hold, taskId } = await claimed();
      advance(leaseMs - 1);
      expect(await tasks().heartbeat({ ...hold, leaseMs })).toBe(true);
      advance(leaseMs - 1);
      expect(await tasks().sweep()).toBe(0);
      expect(await tasks().progress({ ...hold, progress: progressAt('half') })).toBe(true);
      expect(await find(taskId)).toMatchObject({ progress: progressAt('half') });
      advance(1);
      const before = await find(taskId);
      await expectRefused(tasks(), hold);
      expect(await find(taskId)).toEqual(before);
    });

    test('R3 who comes back after another one has taken over changes nothing', async () => {
      const { hold, taskId } = await claimed();
      advance(leaseMs);
      expect(await tasks().sweep()).toBe(1);
      const second = await claim({ worker: 'w2' });
      expect(second).toMatchObject({ task_id: taskId, fence: 2, attempts: 1, expiries: 1 });
      await expectRefused(tasks(), hold);
      expect(await find(taskId)).toEqual(second);
      expect(await tasks().succeed({ taskId, fence: 2, result: { by: 'w2' } })).toBe(true);
      await expectRefused(tasks(), hold);
      expect(await find(taskId)).toMatchObject({ status: 'succeeded', result: { by: 'w2' } });
    });

    test('a lease of another boot is dead at once', async () => {
      const { hold, taskId } = await claimed();
      current().clock.reboot();
      await expectRefused(tasks(), hold);
      expect(await tasks().sweep()).toBe(1);
      expect(await find(taskId)).toMatchObject({ status: 'queued', expiries: 1 });
    });

    test('21 the third lease in a row that runs out fails the task; a life in between starts the row anew', async () => {
      const { taskId, hold } = await claimed();
      advance(leaseMs);
      await tasks().sweep();
      expect(await claim()).not.toBeNull();
      expect(await tasks().handBack({ ...hold, fence: 2, delayMs: 0 })).toBe(true);
      for (const expiries of [1, 2]) {
        expect(await claim()).not.toBeNull();
        advance(leaseMs);
        await tasks().sweep();
        expect(await find(taskId)).toMatchObject({ status: 'queued', expiries });
      }
      expect(await claim()).not.toBeNull();
      advance(leaseMs);
      expect(await tasks().sweep()).toBe(1);
      expect(await find(taskId)).toMatchObject({ status: 'failed', error: { code: 'worker_lost', transient: false } });
      expect(await tasks().sweep()).toBe(0);
    });

    test('21 what the vendor answered outlives a crash; a look at it is no attempt', async () => {
      const { hold, taskId } = await claimed();
      expect(await tasks().beginSubmit(hold)).toBe(true);
      expect(await find(taskId)).toMatchObject({ submitting: true, operation: null });
      expect(await tasks().keepOperation({ ...hold, operation: { job: 'j1' } })).toBe(true);
      advance(leaseMs);
      await tasks().sweep();
      const kept = { operation: { job: 'j1' }, submitting: false, attempts: 1 };
      expect(await claim()).toMatchObject({ ...kept, fence: 2 });
      await tasks().handBack({ taskId, fence: 2, delayMs: 2000 });
      expect(await claim()).toBeNull();
      advance(2000);
      expect(await claim()).toMatchObject({ ...kept, fence: 3, expiries: 0 });
    });

    test('21 a start that was never answered is found after a crash', async () => {
      const { hold } = await claimed();
      await tasks().beginSubmit(hold);
      advance(leaseMs);
      await tasks().sweep();
      expect(await claim()).toMatchObject({ submitting: true, operation: null, attempts: 1 });
    });

    test('R15 a worker that leaves takes its attempt back where nothing was begun', async () => {
      const { hold, taskId } = await claimed();
      expect(await tasks().handBack({ ...hold, delayMs: 0, attempt: 'undo' })).toBe(true);
      expect(await find(taskId)).toMatchObject({ status: 'queued', attempts: 0, lease_owner: null });
      expect(await claim({ worker: 'w2' })).toMatchObject({ attempts: 1, fence: 2 });
    });

    test('21 cancelled in each status: only what has not ended; the holder hears of it at its next write', async () => {
      const { ids } = await enqueue({}, {});
      const [waiting = '', held = ''] = [ids[1], ids[0]];
      const row = await claim();
      expect(await tasks().cancel({ taskId: waiting })).toMatchObject({ status: 'queued' });
      expect(await tasks().cancel({ taskId: held })).toEqual(row);
      expect(await tasks().cancel({ taskId: held })).toBeNull();
      expect(await tasks().cancel({ taskId: v7() })).toBeNull();
      for (const taskId of ids) expect(await find(taskId)).toMatchObject({ status: 'cancelled', lease_owner: null });
      await expectRefused(tasks(), { taskId: held, fence: 1 });
      expect(await claim()).toBeNull();
    });

    test('10.5 the tasks of a run are cancelled with it, its child runs’ too', async () => {
      const parent = await enqueue({}, {});
      const child = await startSample(current().database.runs, { parent_run_id: parent.runId });
      const ofChild = await tasks().enqueue(sampleTask(child));
      const other = await enqueue({});
      await tasks().cancel({ taskId: parent.ids[0] ?? '' });
      const before = await tasks().cancelOfRun({ runId: parent.runId });
      expect(before.map((row) => [row.task_id, row.status])).toEqual([
        [parent.ids[1], 'queued'],
        [ofChild.task_id, 'queued'],
      ]);
      expect(await tasks().cancelOfRun({ runId: parent.runId })).toEqual([]);
      expect(await find(ofChild.task_id)).toMatchObject({ status: 'cancelled' });
      expect(await find(other.ids[0] ?? '')).toMatchObject({ status: 'queued' });
    });

    test('21 ended tasks are told of, oldest end first, until their run knows', async () => {
      const { ids } = await enqueue({}, {}, {});
      for (const index of [0, 1]) {
        const row = await claim();
        expect(row?.task_id).toBe(ids[index]);
      }
      await tasks().succeed({ taskId: ids[1] ?? '', fence: 1, result: {} });
      advance(5);
      await tasks().cancel({ taskId: ids[0] ?? '' });
      const listed = await tasks().unreported({ limit: 10 });
      expect(listed.map((row) => row.task_id)).toEqual([ids[1], ids[0]]);
      expect(await tasks().unreported({ limit: 1 })).toHaveLength(1);
      await tasks().markReported({ taskId: ids[1] ?? '' });
      await tasks().markReported({ taskId: ids[1] ?? '' });
      await tasks().markReported({ taskId: v7() });
      expect((await tasks().unreported({ limit: 10 })).map((row) => row.task_id)).toEqual([ids[0]]);
      expect(await find(ids[1] ?? '')).toMatchObject({ reported: true });
    });

    test('21 what ended without success waits for a worker to clear up, whoever ended it', async () => {
      const { ids } = await enqueue({}, {}, {}, {}, { max_attempts: 1 });
      const [done = '', failed = '', lost = '', cancelled = '', again = ''] = ids;
      for (const taskId of ids) expect(await claim({ leaseMs: 1000 })).toMatchObject({ task_id: taskId });
      expect(await tasks().unsettled({ limit: 10 })).toEqual([]);
      await tasks().succeed({ taskId: done, fence: 1, result: {} });
      await tasks().fail({ taskId: failed, fence: 1, error: sampleTaskError(false) });
      advance(1);
      await tasks().cancel({ taskId: cancelled });
      await tasks().cancel({ taskId: again });
      for (const fence of [1, 2, 3]) {
        advance(1000);
        await tasks().sweep();
        if (fence < 3) expect(await claim({ leaseMs: 1000 })).toMatchObject({ task_id: lost });
      }
      const listed = await tasks().unsettled({ limit: 10 });
      expect(listed.map((row) => row.task_id)).toEqual([failed, cancelled, again, lost]);
      await tasks().markSettled({ taskId: failed });
      await tasks().markSettled({ taskId: v7() });
      const left = await tasks().unsettled({ limit: 2 });
      expect(left.map((row) => row.task_id)).toEqual([cancelled, again]);
    });

    test('R22 tasks go with their run, whatever they are doing, and their keys are free', async () => {
      const { runId, ids } = await enqueue({ idempotency_key: 'k' }, {});
      const child = await startSample(current().database.runs, { parent_run_id: runId });
      const ofChild = await tasks().enqueue(sampleTask(child));
      const row = await claim();
      await current().database.runs.delete({ runId });
      for (const taskId of [...ids, ofChild.task_id]) expect(await tasks().find({ taskId })).toBeNull();
      await expectRefused(tasks(), { taskId: row?.task_id ?? '', fence: 1 });
      expect(await tasks().counts()).toEqual([]);
      const fresh = await enqueue({ idempotency_key: 'k' });
      expect(fresh.rows[0]?.status).toBe('queued');
    });

    test('counts say how many tasks of a provider are in a status', async () => {
      await enqueue({}, {}, { provider: 'beta' }, {});
      const row = await claim();
      await claim();
      await tasks().succeed({ taskId: row?.task_id ?? '', fence: 1, result: {} });
      expect(await tasks().counts()).toEqual([
        { provider: 'acme', status: 'leased', count: 1 },
        { provider: 'acme', status: 'queued', count: 1 },
        { provider: 'acme', status: 'succeeded', count: 1 },
        { provider: 'beta', status: 'queued', count: 1 },
      ]);
    });

    test('a watcher hears when there may be something to do, until it stops', async () => {
      let calls = 0;
      const stop = tasks().watch(() => {
        calls += 1;
      });
      const { hold } = await claimed();
      await expect.poll(() => calls).toBeGreaterThan(0);
      calls = 0;
      await tasks().handBack({ ...hold, delayMs: 0 });
      await expect.poll(() => calls).toBeGreaterThan(0);
      calls = 0;
      const { runId, branchId } = await startSample(current().database.runs);
      const rest = { tasks: [sampleTask({ runId, branchId })] };
      await current().database.runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 1, rest));
      await expect.poll(() => calls).toBeGreaterThan(0);
      stop();
      await new Promise((resolve) => setImmediate(resolve));
      calls = 0;
      await enqueue({});
      await new Promise((resolve) => setImmediate(resolve));
      expect(calls).toBe(0);
    });
  });
}

function progressAt(message: string) {
  return { message, elapsed_ms: 1000, updated_at: '2026-01-01T00:00:01.000Z' };
}

/** Every write under this hold answers false. */
async function expectRefused(tasks: TaskQueue, hold: { taskId: string; fence: number }): Promise<void> {
  const writes = [
    tasks.heartbeat({ ...hold, leaseMs }),
    tasks.progress({ ...hold, progress: progressAt('late') }),
    tasks.beginSubmit(hold),
    tasks.keepOperation({ ...hold, operation: { late: true } }),
    tasks.handBack({ ...hold, delayMs: 0 }),
    tasks.succeed({ ...hold, result: { late: true } }),
    tasks.fail({ ...hold, error: sampleTaskError(true) }),
  ];
  expect(await Promise.all(writes)).toEqual(writes.map(() => false));
}
