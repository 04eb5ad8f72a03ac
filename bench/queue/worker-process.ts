import { type Place, sharedNow } from './contender.ts';
import { openQueue } from './open-queue.ts';

/**
 * One worker of a queue: `node worker-process.ts '<settings>'`. It says `ready`, begins at `go`, tells how long each task
 * waited where it is asked to, and ends at `stop`.
 */
export interface WorkerSettings {
  place: Place;
  slots: number;
  /** True where each task's wait is of interest, not how many there are. */
  tells: boolean;
}

const { place, slots, tells } = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
const queue = await openQueue(place);
process.on('message', (said) => {
  void (said === 'go' ? begin() : end());
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit(1));
process.send?.({ ready: true });

async function begin(): Promise<void> {
  await queue.work({
    slots,
    onBegin(sentAt) {
      if (tells) process.send?.({ waitedMs: sharedNow() - sentAt });
    },
  });
  process.send?.({ working: true });
}

async function end(): Promise<void> {
  await queue.close();
  process.exit(0);
}
