import type { FileStore, RunFileRow } from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { read, type SqliteContext } from './context.ts';
import { requireRunNo } from './run-rows.ts';

const columns =
  'f.file_id, f.branch_id, f.category, f."group", f.filename, f.content_type, f.step_id, f.module_name, f.bytes, f.created_at';
const fromRun = 'FROM run_files f JOIN runs r ON r.no = f.run_no WHERE r.workflow_run_id = ?';
const fromFamily =
  'r.workflow_run_id FROM run_files f JOIN runs r ON r.no = f.run_no WHERE (r.workflow_run_id = ? OR r.parent_run_id = ?)';

type SqlFile = Omit<RunFileRow, 'workflow_run_id'> & { data?: Uint8Array };

/** With the run that wrote it. */
type RunFile = SqlFile & { workflow_run_id: string };

/** `FileStore` on SQLite. */
export function sqliteFiles({ connection, queue }: SqliteContext): FileStore {
  return {
    put: (params) => queue.submit(() => putFile(connection, params)),
    newest: ({ runId, branchIds, filename }) =>
      read(() => {
        const sql = `SELECT ${columns}, f.data ${fromRun} AND f.filename = ? AND f.branch_id IN (SELECT value FROM json_each(?)) ORDER BY f.no DESC LIMIT 1`;
        return withData(runId, connection.get<SqlFile>(sql, runId, filename, JSON.stringify(branchIds)));
      }),
    read: ({ runId, fileId }) =>
      read(() => {
        const sql = `SELECT ${columns}, f.data, ${fromFamily} AND f.file_id = ?`;
        const row = connection.get<RunFile>(sql, runId, runId, fileId);
        return row ? withData(row.workflow_run_id, row) : null;
      }),
    list: ({ runId }) =>
      read(() =>
        connection
          .all<RunFile>(`SELECT ${columns}, ${fromFamily} ORDER BY f.no`, runId, runId)
          .map((row) => toFile(row.workflow_run_id, row)),
      ),
  };
}

function putFile(connection: Connection, { key, file, data }: Parameters<FileStore['put']>[0]): RunFileRow {
  const runNo = requireRunNo(connection, file.workflow_run_id);
  const known = connection.get<SqlFile>(
    `SELECT ${columns} FROM run_files f WHERE f.run_no = ? AND f.write_key = ?`,
    runNo,
    key,
  );
  if (known) return toFile(file.workflow_run_id, known);
  connection.run(
    `INSERT INTO run_files (run_no, write_key, file_id, branch_id, category, "group", filename, content_type, step_id,
       module_name, bytes, created_at, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    runNo,
    key,
    file.file_id,
    file.branch_id,
    file.category,
    file.group,
    file.filename,
    file.content_type,
    file.step_id,
    file.module_name,
    file.bytes,
    file.created_at,
    data,
  );
  return { ...file };
}

function withData(runId: string, row: SqlFile | undefined): { file: RunFileRow; data: Uint8Array } | null {
  return row ? { file: toFile(runId, row), data: row.data ?? new Uint8Array() } : null;
}

function toFile(runId: string, { data: _, ...row }: SqlFile): RunFileRow {
  return { ...row, workflow_run_id: runId };
}
