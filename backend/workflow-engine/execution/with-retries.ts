import type { Clock } from '../ports/clock.ts';
import { isTransient } from './workflow-context.ts';

/** Waits before the second and the third try of a transient failure (format.md 10.3.6). */
const RETRY_WAITS_MS = [1_000, 4_000];
const LONGEST_WAIT_MS = 30_000;

/** How often one execution tries what fails in passing. */
export const TRIES_PER_EXECUTION = RETRY_WAITS_MS.length + 1;

/**
 * Tries work again up to twice after transient faults, in the same execution and with the same idempotency key
 * (format.md 10.3.6); a vendor's `retry_after` is kept up to 30 s. Throws the last fault.
 */
export async function withRetries<T>(clock: Clock, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (const wait of RETRY_WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || signal.aborted) throw error;
      const asked =
        error instanceof Error && 'retryAfterMs' in error ? (error.retryAfterMs as number | undefined) : undefined;
      if (asked !== undefined && asked > LONGEST_WAIT_MS) throw error;
      await clock.sleep(asked ?? wait, signal);
    }
  }
  return work();
}
