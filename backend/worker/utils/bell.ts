import type { Clock } from '@wfm/workflow-engine/ports';

/** Something to wait for that may have rung already. */
export class Bell {
  readonly #clock: Clock;
  #rung = Promise.withResolvers<void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung.resolve();
  }

  /** Forgets earlier rings; do so before looking at what a ring is about. */
  reset(): void {
    this.#rung = Promise.withResolvers();
  }

  /** Until it rings, `ms` have passed, or the signal is aborted. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const enough = new AbortController();
    const both = AbortSignal.any([signal, enough.signal]);
    await Promise.race([this.#rung.promise, this.#clock.sleep(ms, both).catch(() => undefined)]);
    enough.abort();
  }
}
