import type { Place, Queue } from './contender.ts';

/** Loads one queue alone: a worker of one must not pay for the libraries of the others. */
export async function openQueue(place: Place): Promise<Queue> {
  if (place.queue === 'sqlite') return (await import('./sqlite-queue.ts')).openSqliteQueue(place);
  if (place.queue === 'graphile') return (await import('./graphile-queue.ts')).openGraphileQueue(place);
  return (await import('./bull-queue.ts')).openBullQueue(place);
}
