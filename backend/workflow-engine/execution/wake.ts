/** A bell that is not missed when it rings before anybody listens: reset it, look, then wait. */
export class Wake {
  #bell = Promise.withResolvers<void>();

  ring(): void {
    this.#bell.resolve();
  }

  reset(): void {
    this.#bell = Promise.withResolvers<void>();
  }

  /** Resolves when the bell rings, or after `ms`. */
  async wait(ms?: number): Promise<void> {
    const timer = ms === undefined ? undefined : setTimeout(() => this.ring(), ms);
    await this.#bell.promise;
    clearTimeout(timer);
  }
}
