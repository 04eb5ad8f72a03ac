import { describe, expect, test } from 'vitest';
import type { NewTask } from '../ports/task-queue.ts';
import { startSample } from './run-samples.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';
import { claimNext, sampleTask, sampleTaskError } from './task-samples.ts';

/** Limits of providers over all workers together, and where a task stands because of them (format.md 15.1, 21). */
export function taskLimitsContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: limits of tasks`, () => {
    const current = useDatabase(setup);
    const tasks = () => current().database.tasks;
    const enqueue = async (count: number, changes: Partial<NewTask> = {}) => {
      const place = await startSample(current().database.runs);
      const ids = [];
      for (let n = 0; n < count; n += 1) ids.push((await tasks().enqueue(sampleTask(place, changes))).task_id);
      return ids;
    };
    const two = { acme: { atOnce: 2 } };
    const claim = (limits: Parameters<typeof claimNext>[1] = { limits: two }) => claimNext(tasks(), limits);

    test('R4 a provider at its limit is skipped; others are not', async () => {
      const ids = await enqueue(4);
      const [other] = await enqueue(1, { provider: 'constructor' });
      expect(await claim()).toMatchObject({ task_id: ids[0] });
      expect(await claim()).toMatchObject({ task_id: ids[1] });
      expect(await claim()).toMatchObject({ task_id: other });
      expect(await claim()).toBeNull();
      await tasks().succeed({ taskId: ids[0] ?? '', fence: 1, result: {} });
      expect(await claim()).toMatchObject({ task_id: ids[2] });
      expect(await claim()).toBeNull();
    });

    test('R4 a task whose vendor still works keeps its place between two looks, and goes on at the limit', async () => {
      const ids = await enqueue(3);
      for (const taskId of ids.slice(0, 2)) {
        await claim();
        await tasks().keepOperation({ taskId, fence: 1, operation: { job: taskId } });
        await tasks().handBack({ taskId, fence: 1, delayMs: 1000 });
      }
      expect(await claim()).toBeNull();
      current().clock.advance(1000);
      expect(await claim()).toMatchObject({ task_id: ids[0], attempts: 1 });
      expect(await claim()).toMatchObject({ task_id: ids[1], attempts: 1 });
      expect(await claim()).toBeNull();
      expect(await tasks().fail({ taskId: ids[1] ?? '', fence: 2, error: sampleTaskError(true) })).toBe('queued');
      expect(await claim()).toMatchObject({ task_id: ids[2] });
    });

    test('R4 a start that may have reached the vendor keeps its place after a crash', async () => {
      const ids = await enqueue(3);
      await claim();
      await claim();
      await tasks().beginSubmit({ taskId: ids[0] ?? '', fence: 1 });
      current().clock.advance(30_000);
      await tasks().sweep();
      const again = [await claim(), await claim(), await claim()].map((row) => row?.task_id ?? null);
      expect(again).toEqual([ids[0], ids[1], null]);
    });

    test('starts within a minute are counted; looks and places given back unused are not', async () => {
      const limits = { acme: { atOnce: 10, perMinute: 2 } };
      const ids = await enqueue(4);
      expect(await claim({ limits })).toMatchObject({ task_id: ids[0] });
      await tasks().keepOperation({ taskId: ids[0] ?? '', fence: 1, operation: {} });
      await tasks().handBack({ taskId: ids[0] ?? '', fence: 1, delayMs: 0 });
      current().clock.advance(30_000);
      expect(await claim({ limits })).toMatchObject({ task_id: ids[0], fence: 2 });
      expect(await claim({ limits })).toMatchObject({ task_id: ids[1] });
      expect(await claim({ limits })).toBeNull();
      await tasks().handBack({ taskId: ids[1] ?? '', fence: 1, delayMs: 0, attempt: 'undo' });
      expect(await claim({ limits })).toMatchObject({ task_id: ids[1], fence: 2 });
      expect(await claim({ limits })).toBeNull();
      expect(await tasks().position({ taskId: ids[2] ?? '', limits })).toEqual({ ahead: 0, reason: 'provider_rate' });
      // The clock on the wall has no say (R21).
      current().clock.shiftWall(-3_600_000);
      current().clock.advance(30_000);
      expect(await claim({ limits })).toMatchObject({ task_id: ids[2] });
      expect(await claim({ limits })).toBeNull();
      current().clock.advance(30_000);
      expect(await claim({ limits })).toMatchObject({ task_id: ids[3] });
    });

    test('21 a position says how many come first, and why', async () => {
      const ids = await enqueue(4);
      const [first = '', second = '', third = '', fourth = ''] = ids;
      const position = (taskId: string) => tasks().position({ taskId, limits: two });
      expect(await position(first)).toEqual({ ahead: 0, reason: 'next' });
      expect(await position(third)).toEqual({ ahead: 2, reason: 'behind_others' });
      await claim();
      await claim();
      expect(await position(first)).toEqual({ ahead: 0, reason: 'being_worked_on' });
      expect(await position(third)).toEqual({ ahead: 0, reason: 'provider_busy' });
      expect(await position(fourth)).toEqual({ ahead: 1, reason: 'behind_others' });
      await tasks().keepOperation({ taskId: first, fence: 1, operation: {} });
      await tasks().handBack({ taskId: first, fence: 1, delayMs: 60_000 });
      expect(await position(first)).toEqual({ ahead: 0, reason: 'being_worked_on' });
      await tasks().fail({ taskId: second, fence: 1, error: sampleTaskError(true), retryAfterMs: 1000 });
      const notBefore = new Date(current().clock.now().getTime() + 1000).toISOString();
      expect(await position(second)).toEqual({ ahead: 0, reason: 'delayed', not_before: notBefore });
      await tasks().cancel({ taskId: second });
      expect(await position(second)).toEqual({ ahead: 0, reason: 'ended' });
      expect(await position('none')).toBeNull();
    });

    test('a position counts what a higher priority or another provider puts before it rightly', async () => {
      const [low = ''] = await enqueue(1);
      await enqueue(2, { priority: 1 });
      await enqueue(3, { priority: 9, provider: 'beta' });
      expect(await tasks().position({ taskId: low, limits: {} })).toEqual({ ahead: 2, reason: 'behind_others' });
    });
  });
}
