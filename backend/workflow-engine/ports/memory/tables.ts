import { checkTableQuery, describeTables, type OwnTableName } from '../own-tables.ts';
import { compareText } from '../store-rules.ts';
import type { TableQuery, TableStore } from '../table-store.ts';
import type { MemoryState } from './state.ts';

type Row = Record<string, string | number | null>;

/** `TableStore` in memory, over the other twins' data. */
export function memoryTables(state: MemoryState, opened: readonly OwnTableName[]): TableStore {
  return {
    describe: () => describeTables(opened),
    async query({ userId, query }) {
      const table = checkTableQuery(opened, query);
      const order = [...query.sort, ...table.fields.map(({ name }) => ({ field: name, descending: false }))];
      return rowsOf[table.name](state, userId)
        .filter((row) => query.where.every((condition) => holds(row, condition)))
        .sort((a, b) => compareRows(a, b, order))
        .slice(0, query.limit)
        .map((row) => Object.fromEntries(query.fields.map((field) => [field, row[field]])));
    },
  };
}

const rowsOf: Record<OwnTableName, (state: MemoryState, userId: string) => Row[]> = {
  workflow_runs: (state, userId) =>
    runsOf(state, userId).map(({ row }) => ({
      workflow_run_id: row.workflow_run_id,
      project_name: row.project_name,
      template_name: row.template_name,
      status: row.status,
      created_at: row.created_at,
      updated_at: row.updated_at,
    })),
  run_files: (state, userId) =>
    runsOf(state, userId).flatMap(({ files }) =>
      files.map(({ row }) => ({
        filename: row.filename,
        category: row.category,
        content_type: row.content_type,
        bytes: row.bytes,
        created_at: row.created_at,
        workflow_run_id: row.workflow_run_id,
      })),
    ),
  keywords: (state, userId) =>
    [...state.keywords.values()]
      .filter(({ scope }) => scope.userId === userId)
      .flatMap(({ scope, rows }) =>
        Array.from(rows.values(), ({ keyword, weight, last_used }) => ({
          keyword,
          weight,
          last_used,
          template_id: scope.templateId,
        })),
      ),
};

function runsOf(state: MemoryState, userId: string) {
  return [...state.runs.values()].filter(({ row }) => row.user_id === userId);
}

function holds(row: Row, { field, operator, value }: TableQuery['where'][number]): boolean {
  const actual = row[field] ?? null;
  if (operator === 'in') return Array.isArray(value) && value.includes(actual);
  if (operator === 'contains') return String(actual).includes(String(value));
  if (operator === 'eq') return actual === value;
  if (operator === 'ne') return actual !== value;
  if (actual === null || (typeof value !== 'string' && typeof value !== 'number')) return false;
  const order = compareValues(actual, value);
  if (operator === 'gt') return order > 0;
  if (operator === 'gte') return order >= 0;
  return operator === 'lt' ? order < 0 : order <= 0;
}

function compareValues(a: string | number | null, b: string | number | null): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
}

function compareRows(a: Row, b: Row, order: readonly TableQuery['sort'][number][]): number {
  for (const { field, descending } of order) {
    const difference = compareValues(a[field] ?? null, b[field] ?? null);
    if (difference !== 0) return descending ? -difference : difference;
  }
  return 0;
}
