import { LRUCache } from 'lru-cache';
import type { Clock } from '../ports/clock.ts';

/** Wait after the first fault: longer than a lease, so that the sweep does not come at once when that has died. */
const FIRST_WAIT_MS = 20_000;
const LONGEST_WAIT_MS = 60 * 60_000;
const RUNS_KEPT = 1000;

/**
 * Runs whose execution in this process ended by a fault of its own (a store that refuses what was done), and how long
 * the sweep leaves each alone: twice as long after every further fault. Otherwise such a run would ask a model again
 * and again. It is no part of the log: another process, or a command, may try at once.
 */
export class Setbacks {
  readonly #clock: Clock;
  readonly #byRun = new LRUCache<string, { faults: number; until: number }>({ max: RUNS_KEPT });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An execution of the run ended by a fault. */
  note(runId: string): void {
    const faults = (this.#byRun.get(runId)?.faults ?? 0) + 1;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (faults - 1), LONGEST_WAIT_MS);
    this.#byRun.set(runId, { faults, until: this.#clock.monotonicMs() + wait });
  }

  /** An execution of the run ended as it should. */
  clear(runId: string): void {
    this.#byRun.delete(runId);
  }

  /** True while the sweep shall leave the run alone. */
  holds(runId: string): boolean {
    return this.#clock.monotonicMs() < (this.#byRun.get(runId)?.until ?? 0);
  }

  /** Runs known to have failed: so many at most stand in the way of others in a list. */
  get size(): number {
    return this.#byRun.size;
  }
}
