/** More entries than this are not kept: the memory spares a read, it is not a store. */
const MAX_ENTRIES = 10_000;

/** Remembers rows for a moment, so that a burst of requests reads each once. Absent rows are not remembered. */
export class ShortMemory<T> {
  readonly #entries = new Map<string, { value: T; until: number }>();
  readonly #ttlMs: number;
  readonly #now: () => number;

  constructor(ttlMs: number, now: () => number) {
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  async get(key: string, read: () => Promise<T | null>): Promise<T | null> {
    const known = this.#entries.get(key);
    if (known && known.until > this.#now()) return known.value;
    // Counted from before the read: what was read may already be as old as that.
    const until = this.#now() + this.#ttlMs;
    const value = await read();
    this.#entries.delete(key);
    if (value === null) return null;
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.clear();
    this.#entries.set(key, { value, until });
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
