import type { Connection } from './connection.ts';
import { batchId, requireRunNo } from './run-rows.ts';

const childTables = ['calls', 'run_values', 'run_files', 'keyword_saves', 'tasks', 'contents', 'generations'];

/** Removes a run, its child runs, and every row that hangs on them (R22); inside a write. The ids that went. */
export function deleteRun(connection: Connection, runId: string): string[] {
  const runNo = requireRunNo(connection, runId);
  const children = connection.all<{ workflow_run_id: string }>(
    'SELECT workflow_run_id FROM runs WHERE parent_run_id = ?',
    runId,
  );
  const gone = children.flatMap((child) => deleteRun(connection, child.workflow_run_id));
  // Children before parents, as foreign keys want it.
  for (const { no } of connection.all<{ no: number }>(
    'SELECT no FROM branches WHERE run_no = ? ORDER BY no DESC',
    runNo,
  )) {
    connection.run('DELETE FROM batches WHERE id >= ? AND id < ?', batchId(no, 0), batchId(no + 1, 0));
    connection.run('DELETE FROM checkpoints WHERE branch_no = ?', no);
    connection.run('DELETE FROM branches WHERE no = ?', no);
  }
  for (const table of childTables) connection.run(`DELETE FROM ${table} WHERE run_no = ?`, runNo);
  connection.run('DELETE FROM runs WHERE no = ?', runNo);
  return [runId, ...gone];
}
