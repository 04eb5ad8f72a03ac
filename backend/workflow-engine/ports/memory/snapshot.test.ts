import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { sampleContent, sampleGeneration } from '../../testing/media-samples.ts';
import { sampleAppend, sampleFork, startSample } from '../../testing/run-samples.ts';
import { createTestClock } from '../../testing/test-clock.ts';
import { createMemoryDatabase, type MemoryDatabase } from './memory-database.ts';

const fresh = () => createMemoryDatabase({ clock: createTestClock() });
const textOf = (database: MemoryDatabase) => JSON.stringify(database.export());
type Rows = Record<string, Record<string, unknown>[]>;
const rowsOf = (database: MemoryDatabase) => JSON.parse(textOf(database)) as Rows;

/** A database with at least one row in every store. */
async function filled() {
  const database = fresh();
  const runId = v7();
  const run = await startSample(
    database.runs,
    { workflow_run_id: runId },
    {
      idempotencyKey: 'k',
      claim: { executor: 'a', ttlMs: 1000 },
      values: [{ sha256: 'aa', json: '{}' }],
    },
  );
  await database.runs.append(sampleAppend({ ...run, expectedSeq: 0 }, 3, { fence: 1 }));
  const fork = sampleFork({ runId, parentId: run.branchId, forkSeq: 1 }, 3);
  await database.runs.append(fork);
  await database.runs.append(sampleFork({ runId, parentId: fork.branchId, forkSeq: 3 }, 1));
  await database.runs.saveCheckpoint({ runId, checkpoint: { branch_id: run.branchId, seq: 1, state: 's' } });
  const file = {
    file_id: 'f',
    workflow_run_id: runId,
    branch_id: run.branchId,
    category: 'root',
    group: null,
    filename: 'n',
    content_type: 'binary',
    step_id: 's',
    module_name: 'm',
    bytes: 3,
    created_at: 'now',
  } as const;
  await database.files.put({ key: 'k', file, data: Uint8Array.from([0, 128, 255]) });
  const generation = await database.media.create({ generation: sampleGeneration({ runId, branchId: run.branchId }) });
  await database.media.finish({
    metadataId: generation.metadata_id,
    status: 'completed',
    completedAt: '2026-01-01T00:00:02.000Z',
    contents: [sampleContent(generation, { index: 1, mock: true }), sampleContent(generation, { mock: true })],
  });
  const keyword = { keyword: 'w', weight: 1, last_used: 'now', fields: { z: 1, a: 2 } };
  await database.keywords.save({
    scope: { userId: 'u', templateId: 't' },
    key: 'k',
    runId,
    keywords: [keyword],
    accumulate: true,
  });
  const scope = { userId: 'u', templateId: 't', stepId: 's', moduleName: 'm' };
  await database.usage.touch({ scope, keys: ['b', 'a'], at: '2026-01-01T00:00:00.000Z' });
  await database.definitions.publish({
    ownerId: 'u',
    workflowId: 'w',
    name: 'n',
    description: '',
    versionId: 'sha256:1',
    definition: { z: 1, a: { y: 1, b: 2 } },
    kind: 'raw',
  });
  // Only a preview that cuts its lines makes these.
  const rows = rowsOf(database);
  const effect = { module_id: 'api.llm', revision: 1, input_hash: 'h', started_at: 'now', outputs: { z: 1, a: 2 } };
  database.import({ ...rows, effects: [{ workflow_run_id: runId, ...effect }] });
  await database.users.putSettings({ userId: 'u', settings: { secret: 'stays' } });
  return { database, runId, run, fork };
}

test('22 what goes out comes back in, byte by byte, and works on', async () => {
  const { database, runId, run, fork } = await filled();
  const text = textOf(database);
  expect(Object.entries(rowsOf(database)).filter(([, rows]) => rows.length === 0)).toEqual([]);
  const copy = fresh();
  copy.import(JSON.parse(text));
  expect(textOf(copy)).toBe(text);

  const read = (from: MemoryDatabase) => from.runs.readLine({ runId, branchId: fork.branchId, afterSeq: -1 });
  expect(await read(copy)).toEqual(await read(database));
  expect((await copy.runs.find({ runId }))?.executor).toBeNull();
  expect(await copy.runs.claimLease({ runId, claim: { executor: 'b', ttlMs: 1 } })).toEqual({ fence: 2 });
  await copy.runs.append(sampleAppend({ runId, branchId: run.branchId, expectedSeq: 3 }));
  expect(Array.from((await copy.files.read({ runId, fileId: 'f' }))?.data ?? [])).toEqual([0, 128, 255]);
  expect(await copy.content.getValue({ runId, sha256: 'aa' })).toBe('{}');
  expect(JSON.stringify(await copy.definitions.readDefinition({ versionId: 'sha256:1' }))).toBe(
    '{"z":1,"a":{"y":1,"b":2}}',
  );
});

test('22 equal states give equal bytes, however their appends were cut', async () => {
  const [one, two] = [fresh(), fresh()];
  const ids = { runId: v7(), branchId: v7() };
  for (const database of [one, two])
    await startSample(database.runs, { workflow_run_id: ids.runId }, { branch_id: ids.branchId });
  await one.runs.append(sampleAppend({ ...ids, expectedSeq: 0 }, 4));
  for (const expectedSeq of [0, 1, 2, 3]) await two.runs.append(sampleAppend({ ...ids, expectedSeq }, 1));
  expect(textOf(two)).toBe(textOf(one));
});

