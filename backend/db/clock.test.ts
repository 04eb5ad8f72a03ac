import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { systemClock, uuidIds } from './clock.ts';

test('monotonic time is one and the same for all processes of a boot', () => {
  const clock = systemClock();
  const before = clock.monotonicMs();
  const print = 'const ms = process.hrtime.bigint() / 1000000n; process.stdout.write(String(ms))';
  const other = Number(execFileSync(process.execPath, ['-e', print], { encoding: 'utf8' }));
  expect(other).toBeGreaterThanOrEqual(Math.floor(before));
  expect(other).toBeLessThanOrEqual(clock.monotonicMs());
  expect(clock.bootId).toBe(systemClock().bootId);
  expect(clock.bootId).toMatch(/^[0-9a-f-]{36}$/);
});

test('sleep ends in time, or at once with the reason of its signal', async () => {
  const clock = systemClock();
  const before = clock.monotonicMs();
  await clock.sleep(20);
  expect(clock.monotonicMs() - before).toBeGreaterThan(15);
  const reason = new Error('stop');
  const controller = new AbortController();
  const sleeping = clock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(clock.sleep(60_000, controller.signal)).rejects.toBe(reason);
});

test('ids grow with time', () => {
  const ids = uuidIds();
  const made = Array.from({ length: 100 }, () => ids.uuid());
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(100);
  expect(made[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
});
