import type { Database } from '@wfm/workflow-engine/ports';
import { createTestClock, sampleAppend, sampleFork, sampleRun, sampleTask } from '@wfm/workflow-engine/testing';
import type { Document } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { mongoForTests } from '../testing/open-mongo-database.ts';
import { makeMortal } from '../testing/mortal-connection.ts';
import { migrateMongo } from './migrate.ts';
import { mongoMigrations } from './migrations.ts';
import { mongoDatabase } from './mongo-database.ts';

const mongo = await mongoForTests();
const call = {
  call_id: 'c',
  workflow_run_id: 'r',
  branch_id: 'b',
  step_id: 's',
  module_name: 'm',
  kind: 'llm',
  provider: 'p',
  target: 't',
  request: {},
  reply: null,
  error: null,
  usage: null,
  mock: false,
  duration_ms: 1,
  created_at: '2026-01-01T00:00:00.000Z',
} as const;

/** Two runs that share a name, as they live: every kind of entry that a log can hold. */
async function live({ runs }: Database, ids: { first: string; second: string }): Promise<void> {
  const claim = { executor: 'e', ttlMs: 10_000 };
  const start = sampleRun(
    { workflow_run_id: ids.first, project_name: 'n' },
    { claim, idempotencyKey: 'k', calls: [call] },
  );
  const place = { runId: ids.first, branchId: start.branch_id };
  const values = [{ sha256: 'aa', json: '1' }];
  await runs.create({ ...start, values, tasks: [sampleTask(place)] });
  const ended = { status: 'completed', active_name: 'release' } as const;
  await runs.append(
    sampleAppend({ ...place, expectedSeq: 0 }, 2, { fence: 1, release: true, calls: [call, call], projection: ended }),
  );
  const again = { projection: { status: 'processing', active_name: 'take' } as const, tasks: [sampleTask(place)] };
  await runs.append(sampleAppend({ ...place, expectedSeq: 2 }, 1, again));
  await runs.append(sampleFork({ runId: ids.first, parentId: start.branch_id, forkSeq: 1 }, 2));
  await runs.claimLease({ runId: ids.first, claim });
  await runs.create(sampleRun({ workflow_run_id: ids.second, project_name: 'n' }, { forceNew: true }));
  await runs.rename({ runId: ids.second, projectName: 'm' });
  await runs.delete({ runId: ids.first });
}

describe.skipIf(mongo.missing !== '')(`crashes on MongoDB ${mongo.missing}`, () => {
  const ids = { first: 'run-1', second: 'run-2' };
  const open = (name: string, clock: ReturnType<typeof createTestClock>) => {
    const connection = mongo.connect(name);
    const options = { clock, leases: clock, credentialsSecret: () => '', startPatienceMs: 20 };
    return { connection, database: mongoDatabase(connection, options) };
  };

  /** Lives until the n-th write, then lets another process look at what is left. The number of writes, if it lived. */
  async function dieAt(n: number, when: 'before' | 'after'): Promise<number> {
    const name = mongo.newName();
    const clock = createTestClock();
    const heir = open(name, clock);
    await migrateMongo(heir.connection, mongoMigrations, () => clock.now());
    const victim = open(name, clock);
    const state = makeMortal(victim.connection, n, when);
    await live(victim.database, ids).catch((error: unknown) => {
      if (!state.dead) throw error;
    });
    clock.advance(60_000);
    try {
      await checkLeft(heir);
    } catch (cause) {
      throw new Error(`killed ${when} write ${n}`, { cause });
    } finally {
      await heir.connection.drop();
      await Promise.all([heir.database.close(), victim.database.close()]);
    }
    return state.dead ? 0 : state.count;
  }

  test('R1 killed at any write, the row says what the log says, names have one holder, and nothing is left of a deleted run', async () => {
    const count = await dieAt(0, 'before');
    expect(count).toBeGreaterThan(40);
    for (let n = 1; n <= count; n += 1) for (const when of ['before', 'after'] as const) await dieAt(n, when);
  }, 240_000);

  async function checkLeft({ connection, database }: ReturnType<typeof open>): Promise<void> {
    const { runs } = database;
    await runs.abandoned({ limit: 9 });
    for (const runId of Object.values(ids)) {
      const row = await runs.find({ runId });
      if (!row) continue;
      const line = await runs.readLine({ runId, branchId: row.current_branch_id, afterSeq: -1 });
      expect(line.map(({ seq }) => seq)).toEqual(Array.from({ length: row.last_seq + 1 }, (_, seq) => seq));
      expect((await runs.branches({ runId })).map(({ branch_id }) => branch_id)).toContain(row.current_branch_id);
      if (runId !== ids.first) continue;
      // By what it has appended: one call and one task came with the start, two calls with seq 2, a task with seq 3.
      const appended = (await runs.branches({ runId })).find(({ kind }) => kind === 'first')?.last_seq ?? 0;
      expect((await database.calls.list({ runId, limit: 9 })).items).toHaveLength(appended >= 2 ? 3 : 1);
      expect(await database.tasks.listOfRun({ runId })).toHaveLength(appended >= 3 ? 2 : 1);
      expect(await database.content.getValue({ runId, sha256: 'aa' })).toBe('1');
    }
    for (const name of ['n', 'm']) {
      const taken = await runs.create(sampleRun({ project_name: name }));
      const holders = (await runs.list({ userId: 'user-1', limit: 9 })).items.filter((row) => row.active_name === name);
      expect(holders.map((row) => row.workflow_run_id)).toEqual([taken.run.workflow_run_id]);
    }
    for (const runId of Object.values(ids)) {
      const known = (await runs.find({ runId })) !== null;
      if (known) await runs.delete({ runId });
      for (const collection of ['branches', 'checkpoints', 'calls', 'files', 'tasks', 'names', 'batches'] as const) {
        const left = await connection.raw(collection).find({ run_id: runId }).toArray();
        // A run that never came about may leave the entry that closed its start, and its key until somebody wants that.
        const harmless = (doc: Document) => doc['count'] === 0 || (collection === 'names' && !known);
        expect({ collection, left: left.filter((doc) => !harmless(doc)) }).toEqual({ collection, left: [] });
      }
    }
  }
});
