import { WfmError } from '../errors/index.ts';

/**
 * Runs work that heeds a signal, and ends it after `ms`: the signal is aborted and `module_timeout` thrown, even when
 * the work does not stop by itself. An abort from outside is passed on with its reason.
 */
export async function withDeadline<T>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  outer.throwIfAborted();
  const controller = new AbortController();
  const failed = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    controller.abort(reason);
    failed.reject(reason);
  };
  const onAbort = (): void => end(outer.reason);
  const timer = setTimeout(
    () =>
      end(
        new WfmError('module_timeout', `The module did not finish within ${ms / 1000} s.`, {
          params: { limit_ms: ms },
        }),
      ),
    ms,
  );
  outer.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([Promise.resolve(work(controller.signal)), failed.promise]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', onAbort);
    // Nobody may be left to see it: the work has won.
    failed.promise.catch(() => undefined);
  }
}
