import type { Log } from './log.ts';

/** security.md R15: what is in flight is finished or handed back within this time. */
const STOP_WITHIN_MS = 10_000;

/**
 * Ends the process with 0 once `stop` has resolved, or with 1 where it fails or takes too long. A signal asks for it, or
 * the end of the program that started this one over a channel.
 */
export function stopOnSignal(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) return;
    stopping = true;
    log.info('stopping');
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    stop().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error('stopping failed', { err });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('disconnect', onSignal);
}
