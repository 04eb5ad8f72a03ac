import { startSample } from '@wfm/workflow-engine/testing';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { Connection, type SqlRow } from './connection.ts';
import { abandonedRuns } from './run-lease.ts';
import { readLine } from './run-lines.ts';
import { listRuns } from './run-list.ts';

/** Remembers the plan of every statement that a read runs. */
class ExplainingConnection extends Connection {
  readonly plans: string[] = [];

  override all<T = SqlRow>(...args: Parameters<Connection['all']>): T[] {
    this.#explain(args[0]);
    return super.all<T>(...args);
  }

  override get<T = SqlRow>(...args: Parameters<Connection['get']>): T | undefined {
    this.#explain(args[0]);
    return super.get<T>(...args);
  }

  override iterate<T = SqlRow>(...args: Parameters<Connection['iterate']>): Iterable<T> {
    this.#explain(args[0]);
    return super.iterate<T>(...args);
  }

  #explain(sql: string): void {
    const values = Array.from({ length: (sql.match(/\?/g) ?? []).length }, () => null);
    const distinct = new Set(sql.match(/\?\d*/g) ?? []);
    const bound = sql.includes('?1') ? Array.from(distinct, () => null) : values;
    for (const { detail } of super.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...bound))
      this.plans.push(detail);
  }
}

test('law 6: reads go by index, so that nothing per request grows with history', async () => {
  const { database, clock, dataDir, close } = await openTestDatabase();
  const { runId, branchId } = await startSample(database.runs);
  const connection = new ExplainingConnection(join(dataDir, 'wfm.sqlite'), { readOnly: true });
  const cursor = (await database.runs.list({ userId: 'user-1', limit: 1 })).next_cursor ?? undefined;
  readLine(connection, { runId, branchId, afterSeq: 0 });
  listRuns(connection, { userId: 'user-1', limit: 10, cursor });
  listRuns(connection, { userId: 'user-1', limit: 10, waiting: true });
  abandonedRuns(connection, clock, 10);
  // The index of runs in processing holds those alone, so that reading all of it is the point.
  expect(connection.plans.filter((plan) => plan.startsWith('SCAN') && !plan.includes('runs_processing'))).toEqual([]);
  const joined = connection.plans.join('\n');
  for (const part of [
    'batches USING INTEGER PRIMARY KEY',
    'INDEX runs_recent',
    'INDEX runs_waiting',
    'INDEX runs_processing',
  ]) {
    expect(joined).toContain(part);
  }
  connection.close();
  await close();
});
