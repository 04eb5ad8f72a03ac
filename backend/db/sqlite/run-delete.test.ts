import { join } from 'node:path';
import { sampleAppend, sampleContent, sampleFork, sampleGeneration, startSample } from '@wfm/workflow-engine/testing';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { Connection } from './connection.ts';

test('R22 after a delete no column of any table holds the run’s id, and every table is as empty as before', async () => {
  const { database, dataDir, close } = await openTestDatabase();
  const connection = new Connection(join(dataDir, 'wfm.sqlite'), { readOnly: true });
  const counts = () =>
    Object.fromEntries(tablesOf(connection).map((table) => [table, rowsOf(connection, table).length]));
  const kept = await startSample(database.runs);
  const before = counts();

  const run = await startSample(database.runs, {}, { idempotencyKey: 'k', values: [{ sha256: 'aa', json: '1' }] });
  const { runId, branchId } = run;
  const call = {
    call_id: 'c',
    workflow_run_id: runId,
    branch_id: branchId,
    step_id: 's',
    module_name: 'm',
    kind: 'http',
    provider: 'p',
    target: 't',
    request: null,
    reply: null,
    error: null,
    usage: null,
    mock: false,
    duration_ms: 1,
    created_at: '2026-01-01T00:00:00.000Z',
  } as const;
  await database.runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 3, { calls: [call] }));
  const fork = sampleFork({ runId, parentId: branchId, forkSeq: 1 });
  await database.runs.append(fork);
  await database.runs.append(sampleFork({ runId, parentId: fork.branchId, forkSeq: 2 }));
  await database.runs.saveCheckpoint({ runId, checkpoint: { branch_id: branchId, seq: 1, state: runId } });
  await database.content.putValue({ runId, sha256: 'bb', json: '2' });
  const file = {
    file_id: 'f',
    workflow_run_id: runId,
    branch_id: branchId,
    category: 'root',
    group: null,
    filename: 'n',
    content_type: 'text',
    step_id: 's',
    module_name: 'm',
    bytes: 1,
    created_at: 'now',
  } as const;
  await database.files.put({ key: `${runId}/k`, file, data: new TextEncoder().encode(runId) });
  await database.keywords.save({
    scope: { userId: 'u', templateId: 't' },
    key: `${runId}/k`,
    runId,
    keywords: [],
    accumulate: true,
  });
  const generation = await database.media.create({ generation: sampleGeneration({ runId, branchId }) });
  await database.media.finish({
    metadataId: generation.metadata_id,
    status: 'completed',
    completedAt: '2026-01-01T00:00:02.000Z',
    contents: [sampleContent(generation)],
  });
  const child = await startSample(database.runs, { parent_run_id: runId });
  const filled = counts();
  const perRun = [
    'runs',
    'branches',
    'batches',
    'checkpoints',
    'calls',
    'run_values',
    'run_files',
    'keyword_saves',
    'generations',
    'contents',
  ];
  expect(perRun.filter((table) => (filled[table] ?? 0) <= (before[table] ?? 0))).toEqual([]);

  await database.runs.delete({ runId });
  expect(counts()).toEqual(before);
  const dump = tablesOf(connection).flatMap((table) => rowsOf(connection, table).map((row) => JSON.stringify(row)));
  for (const id of [runId, branchId, fork.branchId, child.runId]) {
    expect(dump.filter((row) => row.includes(id))).toEqual([]);
  }
  expect(dump.some((row) => row.includes(kept.runId))).toBe(true);
  connection.close();
  await close();
});

function tablesOf(connection: Connection): string[] {
  return connection
    .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .map(({ name }) => name);
}

function rowsOf(connection: Connection, table: string): Record<string, unknown>[] {
  return connection.all(`SELECT * FROM "${table}"`);
}