test('22 people, leases and checkpoints are not carried', async () => {
  const { database } = await filled();
  const text = textOf(database);
  for (const word of ['secret', 'executor', 'checkpoint', 'upload']) expect(text).not.toContain(word);
});

test('an import replaces what was there; a refused one changes nothing', async () => {
  const { database } = await filled();
  const other = fresh();
  await startSample(other.runs, { project_name: 'other' });
  const before = textOf(other);
  expect(() => other.import({ runs: [{}] })).toThrow(/snapshot cannot be read/);
  expect(textOf(other)).toBe(before);
  other.import(rowsOf(database));
  expect(textOf(other)).toBe(textOf(database));
  other.import({});
  expect(await other.runs.list({ userId: 'user-1', limit: 9 })).toEqual({ items: [], next_cursor: null });
});

const spoilers: [string, (rows: Rows) => unknown][] = [
  ['an unknown store', (rows) => ({ ...rows, users: [] })],
  ['a store called like a method', () => JSON.parse('{"toString":[]}')],
  ['a prototype', () => JSON.parse('{"__proto__":{"runs":[]}}')],
  [
    'a prototype deep inside',
    (rows) =>
      edit(rows, 'definitions', (row) => Object.assign(row, { definition: JSON.parse('{"a":[{"__proto__":1}]}') })),
  ],
  [
    'deep nesting',
    (rows) =>
      edit(rows, 'definitions', (row) =>
        Object.assign(row, { definition: JSON.parse('['.repeat(5000) + ']'.repeat(5000)) }),
      ),
  ],
  ['a list', () => []],
  ['null', () => null],
  ['a text', () => '{}'],
  ['rows that are no list', () => ({ runs: {} })],
  ['an unknown field', (rows) => edit(rows, 'runs', (row) => Object.assign(row, { executor: 'me' }))],
  ['an unknown event type', (rows) => edit(rows, 'events', (row) => Object.assign(row, { type: 'nothing' }))],
  ['a gap in a line', (rows) => ({ ...rows, events: rows['events']?.filter((_, index) => index !== 1) })],
  ['a line that ends early', (rows) => ({ ...rows, events: rows['events']?.slice(0, -1) })],
  ['an event of another run', (rows) => edit(rows, 'events', (row) => Object.assign(row, { workflow_run_id: 'x' }))],
  ['a run twice', (rows) => ({ ...rows, runs: [...(rows['runs'] ?? []), ...(rows['runs'] ?? [])] })],
  ['a branch twice', (rows) => ({ ...rows, branches: [...(rows['branches'] ?? []), rows['branches']?.[0]] })],
  ['a branch before its parent', (rows) => ({ ...rows, branches: [...(rows['branches'] ?? [])].reverse() })],
  [
    'a fork beyond its parent',
    (rows) => ({
      ...rows,
      branches: rows['branches']?.map((row, index) => (index === 1 ? { ...row, fork_seq: 9 } : row)),
    }),
  ],
  [
    'a current branch that is not there',
    (rows) => edit(rows, 'runs', (row) => Object.assign(row, { current_branch_id: 'x' })),
  ],
  [
    'an active name of another project',
    (rows) => edit(rows, 'runs', (row) => Object.assign(row, { active_name: 'x' })),
  ],
  ['bytes that are not base64', (rows) => edit(rows, 'files', (row) => Object.assign(row, { data: '%' }))],
  ['bytes of another length', (rows) => edit(rows, 'files', (row) => Object.assign(row, { bytes: 4 }))],
  ['a version without its template', (rows) => ({ ...rows, templates: [] })],
  ['a record of no run', (rows) => edit(rows, 'generations', (row) => Object.assign(row, { workflow_run_id: 'x' }))],
  ['a record twice', (rows) => ({ ...rows, generations: [rows['generations']?.[0], rows['generations']?.[0]] })],
  ['a content without its record', (rows) => edit(rows, 'contents', (row) => Object.assign(row, { metadata_id: 'x' }))],
  ['a content of another run', (rows) => edit(rows, 'contents', (row) => Object.assign(row, { workflow_run_id: 'x' }))],
  ['a content twice', (rows) => ({ ...rows, contents: [rows['contents']?.[0], rows['contents']?.[0]] })],
  ['a hash that is a path', (rows) => edit(rows, 'contents', (row) => Object.assign(row, { sha256: '../x' }))],
  ['a value of no run', (rows) => edit(rows, 'values', (row) => Object.assign(row, { workflow_run_id: 'x' }))],
];

test.each(spoilers)('22 refused as malformed: %s', async (_, spoil) => {
  const rows = rowsOf((await filled()).database);
  expect(catchCode(() => fresh().import(spoil(rows)))).toBe('snapshot_malformed');
});

function edit(rows: Rows, store: string, change: (row: Record<string, unknown>) => unknown): Rows {
  change(rows[store]?.[0] ?? {});
  return rows;
}

function catchCode(act: () => void): unknown {
  try {
    act();
    return 'accepted';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}
