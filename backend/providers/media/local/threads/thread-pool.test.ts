import { afterAll, describe, expect, it } from 'vitest';
import type { Job } from './jobs.ts';
import { createThreadPool } from './thread-pool.ts';

const pool = createThreadPool(1);
afterAll(() => pool.close());
const effect = (seconds: number): Job => ({ kind: 'effect', order: { family: 'click', seed: 1, seconds } });
const never = new AbortController().signal;

describe('threads of the local renderer', () => {
  it('jobs beyond the threads wait their turn, and all are done', async () => {
    const done: number[] = [];
    await Promise.all(
      [0.3, 0.2, 0.1].map(
        async (seconds, i) => void done.push((await pool.run(effect(seconds), never)).length > 0 ? i : -1),
      ),
    );
    expect(done).toEqual([0, 1, 2]);
  });

  it('whoever gives up while waiting leaves the queue, and the next one is served', async () => {
    const controller = new AbortController();
    const first = pool.run(effect(1), never);
    const second = pool.run(effect(1), controller.signal);
    const third = pool.run(effect(0.1), never);
    const stopped = new Error('stopped');
    controller.abort(stopped);
    await expect(second).rejects.toBe(stopped);
    expect((await first).length).toBeGreaterThan(0);
    expect((await third).length).toBeGreaterThan(0);
  });

  it('a job that fails, and one that is cut off, leave room for the next', async () => {
    const broken: Job = { kind: 'still', order: { source: new Uint8Array(3), width: 8, height: 8 } };
    await expect(pool.run(broken, never)).rejects.toMatchObject({ code: 'provider_failed' });
    const controller = new AbortController();
    const cut = pool.run(
      { kind: 'music', order: { prompt: '', seed: 1, seconds: 120, bpm: 90, mood: 'calm', instruments: ['pad'] } },
      controller.signal,
    );
    setTimeout(() => controller.abort(new Error('stopped')), 80);
    await expect(cut).rejects.toThrow('stopped');
    expect((await pool.run(effect(0.1), never)).length).toBeGreaterThan(0);
  });
});
