import { runs } from '@wfm/workflow-engine/testing';
import { afterEach, expect, test } from 'vitest';
import { type FakeVendor, startFakeVendor } from './testing/fake-vendor.ts';
import { POISON } from './testing/http-provider.ts';
import { startTrial, type Trial, type WorkerProcess } from './testing/trial.ts';

/** Worker processes that are killed, stopped and told to go, on one real file, against a vendor with a journal. */

/** Machines that build are slow at times. */
const patience = { timeout: 60_000 };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let trial: Trial;
let vendor: FakeVendor;
const begin = async (options: Parameters<typeof startFakeVendor>[0] = {}) => {
  vendor = await startFakeVendor(options);
  trial = await startTrial(vendor);
};
afterEach(async () => {
  await trial.close();
  await vendor.close();
});

test('R2 workers that are killed one after another lose no task, and no task is done twice', async () => {
  // Long enough, and few enough at once, that many a worker dies before the end.
  await begin({ jobMs: () => 200 + Math.random() * 600 });
  const start = () => trial.start({ atOnce: 20 });
  const tasks = await trial.order(runs(100, 1000));
  const everyMs = runs(300, 2000);
  const workers: WorkerProcess[] = Array.from({ length: 4 }, start);
  await Promise.all(workers.map(({ working }) => working));
  const killing = { done: false };
  const killer = (async () => {
    let kills = 0;
    while (!killing.done) {
      await sleep(everyMs);
      const index = Math.floor(Math.random() * workers.length);
      workers[index]?.child.kill('SIGKILL');
      workers[index] = start();
      kills += 1;
      // A slow machine would otherwise kill workers faster than it starts them.
      await workers[index].working;
    }
    return kills;
  })();
  await trial.allEnded(runs(60_000, 600_000));
  killing.done = true;
  expect(await killer).toBeGreaterThan(0);
  const rows = await trial.rows(tasks);
  expect(rows.filter(({ status }) => status !== 'succeeded').map(({ error }) => error)).toEqual([]);
  const jobs = new Set(vendor.created.map(({ key }) => key));
  expect(jobs.size).toBe(tasks.length);
  expect((vendor.created.length + vendor.repeated) / tasks.length).toBeLessThanOrEqual(1.3);
  for (const row of rows) {
    const record = await trial.database.media.find({ metadataId: String(row.payload['metadata_id']) });
    expect(record).toMatchObject({ generation: { status: 'completed' }, contents: [{ mime: 'image/png' }] });
    const job = vendor.created.find(({ key }) => key === row.idempotency_key);
    expect(record?.generation.vendor_job_id).toBe(job?.jobId);
  }
}, 900_000);

test('R3 a worker that was stopped past its lease and goes on changes no row', async () => {
  await begin({ jobMs: () => 0 });
  const [first, second] = [trial.start({ slots: 1 }), trial.start({ slots: 1 })];
  await Promise.all([first.working, second.working]);
  for (let round = 0; round < runs(20, 200); round += 1) {
    await trial.stop(second);
    vendor.hold();
    const [task] = await trial.order(1);
    await expect.poll(() => vendor.created.length, patience).toBe(round + 1);
    await trial.stop(first);
    second.child.kill('SIGCONT');
    await trial.allEnded(60_000);
    const row = async () => (await trial.rows([task!]))[0];
    await expect.poll(async () => (await row())?.reported, patience).toBe(true);
    expect(await row()).toMatchObject({ status: 'succeeded' });
    expect((await row())?.fence).toBeGreaterThanOrEqual(2);
    const before = trial.dump();
    const said = first.lines.length;
    vendor.release();
    first.child.kill('SIGCONT');
    await expect.poll(() => first.lines.slice(said).join(), patience).toContain('no longer held');
    const { calls, ...after } = trial.dump();
    expect({ ...after, calls: calls?.slice(0, before['calls']?.length) }).toEqual(before);
    // That it asked the vendor is told, as of every call; nothing else is new.
    expect((calls?.length ?? 0) - (before['calls']?.length ?? 0)).toBe(1);
  }
}, 900_000);

