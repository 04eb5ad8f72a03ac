import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@wfm/workflow-engine/ports';

export { uuidIds } from '@wfm/workflow-engine/ports';

/**
 * The machine's clock. On Linux `hrtime` is CLOCK_MONOTONIC, the same for all processes, counted from the boot that
 * `boot_id` names. Elsewhere nothing names the boot, and each process counts as one of its own: a lease of another
 * process then looks dead, which costs a repeated effect and never a lost one.
 */
export function systemClock(): Clock {
  return {
    now: () => new Date(),
    monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
    bootId: readBootId(),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      try {
        await delay(ms, undefined, { signal });
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    },
  };
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return randomUUID();
  }
}
