import { decodeCursor, foldCase, type ListRuns, type Page, type RunRow, toPage } from '@wfm/workflow-engine/ports';
import type { SQLInputValue } from 'node:sqlite';
import type { Connection } from './connection.ts';
import { minuteOf } from './run-create.ts';
import { runColumns, type SqlRun, toRunRow } from './run-rows.ts';

/** A page of a user's runs, newest first: by index to the minute, exactly within it. */
export function listRuns(connection: Connection, params: ListRuns): Page<RunRow> {
  const where = ['user_id = ?', 'parent_run_id IS NULL'];
  const values: SQLInputValue[] = [params.userId];
  const add = (condition: string, ...more: SQLInputValue[]) => {
    where.push(condition);
    values.push(...more);
  };
  if (params.waiting === true) add('interaction_id IS NOT NULL');
  if (params.status !== undefined) add('status = ?', params.status);
  if (params.templateId !== undefined) add('template_id = ?', params.templateId);
  if (params.q !== undefined && params.q !== '') add('instr(search, ?) > 0', foldCase(params.q));
  if (params.from !== undefined) add('updated_minute >= ? AND updated_at >= ?', minuteOf(params.from), params.from);
  if (params.to !== undefined) add('updated_minute <= ? AND updated_at < ?', minuteOf(params.to), params.to);
  if (params.cursor !== undefined) {
    const [time = '', id = ''] = decodeCursor(params.cursor, 2);
    add('updated_minute <= ? AND (updated_at, workflow_run_id) < (?, ?)', minuteOf(time), time, id);
  }
  const rows = connection.all<SqlRun>(
    `SELECT ${runColumns} FROM runs WHERE ${where.join(' AND ')}
      ORDER BY updated_minute DESC, updated_at DESC, workflow_run_id DESC LIMIT ?`,
    ...values,
    params.limit + 1,
  );
  return toPage(rows.map(toRunRow), params.limit, (row) => [row.updated_at, row.workflow_run_id]);
}
