import type { Clock, TaskProgress } from '@wfm/workflow-engine/ports';

/** Stores progress at most once in `everyMs` (format.md 21), the newest word always in the end. */
export class ProgressWriter {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #write: (progress: TaskProgress) => Promise<void>;
  readonly #stop = new AbortController();
  #next: TaskProgress | undefined;
  #writing: Promise<void> | undefined;

  constructor(clock: Clock, everyMs: number, write: (progress: TaskProgress) => Promise<void>) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#write = write;
  }

  tell(progress: TaskProgress): void {
    this.#next = progress;
    this.#writing ??= this.#run();
  }

  /** Stores what is left to say. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#writing;
  }

  async #run(): Promise<void> {
    while (this.#next) {
      const progress = this.#next;
      this.#next = undefined;
      await this.#write(progress);
      await this.#clock.sleep(this.#everyMs, this.#stop.signal).catch(() => undefined);
    }
    this.#writing = undefined;
  }
}
