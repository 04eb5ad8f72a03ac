/** Time from outside the engine, so that a test can hold it and a replay never reads it. */
export interface Clock {
  /** The wall clock. */
  now(): Date;
  /** Milliseconds that only grow, equal for all processes of one boot; leases and durations use nothing else. */
  monotonicMs(): number;
  /** Names the boot that `monotonicMs` counts from; a lease of another boot is dead. */
  readonly bootId: string;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Where ids come from. */
export interface Ids {
  /** A new UUIDv7. */
  uuid(): string;
}
