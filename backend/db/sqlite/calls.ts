import type { Usage } from '@wfm/workflow-engine/events';
import {
  addUsage,
  type CallRecord,
  type CallStore,
  decodeCursor,
  toPage,
  usageFields,
} from '@wfm/workflow-engine/ports';
import { read, type SqliteContext } from './context.ts';
import { parseJson } from './json.ts';
import { insertCalls } from './run-create.ts';
import { requireRunNo } from './run-rows.ts';

const sums = usageFields.map((field) => `sum(c.${field}) AS ${field}`).join(', ');

/** Numbers of a run and of its child runs; takes the run's number, then its id. */
const familyOf = '(SELECT ? UNION ALL SELECT no FROM runs WHERE parent_run_id = ?)';

type Sums = Record<(typeof usageFields)[number], number | null>;

/** `CallStore` on SQLite; most rows are written with their append (run-create.ts). */
export function sqliteCalls({ connection, queue }: SqliteContext): CallStore {
  return {
    add: ({ runId, calls }) => queue.submit(() => insertCalls(connection, requireRunNo(connection, runId), calls)),
    list: ({ runId, limit, cursor }) =>
      read(() => {
        const after = cursor === undefined ? -1 : Number(decodeCursor(cursor, 1)[0]);
        const rows = connection.all<{ no: number; record: string }>(
          `SELECT no, record FROM calls WHERE run_no IN ${familyOf} AND no > ? ORDER BY no LIMIT ?`,
          requireRunNo(connection, runId),
          runId,
          Number.isSafeInteger(after) ? after : -1,
          limit + 1,
        );
        const page = toPage(rows, limit, (row) => [String(row.no)]);
        return { items: page.items.map((row) => parseJson<CallRecord>(row.record)), next_cursor: page.next_cursor };
      }),
    usage: ({ runId }) =>
      read(() => {
        const by = connection
          .all<Sums & { provider: string; target: string }>(
            `SELECT c.provider, c.target, ${sums} FROM calls c WHERE c.run_no IN ${familyOf}
              GROUP BY c.provider, c.target ORDER BY c.provider, c.target`,
            requireRunNo(connection, runId),
            runId,
          )
          .map((row) => ({ provider: row.provider, target: row.target, usage: toUsage(row) }));
        return { total: by.reduce<Usage>((sum, { usage }) => addUsage(sum, usage), {}), by };
      }),
    usageOfUser: ({ userId, from, to, by }) =>
      read(() => {
        const [key, name] =
          by === 'run'
            ? ['coalesce(p.workflow_run_id, r.workflow_run_id)', 'coalesce(p.project_name, r.project_name)']
            : ["coalesce(r.template_id, '')", 'r.template_name'];
        return connection
          .all<Sums & { key: string; name: string }>(
            `SELECT ${key} AS key, max(${name}) AS name, ${sums} FROM runs r JOIN calls c ON c.run_no = r.no
              LEFT JOIN runs p ON p.workflow_run_id = r.parent_run_id
              WHERE r.user_id = ? AND c.created_at >= ? AND (? IS NULL OR c.created_at < ?) GROUP BY 1 ORDER BY 1`,
            userId,
            from ?? '',
            to ?? null,
            to ?? null,
          )
          .map((row) => ({ key: row.key, name: row.name, usage: toUsage(row) }));
      }),
  };
}

function toUsage(row: Sums): Usage {
  const usage: Usage = {};
  for (const field of usageFields) {
    const value = row[field];
    if (value !== null) usage[field] = value;
  }
  return addUsage({}, usage);
}
