import { type ErrorCode, WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import type { TableDescription, TableOperator, TableQuery } from '../../ports/table-store.ts';

const defaultRows = 100;
const mostRows = 1000;
const mostValues = 1000;

const operators = new Set<string>(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'contains'] satisfies TableOperator[]);

export interface WrittenQuery {
  filter?: JsonObject | undefined;
  fields: string[];
  sort?: unknown;
  limit?: number | undefined;
}

/**
 * An author's query as one with plain names and values, all of them known (format.md 14.5).
 *
 * Filter: `{ field: value }`, `{ field: [values] }` or `{ field: { gt: value } }`, operators with or without `$`.
 * Sort: `{ field: -1 }`, `"-field"`, or a list of these or of `{ field, direction }`.
 *
 * @throws WfmError `table_unknown`, `field_refused`, `operator_refused`, each with its place
 */
export function tableQuery(tables: readonly TableDescription[], name: string, written: WrittenQuery): TableQuery {
  const table = tables.find((candidate) => candidate.name === name);
  if (!table) {
    const known = tables.map((candidate) => candidate.name);
    const list =
      known.length > 0 ? ` Open to workflows: ${known.join(', ')}.` : ' The server has opened no tables to workflows.';
    throw refused('table_unknown', `There is no table "${name}".${list}`, 'inputs.table_schema', {
      table: name,
      known,
    });
  }
  const fields = new Set(table.fields.map((field) => field.name));
  const known = (field: string, place: string): string => {
    if (fields.has(field)) return field;
    const message = `The table "${name}" has no field "${field}". It has: ${[...fields].join(', ')}.`;
    throw refused('field_refused', message, place, { table: name, field, known: [...fields] });
  };
  return {
    table: name,
    where: Object.entries(written.filter ?? {}).flatMap(([field, condition]) =>
      conditions(known(field, `inputs.query.filter.${field}`), condition),
    ),
    fields: [...new Set(written.fields.map((field, index) => known(field, `inputs.query.fields[${index}]`)))],
    sort: sortKeys(written.sort).map(({ field, descending }) => ({
      field: known(field, 'inputs.query.sort'),
      descending,
    })),
    limit: Math.min(written.limit ?? defaultRows, mostRows),
  };
}

function conditions(field: string, condition: unknown): TableQuery['where'] {
  const place = `inputs.query.filter.${field}`;
  if (!isJsonObject(condition)) {
    const operator: TableOperator = Array.isArray(condition) ? 'in' : 'eq';
    return [{ field, operator, value: plainValue(operator, condition, place) }];
  }
  return Object.entries(condition).map(([written, value]) => {
    const operator = written.replace(/^\$/, '');
    if (!operators.has(operator)) {
      const message = `"${written}" is not allowed in a filter. Allowed are: ${[...operators].join(', ')}.`;
      throw refused('operator_refused', message, place, { operator: written });
    }
    return { field, operator: operator as TableOperator, value: plainValue(operator, value, place) };
  });
}

/** Only plain values reach a database: an object there could be an operator. */
function plainValue(operator: string, value: unknown, place: string): unknown {
  if (operator === 'in') {
    if (Array.isArray(value) && value.length <= mostValues && value.every(isScalar)) return value as unknown[];
    throw refused('operator_refused', `"in" takes a list of at most ${mostValues} plain values.`, place, { operator });
  }
  if (isScalar(value)) return value;
  throw refused(
    'operator_refused',
    `"${operator}" takes a plain value: a text, a number, true or false, or null.`,
    place,
    { operator },
  );
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function sortKeys(written: unknown): { field: string; descending: boolean }[] {
  if (written === undefined || written === null) return [];
  if (Array.isArray(written)) return written.flatMap(sortKeys);
  if (typeof written === 'string') return [{ field: written.replace(/^-/, ''), descending: written.startsWith('-') }];
  if (isJsonObject(written)) {
    const { field, direction } = written;
    if (typeof field === 'string' && (direction === undefined || !isDirection(field)))
      return [{ field, descending: isDescending(direction) }];
    return Object.entries(written).map(([name, order]) => ({ field: name, descending: isDescending(order) }));
  }
  throw refused(
    'operator_refused',
    'Sort is a field name, or an object of fields with 1 or -1.',
    'inputs.query.sort',
    {},
  );
}

function isDirection(text: string): boolean {
  return /^(?:asc|desc)(?:ending)?$/i.test(text);
}

function isDescending(order: unknown): boolean {
  if (typeof order === 'number') return order < 0;
  return typeof order === 'string' && (/^desc/i.test(order) || order === '-1');
}

function refused(code: ErrorCode, message: string, place: string, params: JsonObject): WfmError {
  return new WfmError(code, message, { place, params });
}
