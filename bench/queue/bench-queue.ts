import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../measure.ts';
import { type Place, type Queue, sharedNow } from './contender.ts';
import { hire } from './crew.ts';
import { openQueue } from './open-queue.ts';
import { startPostgres, startRedis } from './services.ts';
import { prepareSqliteQueue } from './sqlite-queue.ts';

/** Numbers of worker processes. */
const crews = [1, 4, 8] as const;
/** What a worker works on at once: the default of WFM_WORKER_SLOTS. */
const SLOTS = 8;
/** How many are enqueued at once. */
const IN_FLIGHT = 20;
const ROUNDS = 3;

/** What was measured of one queue, by figure. */
export type QueueFigures = Map<string, { value: number; unit: '/s' | 'ms' }>;

interface Contender {
  name: string;
  place: Place;
  queue: Queue;
  taken: Map<string, number[]>;
}

/**
 * SQLite's queue against graphile-worker and BullMQ, in one run, on one disk, with the same durability: whatever is
 * answered is on disk. They take turns, so that what the machine does besides falls on all of them alike. Peers that
 * are not installed are left out, and said to be.
 */
export async function benchQueue(folder: string, scale: number): Promise<Map<string, QueueFigures>> {
  const count = Math.max(200, Math.round(2000 * scale));
  const { contenders, close } = await assemble(folder);
  for (const contender of contenders) await warmUp(contender);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const workers of crews) {
      for (const contender of contenders) {
        keep(contender, 'enqueued, durable', (count / (await fill(contender.queue, count))) * 1000);
        const took = await drained(contender, workers);
        keep(contender, `worked off, ${workersOf(workers)}`, (count / took) * 1000);
      }
    }
  }
  for (const workers of crews) {
    for (const contender of contenders) {
      for (const waited of await waits(contender, workers, Math.max(20, Math.round(100 * scale))))
        keep(contender, waitName(workers), waited);
    }
  }
  await close();
  return new Map(contenders.map(({ name, taken }) => [name, figuresOf(taken)]));
}

const workersOf = (workers: number): string => (workers === 1 ? '1 worker' : `${workers} workers`);
const waitName = (workers: number): string => `from enqueuing to an idle worker's start, ${workersOf(workers)}`;

function figuresOf(taken: ReadonlyMap<string, number[]>): QueueFigures {
  const figures: QueueFigures = new Map();
  for (const [name, values] of taken) {
    if (!name.startsWith('from ')) {
      figures.set(name, { value: median(values), unit: '/s' });
      continue;
    }
    figures.set(`${name}, median`, { value: median(values), unit: 'ms' });
    const sorted = values.toSorted((a, b) => a - b);
    figures.set(`${name}, 95th percentile`, { value: sorted[Math.floor(sorted.length * 0.95)] ?? 0, unit: 'ms' });
  }
  return figures;
}

/** Ours, and those peers that there are. */
async function assemble(folder: string): Promise<{ contenders: Contender[]; close(): Promise<void> }> {
  const contenders: Contender[] = [];
  const enter = async (name: string, place: Place): Promise<void> => {
    try {
      contenders.push({ name, place, queue: await openQueue(place), taken: new Map() });
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
      console.log(`${name} is left out: its packages are not installed (npm ci).`);
    }
  };
  const dataDir = join(folder, 'sqlite');
  mkdirSync(dataDir, { recursive: true });
  await enter('SQLite', await prepareSqliteQueue(dataDir));
  const postgres = await startPostgres(join(folder, 'postgres'));
  if (postgres === null) console.log('graphile-worker is left out: no PostgreSQL (apt-get install postgresql).');
  else {
    const at = `postgres://bench@127.0.0.1:${postgres.port}/postgres`;
    await enter('graphile-worker', { queue: 'graphile', at });
    await enter('graphile-worker, batched', { queue: 'graphile', at, more: { batched: 'yes' } });
  }
  const redis = await startRedis(join(folder, 'redis'));
  if (redis === null) console.log('BullMQ is left out: no Redis (apt-get install redis-server).');
  else await enter('BullMQ', { queue: 'bullmq', at: `${redis.port}` });
  return {
    contenders,
    async close() {
      for (const { queue } of contenders) await queue.close();
      await postgres?.stop();
      await redis?.stop();
    },
  };
}

function keep({ taken }: Contender, name: string, value: number): void {
  taken.set(name, [...(taken.get(name) ?? []), value]);
}

/** The first tasks measure the compiler, and caches. */
async function warmUp(contender: Contender): Promise<void> {
  await fill(contender.queue, 200);
  await drained(contender, 1);
}

/** Enqueues so many, several at once; ms. */
async function fill(queue: Queue, count: number): Promise<number> {
  const since = sharedNow();
  let begun = 0;
  const one = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      await queue.enqueue(sharedNow());
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
  return sharedNow() - since;
}

/** From the workers' start until the queue is empty; ms. */
async function drained({ queue, place }: Contender, workers: number): Promise<number> {
  const crew = await hire(workers, { place, slots: SLOTS, tells: false });
  const since = sharedNow();
  const begun = crew.go();
  while ((await queue.left()) > 0) await sleep(10);
  const took = sharedNow() - since;
  await begun;
  await crew.stop();
  return took;
}

/** From just before a task is enqueued until an idle worker has begun it; ms, of each. */
async function waits({ queue, place }: Contender, workers: number, rounds: number): Promise<number[]> {
  const crew = await hire(workers, { place, slots: SLOTS, tells: true });
  await crew.go();
  const taken: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Out of step with whatever looks at intervals.
    await sleep(20 + Math.random() * 100);
    const waited = crew.nextWait();
    await queue.enqueue(sharedNow());
    taken.push(await waited);
  }
  while ((await queue.left()) > 0) await sleep(10);
  await crew.stop();
  return taken;
}
