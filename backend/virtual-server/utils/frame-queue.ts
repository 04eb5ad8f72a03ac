import type { SseFrame } from '@wfm/http';

/** Progress that a slow reader has not fetched; more is dropped, since it may be lost without harm. */
const PROGRESS_KEPT = 100;

/** Frames on their way from an execution to a stream. Events wait for a slow reader; there are never more than a log has. */
export class FrameQueue implements AsyncIterable<SseFrame> {
  #frames: SseFrame[] = [];
  #progress = 0;
  #state: 'open' | 'ended' | { error: unknown } = 'open';
  #anything = false;
  #bell = Promise.withResolvers<void>();
  readonly #first = Promise.withResolvers<void>();

  /** Resolves with the first frame, or when there will be none. */
  get first(): Promise<void> {
    return this.#first.promise;
  }

  push(frame: SseFrame): void {
    if (this.#state !== 'open') return;
    if (frame.event === 'progress') {
      if (this.#progress >= PROGRESS_KEPT) return;
      this.#progress += 1;
    }
    this.#frames.push(frame);
    this.#ring();
  }

  /** Adds the last frame. */
  end(last: SseFrame): void {
    this.push(last);
    this.#state = 'ended';
    this.#ring();
  }

  /** The reader meets the error after all frames. */
  fail(error: unknown): void {
    if (this.#state === 'open') this.#state = { error };
    this.#first.resolve();
    this.#bell.resolve();
  }

  /** Throws the error when it came before any frame. */
  throwIfEmpty(): void {
    if (typeof this.#state === 'object' && !this.#anything) throw this.#state.error;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SseFrame> {
    for (;;) {
      this.#bell = Promise.withResolvers();
      const frames = this.#frames;
      this.#frames = [];
      this.#progress = 0;
      yield* frames;
      if (this.#frames.length > 0) continue;
      if (this.#state === 'ended') return;
      if (this.#state !== 'open') throw this.#state.error;
      await this.#bell.promise;
    }
  }

  #ring(): void {
    this.#anything = true;
    this.#first.resolve();
    this.#bell.resolve();
  }
}
