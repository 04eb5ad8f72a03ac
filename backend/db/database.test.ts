import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestClock, expectCode, sampleAppend, sampleRun, startSample } from '@wfm/workflow-engine/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { makeTestDir } from './testing/open-test-database.ts';

let dir: ReturnType<typeof makeTestDir>;
beforeEach(() => {
  dir = makeTestDir();
});
afterEach(() => dir.remove());

const clock = createTestClock();
const open = (role: 'owner' | 'follower' | 'reader', schemaWaitMs?: number, dataDir = dir.dataDir) =>
  openDatabase({ dataDir, clock, role, schemaWaitMs });

test('an owner makes the directory and the file for its user alone', async () => {
  const dataDir = join(dir.dataDir, 'deep', 'er');
  const owner = await open('owner', undefined, dataDir);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'wfm.sqlite')).mode & 0o777).toBe(0o600);
  await owner.check();
  await owner.close();
});

test('R17 a follower waits for the schema, and gives up in time', async () => {
  await expectCode(open('follower', 150), 'schema_outdated');
  expect(existsSync(join(dir.dataDir, 'wfm.sqlite'))).toBe(false);
  const waiting = open('follower', 10_000);
  const owner = await open('owner');
  const follower = await waiting;
  const { run } = await startSample(follower.runs);
  expect(await owner.runs.find({ runId: run.workflow_run_id })).toEqual(run);
  await Promise.all([owner.close(), follower.close()]);
});

test('R17 a reader may come first; it answers once an owner has been there', async () => {
  const reader = await open('reader');
  await expectCode(reader.check(), 'storage_unavailable');
  await expectCode(reader.users.find({ userId: 'u' }), 'storage_unavailable');
  const stop = reader.runs.watch('r', () => {});
  const owner = await open('owner');
  const { run } = await startSample(owner.runs);
  await reader.check();
  expect(await reader.runs.find({ runId: run.workflow_run_id })).toEqual(run);
  stop();
  await Promise.all([owner.close(), reader.close()]);
});

test('R18 a reader never writes: every verb that would is refused, and the file stays the same', async () => {
  const owner = await open('owner');
  const { runId, branchId } = await startSample(owner.runs);
  await owner.close();
  const file = join(dir.dataDir, 'wfm.sqlite');
  const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');
  const before = hash();

  const reader = await open('reader');
  await reader.check();
  await expectCode(reader.runs.create(sampleRun()), 'storage_unavailable');
  await expectCode(reader.runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 })), 'storage_unavailable');
  await expectCode(reader.runs.claimLease({ runId, claim: { executor: 'e', ttlMs: 1 } }), 'storage_unavailable');
  await expectCode(reader.users.touchAccessKeys({ keyIds: ['k'], at: 'now' }), 'storage_unavailable');
  await expectCode(reader.content.sweepUploads({ now: new Date() }), 'storage_unavailable');
  expect((await reader.runs.list({ userId: 'user-1', limit: 9 })).items).toHaveLength(1);
  expect(await reader.runs.readLine({ runId, branchId, afterSeq: -1 })).toHaveLength(1);
  await reader.close();
  expect(hash()).toBe(before);
});

test('after close every verb says that the storage is not available', async () => {
  const owner = await open('owner');
  const started = startSample(owner.runs);
  await owner.close();
  // What was under way is finished, not dropped.
  const { runId } = await started;
  await expectCode(owner.runs.find({ runId }), 'storage_unavailable');
  await expectCode(owner.runs.rename({ runId, projectName: 'x' }), 'storage_unavailable');
  await expectCode(owner.check(), 'storage_unavailable');
  const again = await open('reader');
  expect(await again.runs.find({ runId })).not.toBeNull();
  await again.close();
});

test('a directory that cannot be made is unavailable storage', async () => {
  writeFileSync(join(dir.dataDir, 'file'), '');
  await expectCode(open('owner', undefined, join(dir.dataDir, 'file', 'data')), 'storage_unavailable');
});
