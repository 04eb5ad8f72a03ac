import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';

/** Real time, for tests of what really waits. */
export function liveClock(): Clock {
  return {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    bootId: 'this-process',
    sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}).then(() => undefined),
  };
}
