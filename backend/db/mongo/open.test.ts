import { createTestClock, expectCode, sampleAppend, sampleRun, startSample } from '@wfm/workflow-engine/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { openDatabase } from '../database.ts';
import { mongoForTests } from '../testing/open-mongo-database.ts';
import { makeTestDir } from '../testing/open-test-database.ts';
import { ServerClock } from './lease-clock.ts';

const mongo = await mongoForTests();

describe.skipIf(mongo.missing !== '')(`opening MongoDB ${mongo.missing}`, () => {
  let dir: ReturnType<typeof makeTestDir>;
  let database: string;
  beforeEach(() => {
    dir = makeTestDir();
    database = mongo.newName();
  });
  afterEach(async () => {
    dir.remove();
    const connection = mongo.connect(database);
    await connection.drop();
    await connection.close();
  });
  const open = (role: 'owner' | 'follower' | 'reader', schemaWaitMs?: number) =>
    openDatabase({
      dataDir: dir.dataDir,
      mongo: { uri: mongo.uri, database },
      clock: systemClock(),
      role,
      schemaWaitMs,
    });

  test('R17 a follower waits for the schema, and gives up in time', async () => {
    await expectCode(open('follower', 150), 'schema_outdated');
    const waiting = open('follower', 10_000);
    const owner = await open('owner');
    const follower = await waiting;
    const { run } = await startSample(follower.runs);
    expect(await owner.runs.find({ runId: run.workflow_run_id })).toEqual(run);
    await Promise.all([owner.close(), follower.close()]);
  });

  test('R18 a reader never writes: every verb that would is refused', async () => {
    const reader = await open('reader');
    await expectCode(reader.check(), 'schema_outdated');
    const owner = await open('owner');
    const { runId, branchId, run } = await startSample(owner.runs);
    await reader.check();
    await expectCode(reader.runs.create(sampleRun()), 'storage_unavailable');
    await expectCode(reader.runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 })), 'storage_unavailable');
    await expectCode(reader.runs.claimLease({ runId, claim: { executor: 'e', ttlMs: 1 } }), 'storage_unavailable');
    await expectCode(reader.users.touchAccessKeys({ keyIds: ['k'], at: 'now' }), 'storage_unavailable');
    await expectCode(reader.tasks.sweep(), 'storage_unavailable');
    expect(await reader.runs.abandoned({ limit: 9 })).toEqual([runId]);
    expect((await reader.runs.list({ userId: 'user-1', limit: 9 })).items).toEqual([run]);
    expect(await reader.runs.readLine({ runId, branchId, afterSeq: -1 })).toHaveLength(1);
    await Promise.all([reader.close(), owner.close()]);
  });

  test('after close every verb says that the storage is not available; what was under way is finished', async () => {
    const owner = await open('owner');
    const started = startSample(owner.runs);
    await owner.close();
    const { runId } = await started.catch(() => ({ runId: '' }));
    await expectCode(owner.runs.find({ runId }), 'storage_unavailable');
    await expectCode(owner.check(), 'storage_unavailable');
  });

  test('a server that is not there is unavailable storage, and no password is told', async () => {
    const opening = openDatabase({
      dataDir: dir.dataDir,
      mongo: { uri: 'mongodb://u:hunter2@127.0.0.1:1/?directConnection=true&serverSelectionTimeoutMS=100', database },
      clock: systemClock(),
      role: 'owner',
    });
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'storage_unavailable', transient: true });
    expect((error as Error).message).not.toContain('hunter2');
  });

  test('10.10.1 machines whose clocks have nothing in common agree on a lease', async () => {
    const connection = mongo.connect(database);
    const [early, late] = [createTestClock(), createTestClock()];
    late.advance(86_400_000);
    const clocks = [new ServerClock(connection, early), new ServerClock(connection, late)];
    await Promise.all(clocks.map((clock) => clock.synchronise()));
    const [a = 0, b = 0] = clocks.map((clock) => clock.monotonicMs());
    expect(Math.abs(a - b)).toBeLessThan(1000);
    early.advance(500);
    expect((clocks[0]?.monotonicMs() ?? 0) - a).toBe(500);
    await connection.close();
  });
});
