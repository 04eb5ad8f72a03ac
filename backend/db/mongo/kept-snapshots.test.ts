import { gzipSync } from 'node:zlib';
import { createTestClock, expectCode } from '@wfm/workflow-engine/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mongoForTests } from '../testing/open-mongo-database.ts';
import { createSnapshotSeal } from '../virtual/snapshot-seal.ts';
import { keepSnapshots } from './kept-snapshots.ts';

const mongo = await mongoForTests();
const hourMs = 60 * 60_000;
const gzip = gzipSync('{"snapshot":1}');
const ada = { userId: 'ada', runId: 'run-1' };
const seal = createSnapshotSeal(['a secret for tests, of some length']);

describe.skipIf(mongo.missing !== '')(`22 snapshots that the server keeps ${mongo.missing}`, () => {
  let database: string;
  let clock: ReturnType<typeof createTestClock>;
  const opened: { close(): Promise<void> }[] = [];
  const keep = async () => {
    const kept = await keepSnapshots({ uri: mongo.uri.replace(/\/?(\?|$)/, `/${database}$1`), seal, clock });
    opened.push(kept);
    return kept;
  };
  beforeEach(() => {
    database = mongo.newName();
    clock = createTestClock();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((kept) => kept.close()));
    const connection = mongo.connect(database);
    await connection.drop();
    await connection.close();
  });

  test('the client holds a short handle, and any server gives the state back for it', async () => {
    const handle = await (await keep()).give(gzip, ada);
    expect(handle).toMatch(/^kept:[\w-]{32}$/);
    const taken = await (await keep()).take(handle, { userId: 'ada' });
    expect(taken).toEqual({ gzip, runId: 'run-1' });
  });

  test('S16 another person’s is snapshot_signature, another run’s snapshot_foreign', async () => {
    const kept = await keep();
    const handle = await kept.give(gzip, ada);
    await expectCode(kept.take(handle, { userId: 'bob' }), 'snapshot_signature');
    await expectCode(kept.take(handle, { userId: 'ada', runId: 'run-2' }), 'snapshot_foreign');
  });

  test('a state that a client still carries itself is taken too', async () => {
    const carried = seal.seal(gzip, ada);
    expect(await (await keep()).take(carried, ada)).toEqual({ gzip, runId: 'run-1' });
  });

  test('after a day it is snapshot_expired, swept or not, as an unknown one is', async () => {
    const kept = await keep();
    const old = await kept.give(gzip, ada);
    clock.shiftWall(23 * hourMs);
    const young = await kept.give(gzip, ada);
    await kept.take(old, ada);
    clock.shiftWall(hourMs);
    await expectCode(kept.take(old, ada), 'snapshot_expired');
    await kept.sweep();
    await expectCode(kept.take(old, ada), 'snapshot_expired');
    await expectCode(kept.take('kept:never', ada), 'snapshot_expired');
    expect(await kept.take(young, ada)).toEqual({ gzip, runId: 'run-1' });
  });

  test('a database that is away is storage_unavailable', async () => {
    const kept = await keep();
    await kept.check();
    await kept.close();
    await expectCode(kept.check(), 'storage_unavailable');
    await expectCode(kept.give(gzip, ada), 'storage_unavailable');
  });
});
