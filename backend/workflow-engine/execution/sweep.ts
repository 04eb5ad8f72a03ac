import type { LeaseClaim, RunStore } from '../ports/run-store.ts';
import type { Setbacks } from './setbacks.ts';

/** Runs that one sweep takes up at most. */
const TAKEN = 20;

export interface SweepDeps {
  runs: RunStore;
  setbacks: Setbacks;
  claim: LeaseClaim;
  onFault: ((error: unknown, runId: string) => void) | undefined;
  /** True for a run that this process executes. */
  executes(runId: string): boolean;
  /** Begins to execute a run whose lease was taken. */
  takeUp(runId: string, fence: number): Promise<void>;
}

/**
 * Takes up runs that nobody executes, oldest first (format.md 10.10.3); how many. One that keeps failing here is left
 * alone for longer and longer, and keeps no other waiting.
 */
export async function sweepRuns(deps: SweepDeps): Promise<number> {
  const { runs, setbacks, claim } = deps;
  let taken = 0;
  for (const runId of await runs.abandoned({ limit: TAKEN + setbacks.size })) {
    if (taken === TAKEN) break;
    if (deps.executes(runId) || setbacks.holds(runId)) continue;
    const lease = await runs.claimLease({ runId, claim });
    if (!lease) continue;
    taken += 1;
    try {
      await deps.takeUp(runId, lease.fence);
    } catch (error) {
      setbacks.note(runId);
      deps.onFault?.(error, runId);
      await runs.releaseLease({ runId, fence: lease.fence });
    }
  }
  return taken;
}
