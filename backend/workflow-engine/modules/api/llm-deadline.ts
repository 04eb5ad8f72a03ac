import { WfmError } from '../../errors/index.ts';

export interface Deadline {
  /** Aborted when the time is over or the given signal is aborted. */
  readonly signal: AbortSignal;
  /** A sign of life: the idle time starts anew. */
  touch(): void;
  /** The `llm_timeout` that ended it, if one did. */
  expired(): WfmError | undefined;
  stop(): void;
}

/**
 * Two limits at once (format.md 14.2): time without a sign of life, and time in all. Either ends in `llm_timeout`,
 * which is not transient: a call that has cost ten minutes is not repeated unasked.
 *
 * @param limit milliseconds
 */
export function startDeadline(outer: AbortSignal, limit: { idleMs: number; totalMs: number }): Deadline {
  const controller = new AbortController();
  let error: WfmError | undefined;
  const expire = (kind: 'idle' | 'total', ms: number) => {
    const seconds = Math.round(ms / 1000);
    const what = kind === 'idle' ? `sent nothing for ${seconds} seconds` : `took more than ${seconds} seconds in all`;
    error ??= new WfmError('llm_timeout', `The language model ${what}.`, { params: { kind, seconds } });
    controller.abort(error);
  };
  const total = setTimeout(() => expire('total', limit.totalMs), limit.totalMs);
  let idle = setTimeout(() => expire('idle', limit.idleMs), limit.idleMs);
  const cancel = () => controller.abort(outer.reason);
  if (outer.aborted) cancel();
  else outer.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    touch() {
      clearTimeout(idle);
      idle = setTimeout(() => expire('idle', limit.idleMs), limit.idleMs);
    },
    expired: () => error,
    stop() {
      clearTimeout(total);
      clearTimeout(idle);
      outer.removeEventListener('abort', cancel);
    },
  };
}

/** The promise, or a rejection with the signal's reason as soon as it is aborted: for work that may ignore its signal. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
