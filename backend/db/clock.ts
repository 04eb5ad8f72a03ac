import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
    // Not the promise of node:timers: that makes an error with a stack for every sleep that is cut short, and most are.
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', wake);
          resolve();
        }, ms);
        const wake = (): void => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', wake, { once: true });
      }),
  };
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return randomUUID();
  }
}
