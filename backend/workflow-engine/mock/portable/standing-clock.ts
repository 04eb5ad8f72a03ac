import type { Clock } from '../../ports/clock.ts';

/** A clock by which everything happens at one instant (ISO 8601). Nothing is waited for, unless it `waits`. */
export function standingClock(instant: string, clock: Clock, waits = false): Clock {
  return {
    now: () => new Date(instant),
    monotonicMs: () => clock.monotonicMs(),
    bootId: clock.bootId,
    async sleep(ms, signal) {
      if (waits) await clock.sleep(ms, signal);
      signal?.throwIfAborted();
    },
  };
}
