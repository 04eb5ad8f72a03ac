import { describe, expect, it } from 'vitest';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createTestClock, fakeCatalogue, sampleTask, sampleTaskError, startSample } from '../../testing/index.ts';
import { limitsOf, newsOf } from './task-news.ts';

async function queueOf(count: number, perMinute?: number) {
  const clock = createTestClock();
  const { tasks, runs } = createMemoryDatabase({ clock });
  const place = await startSample(runs);
  const info = fakeCatalogue().find('openai')!;
  const limits = perMinute === undefined ? info.limits : { ...info.limits, perMinute };
  const catalogue = fakeCatalogue([{ ...info, limits }]);
  const created_at = clock.now().toISOString();
  const rows = [];
  for (let n = 0; n < count; n += 1)
    rows.push(await tasks.enqueue(sampleTask(place, { provider: info.id, created_at })));
  return {
    clock,
    tasks,
    atOnce: limits.atOnce,
    ids: rows.map(({ task_id }) => task_id),
    claim: () => tasks.claim({ worker: 'w', leaseMs: 30_000, limits: limitsOf(catalogue) }),
    async news(taskId = '') {
      const row = await tasks.find({ taskId });
      return row && newsOf({ tasks, catalogue, now: clock.now() }, row);
    },
  };
}

describe('21 a task that waits says why', () => {
  it('for a worker, behind others, and for a provider that does as much as it may', async () => {
    const { clock, ids, news, claim, atOnce } = await queueOf(5);
    expect(atOnce).toBe(2);
    expect(await news(ids[0])).toMatchObject({ message: 'Waiting for a worker', elapsed_ms: 0 });
    expect((await news(ids[1]))?.message).toBe('One other task comes first');
    expect((await news(ids[4]))?.message).toBe('4 other tasks come first');
    await claim();
    await claim();
    clock.advance(1500);
    expect(await news(ids[0])).toMatchObject({ message: 'Being worked on', elapsed_ms: 1500 });
    expect((await news(ids[2]))?.message).toBe('openai is busy with as much as it may do at once');
    expect((await news(ids[3]))?.message).toBe('One other task comes first');
  });

  it('for the minute to pass, and for the next try', async () => {
    const { tasks, ids, news, claim } = await queueOf(2, 1);
    const first = await claim();
    expect((await news(ids[1]))?.message).toBe('openai has been asked as often as it may be in a minute');
    await tasks.fail({ taskId: ids[0] ?? '', fence: first?.fence ?? 0, error: sampleTaskError(true) });
    expect((await news(ids[0]))?.message).toBe('Waiting before the next try');
  });

  it('begun, it says what the vendor says; ended, nothing', async () => {
    const { tasks, ids, news, claim } = await queueOf(1);
    const row = await claim();
    const hold = { taskId: ids[0] ?? '', fence: row?.fence ?? 0 };
    const progress = { message: 'Rendering', percent: 40, elapsed_ms: 5, updated_at: '2026-01-01T00:00:01.000Z' };
    await tasks.progress({ ...hold, progress });
    expect(await news(ids[0])).toMatchObject({ message: 'Rendering', percent: 40 });
    await tasks.succeed({ ...hold, result: {} });
    expect(await news(ids[0])).toBeNull();
  });
});
