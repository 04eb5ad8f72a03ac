/**
 * A queue to be measured. Each is given the same: tasks with a small payload, durable before `enqueue` answers; workers
 * in processes of their own, which claim a task, do nothing, and keep that it is done.
 */
export interface Queue {
  /** Resolves once the task is on disk. `sentAt` is on the clock that all processes of a machine share. */
  enqueue(sentAt: number): Promise<void>;
  /** Begins to work on what is there and what comes, `slots` tasks at once; `onBegin` hears of each as it starts. */
  work(options: { slots: number; onBegin: (sentAt: number) => void }): Promise<void>;
  /** How many tasks are not done yet, by what is on disk. */
  left(): Promise<number>;
  close(): Promise<void>;
}

/** Where a queue lies, as one process tells it to another. */
export interface Place {
  queue: 'sqlite' | 'graphile' | 'bullmq';
  /** A folder, a connection string or a port. */
  at: string;
  /** What the queue needs to know besides. */
  more?: Record<string, string>;
}

/** Milliseconds on the machine's monotonic clock, the same in every process. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** A package that need not be installed. Named here alone, or a build without it would fail for its types. */
export function importPeer(name: 'graphile-worker' | 'pg' | 'bullmq'): Promise<unknown> {
  const path: string = name;
  return import(path);
}
