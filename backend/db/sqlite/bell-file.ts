import { closeSync, existsSync, type FSWatcher, futimesSync, openSync, watch } from 'node:fs';

/**
 * A file beside the database whose touch tells other processes to look at once. It only saves them time: where it cannot
 * be made, or its touch is not told (a network's file system), they find out at their next look all the same.
 */
export class BellFile {
  readonly #path: string;
  #rings: number | undefined;
  #watcher: FSWatcher | undefined;

  constructor(databaseFile: string) {
    this.#path = `${databaseFile}-bell`;
  }

  /** Touches it; makes it where it is not there. */
  ring(): void {
    try {
      this.#rings ??= openSync(this.#path, 'a', 0o600);
      const now = Date.now() / 1000;
      futimesSync(this.#rings, now, now);
    } catch {
      // See above.
    }
  }

  /** Calls back after touches, also its own. */
  listen(onRing: () => void): void {
    try {
      if (!existsSync(this.#path)) this.ring();
      this.#watcher ??= watch(this.#path, { persistent: false }, onRing);
      this.#watcher.on('error', () => this.deafen());
    } catch {
      // See above.
    }
  }

  /** Ends `listen`. */
  deafen(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  close(): void {
    this.deafen();
    if (this.#rings !== undefined) closeSync(this.#rings);
    this.#rings = undefined;
  }
}
