import { join } from 'node:path';
import { runs as numRuns, startSample } from '@wfm/workflow-engine/testing';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { openDatabase } from '../database.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { startProcess } from '../testing/start-process.ts';
import { Connection } from './connection.ts';

/** What only several processes on one file can show. */

let setup: Awaited<ReturnType<typeof openTestDatabase>>;
beforeEach(async () => {
  setup = await openTestDatabase();
});
afterEach(() => setup.close());

test('8.2 of two processes that append to one branch, each seq has one winner', async () => {
  const { database, dataDir } = setup;
  const { runId, branchId } = await startSample(database.runs);
  const last = 40;
  const rivals = [
    startProcess('compete', dataDir, runId, branchId, last),
    startProcess('compete', dataDir, runId, branchId, last),
  ];
  const won = await Promise.all(rivals.map(({ ended }) => ended));
  const seqs = won.flat().filter((line) => line !== 'done');
  expect(seqs.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  const line = await database.runs.readLine({ runId, branchId, afterSeq: -1 });
  expect(line.map((event) => event.seq)).toEqual(Array.from({ length: last + 1 }, (_, index) => index));
});

test('a watcher hears of another process’s appends', async () => {
  const { database, dataDir } = setup;
  const { runId, branchId } = await startSample(database.runs);
  let calls = 0;
  const stop = database.runs.watch(runId, () => {
    calls += 1;
  });
  const other = startProcess('compete', dataDir, runId, branchId, 1);
  await expect.poll(() => calls, { timeout: 10_000 }).toBeGreaterThan(0);
  stop();
  await other.ended;
  expect((await database.runs.find({ runId }))?.last_seq).toBe(1);
});

test('R1 no acknowledged event is lost or doubled when the writer is killed', async () => {
  const { database, dataDir } = setup;
  const { runId, branchId } = await startSample(database.runs);
  const killAfter = async (lines: number) => {
    const stored = (await database.runs.find({ runId }))?.last_seq ?? 0;
    const writer = startProcess('appendForever', dataDir, runId, branchId, stored);
    await writer.said(lines);
    writer.child.kill('SIGKILL');
    const acknowledged = Number((await writer.ended).at(-1));
    const reopened = await openDatabase({ dataDir, clock: systemClock(), role: 'owner' });
    const line = await reopened.runs.readLine({ runId, branchId, afterSeq: -1 });
    await reopened.close();
    expect(line.map((event) => event.seq)).toEqual(Array.from({ length: line.length }, (_, index) => index));
    // All that was acknowledged, and at most the one append that was committed and not yet said.
    expect(line.length - 1 - acknowledged).toBeGreaterThanOrEqual(0);
    expect(line.length - 1 - acknowledged).toBeLessThanOrEqual(1);
  };
  // Not shrunk: another try of the same kill proves nothing about the one that failed.
  const kills = fc.asyncProperty(fc.noShrink(fc.integer({ min: 1, max: 60 })), killAfter);
  await fc.assert(kills, { numRuns: numRuns(3, 40) });
  const connection = new Connection(join(dataDir, 'wfm.sqlite'), { readOnly: false });
  expect(connection.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  expect(connection.all('PRAGMA foreign_key_check')).toEqual([]);
  connection.close();
});

test('R13 a writer waits out another one’s lock', async () => {
  const { database, dataDir } = setup;
  const other = startProcess('hold', dataDir, 300);
  await other.said(1);
  const { run } = await startSample(database.runs);
  expect(await database.runs.find({ runId: run.workflow_run_id })).toEqual(run);
  await other.ended;
});

test('R13 a file that stays busy is unavailable for writes, served for reads, and recovers by itself', async () => {
  const { database, dataDir, clock } = setup;
  const { runId } = await startSample(database.runs);
  const impatient = await openDatabase({ dataDir, clock, role: 'follower', busyMs: 100 });
  const other = startProcess('hold', dataDir, 600);
  await other.said(1);
  const writes = [
    impatient.runs.rename({ runId, projectName: 'a' }),
    impatient.runs.rename({ runId, projectName: 'b' }),
  ];
  expect(await impatient.runs.find({ runId })).not.toBeNull();
  for (const result of await Promise.allSettled(writes)) {
    expect(result).toMatchObject({ reason: { code: 'storage_unavailable', transient: true, retryAfterMs: 1000 } });
  }
  await other.ended;
  await impatient.runs.rename({ runId, projectName: 'c' });
  expect((await impatient.runs.find({ runId }))?.project_name).toBe('c');
  await impatient.close();
});
