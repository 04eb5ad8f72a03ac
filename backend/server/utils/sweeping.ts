import type { FastifyBaseLogger } from 'fastify';
import type { Collaborators } from '../api/collaborators.ts';

/** format.md 10.10.3 */
const SWEEP_MS = 5_000;

/** Takes up abandoned runs and removes expired uploads, now and every 5 s. Returns how to stop, which waits for a sweep under way. */
export function startSweeping(
  collaborators: Pick<Collaborators, 'processor' | 'database' | 'clock'>,
  log: FastifyBaseLogger,
): () => Promise<void> {
  const { processor, database, clock } = collaborators;
  const stop = new AbortController();
  const sweep = async (): Promise<void> => {
    try {
      const taken = await processor.sweep();
      if (taken > 0) log.info({ taken }, 'took up abandoned runs');
      await database.content.sweepUploads({ now: clock.now() });
    } catch (error) {
      log.error({ err: error }, 'sweep failed');
    }
  };
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await sweep();
      await clock.sleep(SWEEP_MS, stop.signal).catch(() => undefined);
    }
  };
  const done = loop();
  return async () => {
    stop.abort();
    await done;
  };
}
