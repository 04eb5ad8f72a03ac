import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { runs, sampleTask, startSample } from '@wfm/workflow-engine/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { startProcess } from '../testing/start-process.ts';
import { Connection, type SqlRow } from './connection.ts';
import { countAhead, firstClaimable } from './task-claim.ts';
import { findTask } from './task-rows.ts';
import { deadTasks, unreportedTasks, unsettledTasks } from './tasks.ts';

/** What only a file shared by several processes, or its query planner, can show. */

let setup: Awaited<ReturnType<typeof openTestDatabase>>;
beforeEach(async () => {
  setup = await openTestDatabase();
});
afterEach(() => setup.close());

const enqueue = async (count: number) => {
  const { tasks, runs: store } = setup.database;
  const place = await startSample(store);
  const rows = Array.from({ length: count }, () => sampleTask(place, { priority: randomInt(3) }));
  return Promise.all(rows.map((row) => tasks.enqueue(row)));
};

test('R4 eight processes on one file never hold more than the limit at once, and do each task once', async () => {
  for (let seed = 0; seed < runs(2, 20); seed += 1) {
    const count = runs(60, 500);
    await enqueue(count);
    const workers = Array.from({ length: 8 }, () => startProcess('workOff', setup.dataDir, 3));
    const said = (await Promise.all(workers.map(({ ended }) => ended))).flat();
    const held = said.map((line) => JSON.parse(line) as [string, number, number]);
    expect(new Set(held.map(([taskId]) => taskId)).size).toBe(count);
    expect(held).toHaveLength(count);
    expect(mostAtOnce(held)).toBeLessThanOrEqual(3);
  }
}, 600_000);

test('15.1 eight processes on one file never start more within a minute than the limit', async () => {
  const perMinute = 10;
  await enqueue(60);
  const workers = Array.from({ length: 8 }, () => startProcess('claimMany', setup.dataDir, perMinute, 40));
  const said = (await Promise.all(workers.map(({ ended }) => ended))).flat();
  const starts = said.map(Number).toSorted((a, b) => a - b);
  expect(starts.length).toBeGreaterThanOrEqual(perMinute);
  // Told a moment after the claim, hence the tolerance; all of it is done long before a minute has passed.
  const tooEarly = starts.filter((at, index) => at - (starts[index - perMinute] ?? -Infinity) < 59_000);
  expect(tooEarly).toEqual([]);
}, 120_000);

test('R4 a claim that was asked for twice at once in one process takes two tasks', async () => {
  const rows = await enqueue(2);
  const claim = () => setup.database.tasks.claim({ worker: 'w', leaseMs: 1000, limits: {} });
  const won = await Promise.all([claim(), claim(), claim()]);
  const ids = won.flatMap((row) => (row ? [row.task_id] : []));
  expect(ids.sort()).toEqual(rows.map((row) => row.task_id).sort());
});

test('no look of a worker grows with the number of tasks: each goes by an index of live ones', async () => {
  const [row] = await enqueue(1);
  const connection = new ExplainingConnection(join(setup.dataDir, 'wfm.sqlite'), { readOnly: true });
  const task = findTask(connection, row?.task_id ?? '');
  connection.plans.length = 0;
  const { clock } = setup;
  const params = { worker: 'w', leaseMs: 1, limits: { acme: { atOnce: 1, perMinute: 1 } } };
  firstClaimable(connection, clock, params);
  firstClaimable(connection, clock, { ...params, limits: { acme: { atOnce: 0, perMinute: 0 } } });
  deadTasks(connection, clock);
  unreportedTasks(connection, 10);
  unsettledTasks(connection, 10);
  if (task) countAhead(connection, task);
  connection.close();
  const ofTasks = connection.plans.filter((plan) => /^(SCAN|SEARCH) (t|tasks|task_starts)\b/.test(plan));
  expect(ofTasks.length).toBeGreaterThanOrEqual(10);
  // Each of these indexes holds live tasks alone, so that reading one whole is no growing work either.
  const live =
    /^(SCAN|SEARCH) \w+ USING (COVERING )?INDEX (tasks_(queued|holding|leased|unreported|unsettled)|task_starts_of_provider)\b/;
  expect(ofTasks.filter((plan) => !live.test(plan))).toEqual([]);
  expect(connection.plans.join('\n')).toContain('tasks_holding');
});

class ExplainingConnection extends Connection {
  readonly plans: string[] = [];

  override all<T = SqlRow>(...args: Parameters<Connection['all']>): T[] {
    this.#explain(...args);
    return super.all<T>(...args);
  }

  override get<T = SqlRow>(...args: Parameters<Connection['get']>): T | undefined {
    this.#explain(...args);
    return super.get<T>(...args);
  }

  #explain(...[sql, ...values]: Parameters<Connection['all']>): void {
    const steps = super.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
    this.plans.push(...steps.map(({ detail }) => detail));
  }
}

function mostAtOnce(held: [string, number, number][]): number {
  const edges = held.flatMap(([, from, to]) => [
    { at: from, step: 1 },
    { at: to, step: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at || a.step - b.step);
  let now = 0;
  let most = 0;
  for (const { step } of edges) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}
