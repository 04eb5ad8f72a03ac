/** One at a time for each key, within this process: rivals of one run wait here rather than race in the database. */
export class Locks {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs the work once all earlier work under the key has ended. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tails.set(key, promise);
    try {
      await before;
      return await work();
    } finally {
      resolve();
      if (this.#tails.get(key) === promise) this.#tails.delete(key);
    }
  }
}
