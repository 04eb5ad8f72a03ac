import type { Clock } from '../ports/clock.ts';

/** A clock that stands until a test moves it. */
export interface TestClock extends Clock {
  /** Moves wall and monotonic time on, and wakes whoever slept that long. */
  advance(ms: number): void;
  /** Moves the wall clock alone, as an administrator does; leases must not notice. */
  shiftWall(ms: number): void;
  /** As after a restart of the machine: another boot id, monotonic time from 0. */
  reboot(): void;
}

/** A clock at 2026-01-01T00:00:00Z and 1 000 000 ms of monotonic time. */
export function createTestClock(): TestClock {
  let wall = Date.UTC(2026, 0, 1);
  let monotonic = 1_000_000;
  let boot = 1;
  const sleepers = new Set<{ until: number; wake: () => void }>();

  return {
    now: () => new Date(wall),
    monotonicMs: () => monotonic,
    get bootId() {
      return `boot-${boot}`;
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const sleeper = { until: monotonic + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          if (sleepers.delete(sleeper)) reject(signal.reason);
        });
      });
    },
    advance(ms) {
      wall += ms;
      monotonic += ms;
      for (const sleeper of sleepers) {
        if (sleeper.until <= monotonic && sleepers.delete(sleeper)) sleeper.wake();
      }
    },
    shiftWall(ms) {
      wall += ms;
    },
    reboot() {
      boot += 1;
      monotonic = 0;
    },
  };
}
