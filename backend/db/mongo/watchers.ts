import type { ChangeStream } from 'mongodb';
import type { MongoConnection } from './connection.ts';

/** How often the logs of watched runs are looked at where the server has no change streams (architecture.md 3.2). */
const pollMs = 250;

/** Of how many runs the newest entry is remembered, so that watching one that this process has just changed wakes nobody. */
const remembered = 10_000;

/**
 * Who wants to know of a run's changes. Own appends wake its watchers at once. Those of other processes come by a change
 * stream on the log, or, where the server has none, are looked for. Neither runs while nobody watches, and neither keeps
 * the process alive.
 */
export class Watchers {
  readonly #connection: MongoConnection;
  readonly #byRun = new Map<string, Set<() => void>>();
  /** The newest entry that watchers of a run know of, or were told of. */
  readonly #known = new Map<string, number>();
  #stream: ChangeStream | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Set when the server refuses a stream: a lone server has none. */
  #streamless = false;
  #looking = false;
  readonly #ofTasks = new Set<() => void>();
  #taskTimer: NodeJS.Timeout | undefined;
  /** The newest bell of a task that this process knows of. */
  #bell = '';

  constructor(connection: MongoConnection) {
    this.#connection = connection;
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

  /** Calls back when a task may have become claimable. */
  watchTasks(onChange: () => void): () => void {
    const callback = () => onChange();
    this.#ofTasks.add(callback);
    this.#taskTimer ??= setInterval(() => void this.#lookAtTasks(), pollMs).unref();
    return () => {
      this.#ofTasks.delete(callback);
      if (this.#ofTasks.size === 0) this.#stopTasks();
    };
  }

  /** Wakes the watchers of tasks. */
  rung(): void {
    for (const callback of this.#ofTasks) queueMicrotask(() => this.#ofTasks.has(callback) && callback());
  }

  /** Wakes the watchers of a run whose row has come to that entry, unless they know of it. */
  appended(runId: string, no: number): void {
    const known = this.#known.get(runId);
    if (known !== undefined && no <= known) return;
    this.#known.delete(runId);
    this.#known.set(runId, no);
    if (this.#known.size > remembered)
      for (const [oldest] of this.#known) {
        this.#known.delete(oldest);
        break;
      }
    for (const callback of this.#byRun.get(runId) ?? []) queueMicrotask(callback);
  }

  /** Stops looking, for runs and tasks. */
  close(): void {
    this.stop();
    this.#stopTasks();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.removeAllListeners();
    // Nobody waits for what a closed stream has to say.
    stream?.on('error', () => {});
    stream?.close().catch(() => {});
  }

  #start(): void {
    if (this.#stream || this.#timer) return;
    if (this.#streamless) this.#startPolling();
    else this.#startStream();
  }

  #startStream(): void {
    const stream = this.#connection
      .collection('runs')
      .watch([{ $match: { operationType: { $in: ['update', 'delete'] } } }], { fullDocument: 'default' });
    this.#stream = stream;
    stream.on('change', (change) => {
      if (change.operationType === 'delete') this.appended(change.documentKey._id, Number.MAX_SAFE_INTEGER);
      if (change.operationType !== 'update') return;
      const no: unknown = change.updateDescription.updatedFields?.no;
      if (typeof no === 'number') this.appended(change.documentKey._id, no);
    });
    // What was appended while it opened.
    stream.on('init', () => void this.#look());
    stream.on('error', () => {
      if (this.#stream !== stream) return;
      this.stop();
      this.#streamless = true;
      if (this.#byRun.size > 0) this.#startPolling();
    });
  }

  #startPolling(): void {
    this.#timer = setInterval(() => void this.#look(), pollMs);
    this.#timer.unref();
    void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const found = await this.#connection
        .collection('runs')
        .find({ _id: { $in: [...this.#byRun.keys()] } }, { projection: { no: 1 } })
        .toArray();
      // One that was not known is told of as well: nobody can say whether it is news to its watchers.
      for (const { _id, no } of found) this.appended(_id, no);
    } catch {
      // The server is away; the next look that succeeds tells.
    } finally {
      this.#looking = false;
    }
  }

  #stopTasks(): void {
    clearInterval(this.#taskTimer);
    this.#taskTimer = undefined;
  }

  async #lookAtTasks(): Promise<void> {
    try {
      const newest = await this.#connection
        .collection('tasks')
        .findOne({}, { sort: { bell: -1 }, projection: { bell: 1 } });
      if (!newest || newest.bell === this.#bell) return;
      this.#bell = newest.bell;
      this.rung();
    } catch {
      // The server is away; the next look that succeeds tells.
    }
  }
}
