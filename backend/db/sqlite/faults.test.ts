import {
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
  closeSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { createTestClock, expectCode, runs as numRuns, sampleAppend, startSample } from '@wfm/workflow-engine/testing';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { migrations } from '../migrations/index.ts';
import { makeTestDir, openTestDatabase } from '../testing/open-test-database.ts';
import { Connection } from './connection.ts';
import { migrate } from './migrate.ts';
import { sqliteDatabase } from './sqlite-database.ts';

/** Disks that fill up, files that turn read-only, power that goes. */

let dir: ReturnType<typeof makeTestDir>;
beforeEach(() => {
  dir = makeTestDir();
});
afterEach(() => dir.remove());

async function openWithConnection() {
  const connection = new Connection(join(dir.dataDir, 'wfm.sqlite'), { readOnly: false });
  await migrate(connection, migrations, { now: () => new Date() });
  return {
    connection,
    database: sqliteDatabase(connection, { clock: createTestClock(), credentialsSecret: () => 'secret' }),
  };
}

test('R13 a full disk is unavailable storage; nothing is half written; it recovers when there is room', async () => {
  const { connection, database } = await openWithConnection();
  const [small, large] = [await startSample(database.runs), await startSample(database.runs)];
  const pages = connection.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
  connection.exec(`PRAGMA max_page_count = ${pages + 3}`);
  const json = JSON.stringify('x'.repeat(100_000));
  const values = [{ sha256: 'aa', json }];
  await expectCode(
    database.runs.append(sampleAppend({ ...large, expectedSeq: 0 }, 1, { values })),
    'storage_unavailable',
  );
  const results = await Promise.allSettled([
    database.runs.append(sampleAppend({ ...large, expectedSeq: 0 }, 1, { values })),
    database.runs.append(sampleAppend({ ...small, expectedSeq: 0 }, 1)),
    database.runs.append(sampleAppend({ ...small, expectedSeq: 7 }, 1)),
  ]);
  expect(results).toMatchObject([
    { reason: { code: 'storage_unavailable', transient: true } },
    { status: 'fulfilled' },
    { reason: { code: 'conflict' } },
  ]);
  expect(await database.runs.find({ runId: large.runId })).toEqual(large.run);
  expect(await database.content.getValue({ runId: large.runId, sha256: 'aa' })).toBeNull();
  connection.exec('PRAGMA max_page_count = 1000000');
  await database.runs.append(sampleAppend({ ...large, expectedSeq: 0 }, 1, { values }));
  expect(await database.content.getValue({ runId: large.runId, sha256: 'aa' })).toBe(json);
  await database.close();
});

test('R13 a file that turns read-only is unavailable storage until it is writable again', async () => {
  const { connection, database } = await openWithConnection();
  const run = await startSample(database.runs);
  connection.exec('PRAGMA query_only = ON');
  await expectCode(database.runs.append(sampleAppend({ ...run, expectedSeq: 0 })), 'storage_unavailable');
  expect(await database.runs.find({ runId: run.runId })).toEqual(run.run);
  connection.exec('PRAGMA query_only = OFF');
  await database.runs.append(sampleAppend({ ...run, expectedSeq: 0 }));
  await database.close();
});

test('a file that is no database is unavailable storage', async () => {
  const { database, dataDir, close } = await openTestDatabase();
  await database.close();
  const file = openSync(join(dataDir, 'wfm.sqlite'), 'r+');
  writeSync(file, 'this is not a database header at all', 0);
  closeSync(file);
  await expectCode(openDatabase({ dataDir, clock: createTestClock(), role: 'owner' }), 'storage_unavailable');
  await close();
});

test('R12 cut or damaged at any offset, the log that is left is a dense prefix', async () => {
  const { connection, database } = await openWithConnection();
  connection.exec('PRAGMA wal_autocheckpoint = 0');
  const { runId, branchId } = await startSample(database.runs);
  connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  for (let seq = 0; seq < 30; seq += 1) await database.runs.append(sampleAppend({ runId, branchId, expectedSeq: seq }));
  const source = join(dir.dataDir, 'wfm.sqlite');
  const walBytes = statSync(`${source}-wal`).size;
  const copies = join(dir.dataDir, 'copy.sqlite');
  const damage = fc.record({ offset: fc.nat(walBytes - 1), how: fc.constantFrom('cut', 'cut', 'flip') });
  const isPrefix = async ({ offset, how }: { offset: number; how: string }) => {
    copyFileSync(source, copies);
    copyFileSync(`${source}-wal`, `${copies}-wal`);
    if (how === 'flip') flipByte(`${copies}-wal`, offset);
    else truncateSync(`${copies}-wal`, offset);
    const copy = new Connection(copies, { readOnly: false });
    expect(copy.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
    const stored = sqliteDatabase(copy, { clock: createTestClock(), credentialsSecret: () => 'secret' });
    const line = await stored.runs.readLine({ runId, branchId, afterSeq: -1 });
    expect(line.map((event) => event.seq)).toEqual(Array.from({ length: line.length }, (_, index) => index));
    expect((await stored.runs.find({ runId }))?.last_seq).toBe(line.length - 1);
    await stored.runs.append(sampleAppend({ runId, branchId, expectedSeq: line.length - 1 }));
    await stored.close();
    expect(existsSync(`${copies}-wal`)).toBe(false);
  };
  await fc.assert(fc.asyncProperty(damage, isPrefix), { numRuns: numRuns(25, 1000) });
  await database.close();
});

function flipByte(path: string, offset: number): void {
  const byte = readFileSync(path)[offset] ?? 0;
  const file = openSync(path, 'r+');
  writeSync(file, Uint8Array.from([byte ^ 0xff]), 0, 1, offset);
  closeSync(file);
}
