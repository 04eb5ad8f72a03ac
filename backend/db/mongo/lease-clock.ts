import type { Clock } from '@wfm/workflow-engine/ports';
import type { MongoConnection } from './connection.ts';
import type { LeaseClock } from './context.ts';

/** How often the server's time is asked for again. */
const refreshMs = 60_000;

/**
 * Time as the database's server has it, so that machines with clocks of their own agree on when a lease ends. Between
 * two looks it runs on with the monotonic clock, and it never goes back. A jump of the server's clock ends leases early
 * or late by as much, which costs a repeated effect and never a lost one: fences decide.
 */
export class ServerClock implements LeaseClock {
  /** One line of time for all who use the database. */
  readonly bootId = 'database';
  readonly #connection: MongoConnection;
  readonly #clock: Clock;
  #offset: number | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #latest = 0;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  monotonicMs(): number {
    if (this.#clock.monotonicMs() - this.#askedAt > refreshMs) void this.synchronise().catch(() => {});
    // Before the server has answered for the first time, the machine's own wall clock is the best guess.
    const offset = this.#offset ?? Date.now() - this.#clock.monotonicMs();
    this.#latest = Math.max(this.#latest, this.#clock.monotonicMs() + offset);
    return this.#latest;
  }

  /** Asks the server for its time; the answer is taken to be of the middle of the question's way. */
  async synchronise(): Promise<void> {
    const before = this.#clock.monotonicMs();
    this.#askedAt = before;
    const time = await this.#connection.serverTime();
    this.#offset = time.getTime() - (before + this.#clock.monotonicMs()) / 2;
  }
}
