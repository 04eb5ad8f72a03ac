import type { Clock, Instant } from '@wfm/workflow-engine/ports';

/** The time by which a vendor's job has to be done, over all turns and processes that look at it. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #stop = new AbortController();
  readonly #until: () => number;
  /** Aborted when the time is over, or with the task's own signal. */
  readonly signal: AbortSignal;

  constructor(clock: Clock, began: Instant, limitMs: number, signal: AbortSignal) {
    this.#until = () =>
      began.boot === clock.bootId
        ? began.ms + limitMs - clock.monotonicMs()
        : Date.parse(began.at) + limitMs - clock.now().getTime();
    this.signal = AbortSignal.any([signal, this.#controller.signal]);
    clock.sleep(Math.max(0, this.#until()), this.#stop.signal).then(
      () => this.#controller.abort(new Error('the time is over')),
      () => undefined,
    );
  }

  get isOver(): boolean {
    return this.#until() <= 0;
  }

  /** No timer is left behind. */
  stop(): void {
    this.#stop.abort();
  }
}