test('R4 eight workers at a limit of three never have a fourth job at the vendor', async () => {
  for (let seed = 0; seed < runs(1, 20); seed += 1) {
    await begin({ jobMs: () => 5 + Math.random() * 40 });
    const tasks = await trial.order(runs(60, 500));
    vendor.hold();
    for (let count = 0; count < 8; count += 1) trial.start({ atOnce: 3, slots: 2 });
    // The limit is reached, however slow the machine is.
    await expect.poll(() => vendor.created.length, patience).toBe(3);
    vendor.release();
    await trial.allEnded(runs(60_000, 300_000));
    expect(Math.max(...vendor.created.map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(3);
    expect(vendor.created).toHaveLength(tasks.length);
    if (seed + 1 < runs(1, 20)) {
      await trial.close();
      await vendor.close();
    }
  }
}, 900_000);

test('R5 a task that kills its worker is given up after three; all others are done', async () => {
  await begin();
  const [poison] = await trial.order(1, { prompt: POISON });
  const others = await trial.order(10);
  const stop = { done: false };
  const supervisor = (async () => {
    let deaths = 0;
    while (!stop.done) {
      const worker = trial.start({ slots: 1 });
      const ended = await Promise.race([worker.ended, trial.allEnded(60_000).then(() => null)]);
      if (ended === 'SIGKILL') deaths += 1;
      else stop.done = true;
    }
    return deaths;
  })();
  expect(await supervisor).toBeLessThanOrEqual(3);
  expect(await trial.rows([poison!])).toMatchObject([{ status: 'failed', error: { code: 'worker_lost' } }]);
  for (const row of await trial.rows(others)) expect(row.status).toBe('succeeded');
  const metadataId = String(poison?.payload['metadata_id']);
  const status = async () => (await trial.database.media.find({ metadataId }))?.generation.status;
  await expect.poll(status, patience).toBe('failed');
}, 120_000);

test('R15 told to stop under load, a worker hands its work back, leaves nothing leased and exits with 0', async () => {
  await begin({ jobMs: () => 0 });
  const tasks = await trial.order(40);
  const worker = trial.start({ slots: 4, timings: { ...quickDrain } });
  await expect.poll(() => vendor.created.length, patience).toBeGreaterThan(5);
  vendor.hold();
  await sleep(100);
  const asked = vendor.created.length;
  worker.child.kill('SIGTERM');
  // The vendor answers nothing meanwhile: it can only go because it has handed its work back.
  expect(await worker.ended).toBe(0);
  expect(vendor.created.length).toBeLessThanOrEqual(asked + 4);
  const left = await trial.rows(tasks);
  expect(left.filter(({ status }) => status === 'leased')).toEqual([]);
  expect(left.some(({ status }) => status === 'queued')).toBe(true);
  vendor.release();
  trial.start();
  await trial.allEnded(60_000);
  for (const row of await trial.rows(tasks)) expect(row).toMatchObject({ status: 'succeeded', attempts: 1 });
  expect(new Set(vendor.created.map(({ key }) => key)).size).toBe(tasks.length);
}, 120_000);

test('21 killed between the start and the first look: one order in the vendor’s journal', async () => {
  await begin({ idempotent: false, jobMs: () => 300 });
  vendor.failPolls = true;
  const [task] = await trial.order(1);
  const first = trial.start({ mayRepeat: false });
  await expect.poll(() => vendor.polled, patience).toBeGreaterThan(0);
  first.child.kill('SIGKILL');
  await first.ended;
  vendor.failPolls = false;
  trial.start({ mayRepeat: false });
  await trial.allEnded(60_000);
  expect(await trial.rows([task!])).toMatchObject([{ status: 'succeeded', attempts: 1 }]);
  expect(vendor.created).toHaveLength(1);
}, 120_000);

test('law 7 twelve people at once: each order was placed with its owner’s key', async () => {
  await begin();
  const userOf = (index: number) => `user-${index % 12}`;
  for (let index = 0; index < 12; index += 1) {
    const userId = userOf(index);
    const apiKey = `sk-own-key-of-${userId}`;
    await trial.database.credentials.put({ userId, provider: 'acme', apiKey, now: new Date() });
  }
  await trial.order(60, { prompt: '', userId: userOf });
  for (let count = 0; count < 3; count += 1) trial.start();
  await trial.allEnded(60_000);
  expect(vendor.created).toHaveLength(60);
  for (const { prompt, authorization } of vendor.created) expect(authorization).toBe(`Bearer sk-own-key-of-${prompt}`);
}, 120_000);

const quickDrain = { leaseMs: 2000, heartbeatMs: 500, sweepMs: 500, idleMs: 20, progressMs: 100, drainMs: 500 };
