import { isWfmError } from '@wfm/workflow-engine/errors';
import type { Connection } from './connection.ts';
import { storageUnavailable } from '../storage-errors.ts';
import { isBusy, toStorageError } from './errors.ts';

interface Write {
  work: () => unknown;
  /** Told to the watchers once the write is durable. */
  runId: string | undefined;
  since: number;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export interface WriteQueueOptions {
  /** Called after the commit, with each run that was written. */
  onCommit: (runIds: Iterable<string>) => void;
  /** How long a write waits for a busy file before it is `storage_unavailable`; architecture.md 4 says 5 s. */
  busyMs?: number;
}

/**
 * Lets concurrent writes share a transaction and hence a sync of the disk (architecture.md 4). Writes that arrive
 * within one turn of the event loop are committed together; each is resolved after the COMMIT. One that throws has
 * changed nothing, and its neighbours stand. `work` is synchronous and may run again when its first try was rolled back.
 */
export class WriteQueue {
  readonly #connection: Connection;
  readonly #onCommit: WriteQueueOptions['onCommit'];
  readonly #busyMs: number;
  #pending: Write[] = [];
  #flushing: Promise<void> | undefined;
  #closed = false;

  constructor(connection: Connection, options: WriteQueueOptions) {
    this.#connection = connection;
    this.#onCommit = options.onCommit;
    this.#busyMs = options.busyMs ?? 5000;
  }

  /** The result of `work` once it is durable. Rejects with what `work` threw, or `storage_unavailable`. */
  submit<T>(work: () => T, runId?: string): Promise<T> {
    if (this.#closed) return Promise.reject(storageUnavailable('The database is closed.'));
    if (this.#connection.readOnly)
      return Promise.reject(storageUnavailable('This program may only read the database.'));
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ work, runId, since: performance.now(), resolve: resolve as Write['resolve'], reject });
      this.#flushing ??= new Promise((done) => setImmediate(() => void this.#flush().finally(done)));
    });
  }

  /** Refuses new writes and waits for those under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0) {
      const writes = this.#pending;
      this.#pending = [];
      if (this.#commit(writes)) continue;
      this.#pending = this.#dropLate(writes).concat(this.#pending);
      // Jitter, so that processes that wait for each other do not come back in step.
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 24));
    }
    this.#flushing = undefined;
  }

  /** False when the file was busy and nothing was tried. */
  #commit(writes: Write[]): boolean {
    const outcomes: { write: Write; value?: unknown; error?: unknown; failed: boolean }[] = [];
    try {
      this.#rollback();
      this.#connection.run('BEGIN IMMEDIATE');
    } catch (error) {
      if (isBusy(error)) return false;
      this.#fail(writes, error);
      return true;
    }
    try {
      for (const write of writes) outcomes.push(this.#attempt(write, writes.length > 1));
      this.#connection.run('COMMIT');
    } catch (error) {
      this.#rollback();
      if (writes.length === 1) this.#fail(writes, error);
      // One write's fault is not its neighbours': each gets a transaction of its own.
      else for (const write of writes) if (!this.#commit([write])) this.#pending.push(write);
      return true;
    }
    this.#onCommit(
      new Set(outcomes.flatMap(({ write, failed }) => (write.runId === undefined || failed ? [] : [write.runId]))),
    );
    for (const { write, value, error, failed } of outcomes) {
      if (failed) write.reject(error);
      else write.resolve(value);
    }
    return true;
  }

  #attempt(write: Write, shared: boolean) {
    if (!shared) return { write, value: write.work(), failed: false };
    this.#connection.run('SAVEPOINT one');
    try {
      const value = write.work();
      this.#connection.run('RELEASE one');
      return { write, value, failed: false };
    } catch (error) {
      if (!isWfmError(error) || !this.#connection.inTransaction) throw error;
      this.#connection.run('ROLLBACK TO one');
      this.#connection.run('RELEASE one');
      return { write, error, failed: true };
    }
  }

  #rollback(): void {
    try {
      if (this.#connection.inTransaction) this.#connection.run('ROLLBACK');
    } catch {
      // A full or failing disk ends the transaction by itself; the error that led here is the one to report.
    }
  }

  #fail(writes: Write[], error: unknown): void {
    for (const write of writes) write.reject(toStorageError(error));
  }

  #dropLate(writes: Write[]): Write[] {
    const now = performance.now();
    const late = writes.filter((write) => now - write.since > this.#busyMs);
    for (const write of late) write.reject(storageUnavailable('The database is busy. Try again shortly.'));
    return writes.filter((write) => !late.includes(write));
  }
}
