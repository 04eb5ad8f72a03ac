/** How long things take, in ms; tests shorten them. */
export interface Timings {
  /** Life of a task's lease without a heartbeat. */
  leaseMs: number;
  heartbeatMs: number;
  /** Between two looks for dead leases, abandoned runs, and ended tasks that nobody has told of. */
  sweepMs: number;
  /** Between two looks for a task when nothing rings: a delayed one becomes due without a sound. */
  idleMs: number;
  /** Progress is stored at most once in this time. */
  progressMs: number;
  /** How long a stopping worker lets work finish before it hands it back. */
  drainMs: number;
}

/** format.md 21 and security.md R15. */
export const defaultTimings: Timings = {
  leaseMs: 30_000,
  heartbeatMs: 10_000,
  sweepMs: 5_000,
  idleMs: 500,
  progressMs: 500,
  drainMs: 6_000,
};
