import {
  checkTableQuery,
  describeTables,
  type OwnTableName,
  type TableQuery,
  type TableStore,
} from '@wfm/workflow-engine/ports';
import type { SQLInputValue } from 'node:sqlite';
import { read, type SqliteContext } from './context.ts';

/** Where each table's rows come from; the owner is always the first value. */
const sources: Record<OwnTableName, string> = {
  workflow_runs:
    'SELECT workflow_run_id, project_name, template_name, status, created_at, updated_at FROM runs WHERE user_id = ?',
  run_files: `SELECT f.filename, f.category, f.content_type, f.bytes, f.created_at, r.workflow_run_id
    FROM run_files f JOIN runs r ON r.no = f.run_no WHERE r.user_id = ?`,
  keywords: 'SELECT keyword, weight, last_used, template_id FROM keywords WHERE user_id = ?',
};

const comparisons: Record<string, string> = {
  eq: 'IS ?',
  ne: 'IS NOT ?',
  gt: '> ?',
  gte: '>= ?',
  lt: '< ?',
  lte: '<= ?',
};

/** `TableStore` on SQLite: names come from the description alone, values are bound. */
export function sqliteTables({ connection }: SqliteContext, opened: readonly OwnTableName[]): TableStore {
  return {
    describe: () => describeTables(opened),
    query: ({ userId, query }) =>
      read(() => {
        const table = checkTableQuery(opened, query);
        const values: SQLInputValue[] = [userId];
        const where = query.where.map((condition) => toSql(condition, values));
        const order = [
          ...query.sort.map(({ field, descending }) => `"${field}"${descending ? ' DESC' : ''}`),
          ...table.fields.map(({ name }) => `"${name}"`),
        ];
        const sql = `SELECT ${query.fields.map((field) => `"${field}"`).join(', ')} FROM (${sources[table.name]})
          ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY ${order.join(', ')} LIMIT ?`;
        return connection.all(sql, ...values, query.limit);
      }),
  };
}

function toSql({ field, operator, value }: TableQuery['where'][number], values: SQLInputValue[]): string {
  if (operator === 'in') {
    values.push(JSON.stringify(value));
    return `"${field}" IN (SELECT value FROM json_each(?))`;
  }
  values.push(value as SQLInputValue);
  return operator === 'contains' ? `instr("${field}", ?) > 0` : `"${field}" ${comparisons[operator]}`;
}
