import { WfmError } from '../errors/index.ts';
import type { TableDescription, TableQuery } from './table-store.ts';

/** Our own data as tables for `db.query` (format.md 14.5): every row belongs to one user. */
export const ownTables = [
  {
    name: 'workflow_runs',
    title: 'Runs',
    fields: [
      { name: 'workflow_run_id', type: 'text', title: 'Run' },
      { name: 'project_name', type: 'text', title: 'Project' },
      { name: 'template_name', type: 'text', title: 'Workflow' },
      { name: 'status', type: 'text', title: 'Status' },
      { name: 'created_at', type: 'time', title: 'Started' },
      { name: 'updated_at', type: 'time', title: 'Last change' },
    ],
  },
  {
    name: 'run_files',
    title: 'Files of runs',
    fields: [
      { name: 'filename', type: 'text', title: 'File name' },
      { name: 'category', type: 'text', title: 'Category' },
      { name: 'content_type', type: 'text', title: 'Kind of content' },
      { name: 'bytes', type: 'number', title: 'Size in bytes' },
      { name: 'created_at', type: 'time', title: 'Written' },
      { name: 'workflow_run_id', type: 'text', title: 'Run' },
    ],
  },
  {
    name: 'keywords',
    title: 'Remembered keywords',
    fields: [
      { name: 'keyword', type: 'text', title: 'Keyword' },
      { name: 'weight', type: 'number', title: 'Weight' },
      { name: 'last_used', type: 'time', title: 'Last used' },
      { name: 'template_id', type: 'text', title: 'Workflow' },
    ],
  },
] as const satisfies TableDescription[];

export type OwnTableName = (typeof ownTables)[number]['name'];

/** The descriptions of the tables that the settings open. */
export function describeTables(opened: readonly OwnTableName[]): TableDescription[] {
  return ownTables.filter((table) => opened.includes(table.name));
}

/**
 * The description of the query's table, after checking every name and value in the query against it. Throws
 * `table_unknown`, `field_refused`, `operator_refused`. Adapters build their query from checked names only.
 */
export function checkTableQuery(
  opened: readonly OwnTableName[],
  query: TableQuery,
): TableDescription & { name: OwnTableName } {
  const table = ownTables.find((candidate) => candidate.name === query.table && opened.includes(candidate.name));
  if (!table) {
    throw new WfmError('table_unknown', `There is no table "${query.table}".`, {
      params: { table: query.table, known: [...opened] },
    });
  }
  const types = new Map<string, string>(table.fields.map((field) => [field.name, field.type]));
  for (const name of [
    ...query.fields,
    ...query.where.map(({ field }) => field),
    ...query.sort.map(({ field }) => field),
  ]) {
    if (types.has(name)) continue;
    throw new WfmError('field_refused', `The table "${table.name}" has no field "${name}".`, {
      params: { table: table.name, field: name, known: [...types.keys()] },
    });
  }
  for (const { field, operator, value } of query.where) {
    if (fits(types.get(field), operator, value)) continue;
    throw new WfmError('operator_refused', `"${operator}" with this value is not possible on the field "${field}".`, {
      params: { table: table.name, field, operator },
    });
  }
  return table;
}

const operators = new Set(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'contains']);

/** Values must be of the field's type: databases differ in how they compare a text with a number. */
function fits(type: string | undefined, operator: string, value: unknown): boolean {
  if (!operators.has(operator)) return false;
  if (operator === 'contains') return type !== 'number' && typeof value === 'string';
  const wanted = type === 'number' ? 'number' : 'string';
  if (operator === 'in')
    return Array.isArray(value) && value.length <= 1000 && value.every((item) => typeof item === wanted);
  if (value === null) return operator === 'eq' || operator === 'ne';
  return typeof value === wanted;
}
