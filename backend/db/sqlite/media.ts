import {
  type ContentRow,
  costInUsd,
  decodeCursor,
  type FinishGeneration,
  finishedGeneration,
  type Generation,
  type GenerationRow,
  generationNotFoundError,
  inOrder,
  type MediaStore,
  roundUsd,
  toPage,
} from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { read, type SqliteContext } from './context.ts';
import { parseJson } from './json.ts';
import { requireRunNo } from './run-rows.ts';

interface SqlGeneration {
  no: number;
  run_no: number;
  record: string;
}

const fromRun = 'FROM generations g JOIN runs r ON r.no = g.run_no WHERE r.workflow_run_id = ?';

/** `MediaStore` on SQLite. */
export function sqliteMedia({ connection, queue }: SqliteContext): MediaStore {
  return {
    create: ({ generation }) => queue.submit(() => createGeneration(connection, generation)),
    finish: (end) => queue.submit(() => finishGeneration(connection, end)),
    find: ({ metadataId }) =>
      read(() => {
        const row = findGeneration(connection, metadataId);
        return row ? withContents(connection, row) : null;
      }),
    list: ({ runId, interactionId, limit, cursor }) =>
      read(() => {
        const after = cursor === undefined ? -1 : Number(decodeCursor(cursor, 1)[0]);
        const rows = connection.all<SqlGeneration>(
          `SELECT g.no, g.run_no, g.record ${fromRun} AND g.no > ? AND (? IS NULL OR g.interaction_id = ?) ORDER BY g.no LIMIT ?`,
          runId,
          Number.isSafeInteger(after) ? after : -1,
          interactionId ?? null,
          interactionId ?? null,
          limit + 1,
        );
        const page = toPage(rows, limit, (row) => [String(row.no)]);
        return { items: page.items.map((row) => withContents(connection, row)), next_cursor: page.next_cursor };
      }),
    content: ({ runId, contentId }) =>
      read(() => {
        const row = connection.get<{ record: string }>(
          'SELECT c.record FROM contents c JOIN runs r ON r.no = c.run_no WHERE r.workflow_run_id = ? AND c.content_id = ?',
          runId,
          contentId,
        );
        return row ? parseJson<ContentRow>(row.record) : null;
      }),
    totals: ({ runId }) =>
      read(() => {
        const made = connection.get<{ count: number; usd: number | null }>(
          `SELECT count(*) AS count, sum(g.usd) AS usd ${fromRun}`,
          runId,
        );
        const kept = connection.get<{ count: number; bytes: number | null }>(
          'SELECT count(*) AS count, sum(c.bytes) AS bytes FROM contents c JOIN runs r ON r.no = c.run_no WHERE r.workflow_run_id = ?',
          runId,
        );
        return {
          generations: made?.count ?? 0,
          contents: kept?.count ?? 0,
          bytes: kept?.bytes ?? 0,
          usd: roundUsd(made?.usd ?? 0),
        };
      }),
  };
}

function createGeneration(connection: Connection, generation: GenerationRow): GenerationRow {
  const runNo = requireRunNo(connection, generation.workflow_run_id);
  const known = findGeneration(connection, generation.metadata_id);
  if (known) return parseJson(known.record);
  connection.run(
    'INSERT INTO generations (run_no, metadata_id, interaction_id, status, usd, record) VALUES (?, ?, ?, ?, ?, ?)',
    runNo,
    generation.metadata_id,
    generation.interaction_id,
    generation.status,
    costInUsd(generation.cost),
    JSON.stringify(generation),
  );
  return { ...generation };
}

function finishGeneration(connection: Connection, end: FinishGeneration): Generation {
  const row = findGeneration(connection, end.metadataId);
  if (!row) throw generationNotFoundError(end.metadataId);
  const before = parseJson<GenerationRow>(row.record);
  if (before.status !== 'pending') return withContents(connection, row);
  const generation = finishedGeneration(before, end);
  connection.run(
    'UPDATE generations SET status = ?, usd = ?, record = ? WHERE no = ?',
    generation.status,
    costInUsd(generation.cost),
    JSON.stringify(generation),
    row.no,
  );
  const contents = inOrder(end.contents);
  for (const content of contents) {
    connection.run(
      'INSERT INTO contents (run_no, generation_no, content_id, bytes, record) VALUES (?, ?, ?, ?, ?)',
      row.run_no,
      row.no,
      content.content_id,
      content.bytes,
      JSON.stringify(content),
    );
  }
  return { generation, contents };
}

function findGeneration(connection: Connection, metadataId: string): SqlGeneration | undefined {
  return connection.get('SELECT no, run_no, record FROM generations WHERE metadata_id = ?', metadataId);
}

function withContents(connection: Connection, row: SqlGeneration): Generation {
  const contents = connection.all<{ record: string }>(
    'SELECT record FROM contents WHERE generation_no = ? ORDER BY no',
    row.no,
  );
  return { generation: parseJson(row.record), contents: contents.map(({ record }) => parseJson(record)) };
}
