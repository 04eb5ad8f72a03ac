import { type Collection, MongoClient, ReadConcern, WriteConcern } from 'mongodb';
import { storageUnavailable } from '../storage-errors.ts';
import { type CollectionOf, collectionsOf } from './collections.ts';
import { readOnlyError, toStorageError } from './errors.ts';

/** How long a verb waits for a server that is away, as during a change of primary; then `storage_unavailable`. */
const selectionMs = 5_000;
/** How long a write waits for its majority. */
const majorityMs = 10_000;

/**
 * One client and its database. Majorities are asked for explicitly: what was acknowledged survives the loss of the
 * primary, and what was read is never taken back (security.md 4). Connects with the first verb.
 */
export class MongoConnection {
  readonly client: MongoClient;
  readonly readOnly: boolean;
  readonly collection: CollectionOf;
  readonly #database: string;
  #closed = false;
  readonly #working = new Set<Promise<unknown>>();

  constructor(options: { uri: string; database: string; readOnly: boolean }) {
    this.readOnly = options.readOnly;
    this.client = new MongoClient(options.uri, {
      appName: 'wfm',
      ignoreUndefined: true,
      serverSelectionTimeoutMS: selectionMs,
      writeConcern: new WriteConcern('majority', majorityMs, true),
      readConcern: new ReadConcern('majority'),
      readPreference: 'primary',
      retryWrites: true,
      retryReads: true,
    });
    this.#database = options.database;
    this.collection = collectionsOf(this.client.db(options.database));
  }

  /** A collection whose documents are not looked into by type. */
  raw(name: string): Collection {
    return this.client.db(this.#database).collection(name);
  }

  /** The primary's wall clock. */
  async serverTime(): Promise<Date> {
    const answer = await this.client.db('admin').command({ isMaster: 1 });
    const time: unknown = answer['localTime'];
    return time instanceof Date ? time : new Date();
  }

  /** Runs a read and turns the driver's faults into ours. */
  read<T>(work: () => Promise<T>): Promise<T> {
    return this.#track(work);
  }

  /** Runs what writes; refused by a handle that only reads. */
  write<T>(work: () => Promise<T>): Promise<T> {
    if (this.readOnly) return Promise.reject(readOnlyError());
    return this.#track(work);
  }

  /** Removes the whole database; for tests. */
  async drop(): Promise<void> {
    await this.client.db(this.#database).dropDatabase();
  }

  /** What is under way is finished first. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#working);
    await this.client.close();
  }

  async #track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw storageUnavailable('The database is closed.');
    const running = work();
    this.#working.add(running);
    try {
      return await running;
    } catch (error) {
      throw toStorageError(error);
    } finally {
      this.#working.delete(running);
    }
  }
}
