import { BellFile } from './bell-file.ts';
import type { Connection } from './connection.ts';

/** How often other processes' commits are looked for (architecture.md 3.2); one look costs about 10 µs. */
const pollMs = 50;

/**
 * Who wants to know of a run's changes. Own commits wake the run's watchers at once; a commit of another process wakes
 * all of them, since SQLite says only that something changed. The timer runs while somebody watches and keeps no
 * process alive.
 */
export class Watchers {
  readonly #connection: Connection;
  readonly #byRun = new Map<string, Set<() => void>>();
  readonly #bell: BellFile;
  #rings = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #version: unknown;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#bell = new BellFile(connection.file);
  }

  /** Calls back after changes of the run; the answer stops it. Callbacks must not throw. */
  watch(runId: string, onChange: () => void): () => void {
    const callbacks = this.#byRun.get(runId) ?? new Set();
    this.#byRun.set(runId, callbacks);
    // A wrapper of its own, so that watching twice with one function is two watches.
    const callback = () => onChange();
    callbacks.add(callback);
    this.#start();
    return () => {
      callbacks.delete(callback);
      if (callbacks.size > 0 || this.#byRun.get(runId) !== callbacks) return;
      this.#byRun.delete(runId);
      if (this.#byRun.size === 0) this.stop();
    };
  }

  /** Wakes the watchers of these runs. */
  wake(runIds: Iterable<string>): void {
    for (const runId of runIds) {
      for (const callback of this.#byRun.get(runId) ?? []) queueMicrotask(callback);
    }
  }

  /** Wakes them, and has other processes look at once; after commits that somebody there waits for. */
  call(runId: string): void {
    this.wake([runId]);
    if (this.#rings) return;
    this.#rings = true;
    // Commits of one turn are one call.
    setImmediate(() => {
      this.#rings = false;
      if (!this.#closed) this.#bell.ring();
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#bell.deafen();
  }

  close(): void {
    this.#closed = true;
    this.stop();
    this.#bell.close();
  }

  #start(): void {
    if (this.#timer) return;
    this.#version = this.#read();
    this.#timer = setInterval(() => this.#poll(), pollMs);
    this.#timer.unref();
    // A reader makes no file.
    if (!this.#connection.readOnly) this.#bell.listen(() => this.#poll());
  }

  #poll(): void {
    const version = this.#read();
    if (version === this.#version) return;
    this.#version = version;
    this.wake(this.#byRun.keys());
  }

  /** Undefined while the file cannot be read; the next look that succeeds then differs and wakes everybody. */
  #read(): unknown {
    try {
      return this.#connection.get('PRAGMA data_version')?.['data_version'];
    } catch {
      return undefined;
    }
  }
}
