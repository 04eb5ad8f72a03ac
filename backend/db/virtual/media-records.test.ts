import { createMemoryDatabase, type MemoryDatabase, type StoreRows } from '@wfm/workflow-engine/ports/memory';
import {
  createTestClock,
  expectCode,
  sampleContent,
  sampleEvent,
  sampleFork,
  sampleGeneration,
  startSample,
} from '@wfm/workflow-engine/testing';
import { expect, it } from 'vitest';
import { checkOwnership } from './check-ownership.ts';
import { copyRun } from './copy-run.ts';
import { largestValue } from './largest-value.ts';
import { pruneRows } from './prune-rows.ts';

/** Records of generated media on their way into a preview, and through its edits (format.md 17.5, 22). */

const fresh = () => createMemoryDatabase({ clock: createTestClock() });

async function keepMedia(database: MemoryDatabase, runId: string, branchId: string, metadataId: string): Promise<void> {
  const generation = await database.media.create({
    generation: sampleGeneration(
      { runId, branchId },
      { metadata_id: metadataId, response_data: { note: 'x'.repeat(500) } },
    ),
  });
  await database.media.finish({
    metadataId,
    status: 'completed',
    completedAt: '2026-01-01T00:00:02.000Z',
    contents: [sampleContent(generation)],
  });
}

const idsOf = (rows: StoreRows) => ({
  generations: rows.generations.map((row) => row.metadata_id),
  contents: rows.contents.map((row) => row.metadata_id),
});

it('22 a copied run brings the records of its kept branches, and no other run’s', async () => {
  const database = fresh();
  const { runId, branchId } = await startSample(database.runs);
  const other = await startSample(database.runs);
  await keepMedia(database, runId, branchId, 'one');
  await keepMedia(database, runId, 'a branch that stays behind', 'two');
  await keepMedia(database, other.runId, other.branchId, 'three');
  const { rows } = await copyRun(database, { runId, userId: 'user-1' });
  expect(idsOf(rows)).toEqual({ generations: ['one'], contents: ['one'] });
  const copy = fresh();
  copy.import(JSON.parse(JSON.stringify(rows)));
  expect(await copy.media.list({ runId, limit: 9 })).toEqual({
    items: [await database.media.find({ metadataId: 'one' })],
    next_cursor: null,
  });
});

it('22 a run that is opened up to an event brings what had been made by then', async () => {
  const database = fresh();
  const { runId, branchId } = await startSample(database.runs);
  await keepMedia(database, runId, branchId, 'early');
  const late = sampleGeneration({ runId, branchId }, { metadata_id: 'late', created_at: '2026-01-02T00:00:00.000Z' });
  await database.media.create({ generation: late });
  const opened = async (upToSeq?: number) =>
    idsOf((await copyRun(database, { runId, userId: 'user-1', upToSeq })).rows).generations;
  expect(await opened(0)).toEqual(['early']);
  expect(await opened()).toEqual(['early', 'late']);
});

it('22 a record of another user is refused', async () => {
  const database = fresh();
  const { runId, branchId } = await startSample(database.runs);
  await keepMedia(database, runId, branchId, 'one');
  const rows = database.export();
  rows.definitions.push({ version_id: 'sha256:00', definition: {} });
  const [record] = rows.generations;
  checkOwnership(rows, { userId: 'user-1', runId });
  if (record) record.user_id = 'user-2';
  await expectCode(
    Promise.resolve().then(() => checkOwnership(rows, { userId: 'user-1', runId })),
    'snapshot_malformed',
  );
});

it('22.5 a record that only a cut line named goes with it; while no line is cut, all stay', async () => {
  const database = fresh();
  const { runId, branchId } = await startSample(database.runs);
  await keepMedia(database, runId, branchId, 'kept-by-an-event');
  await keepMedia(database, runId, branchId, 'named-nowhere');
  const told = sampleEvent({ runId, branchId, seq: 1 }, 'made kept-by-an-event');
  await database.runs.append({ runId, branchId, expectedSeq: 0, events: [told], projection: {} });
  expect(idsOf(pruneRows(database.export())).generations).toEqual(['kept-by-an-event', 'named-nowhere']);
  let parentId = branchId;
  let forkSeq = 1;
  for (let edit = 0; edit < 7; edit += 1) {
    const fork = sampleFork({ runId, parentId, forkSeq }, 3);
    const [first, ...rest] = fork.events;
    if (first?.type !== 'branch_created' || !fork.newBranch) throw new TypeError('a fork begins with its branch');
    first.data.kind = 'reconcile';
    fork.newBranch.kind = 'reconcile';
    await database.runs.append({ ...fork, events: [first, ...rest] });
    parentId = fork.branchId;
    forkSeq += 1;
  }
  const pruned = pruneRows(database.export());
  expect(idsOf(pruned)).toEqual({ generations: ['kept-by-an-event'], contents: ['kept-by-an-event'] });
});

it('23 what a vendor answered can be the largest value', async () => {
  const database = fresh();
  const { runId, branchId } = await startSample(database.runs);
  await keepMedia(database, runId, branchId, 'one');
  expect(largestValue(database.export())).toMatchObject({ what: 'what local was asked and answered' });
});
