import type { FastifyBaseLogger } from 'fastify';
import type { Collaborators } from '../api/collaborators.ts';
import { sweepMedia } from './media-sweep.ts';

/** format.md 10.10.3 */
const SWEEP_MS = 5_000;
/** Files that a deleted run left are in nobody's way; looking through all of them is work. */
const MEDIA_EVERY = 720;

/** Takes up abandoned runs and removes expired uploads, now and every 5 s; media of runs that are gone, every hour. Returns how to stop, which waits for a sweep under way. */
export function startSweeping(
  collaborators: Pick<Collaborators, 'processor' | 'database' | 'media' | 'clock'>,
  log: FastifyBaseLogger,
): () => Promise<void> {
  const { processor, database, media, clock } = collaborators;
  let round = 0;
  const stop = new AbortController();
  const sweep = async (): Promise<void> => {
    try {
      const taken = await processor.sweep();
      if (taken > 0) log.info({ taken }, 'took up abandoned runs');
      await database.content.sweepUploads({ now: clock.now() });
      if (round % MEDIA_EVERY === 0) {
        const swept = await sweepMedia({ files: media.files, database });
        if (swept.runs + swept.drafts > 0) log.info(swept, 'removed media of runs that are gone');
      }
      round += 1;
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
