import {
  checkTableQuery,
  describeTables,
  type OwnTableName,
  type TableQuery,
  type TableStore,
} from '@wfm/workflow-engine/ports';
import type { Document } from 'mongodb';
import type { MongoContext } from './context.ts';
import { contains } from './filters.ts';

/** Where each table's rows come from, and which of its fields have another name there. */
const sources: Record<OwnTableName, { collection: 'runs' | 'files' | 'keywords'; renamed: Record<string, string> }> = {
  workflow_runs: { collection: 'runs', renamed: { workflow_run_id: '_id' } },
  run_files: { collection: 'files', renamed: { workflow_run_id: 'run_id' } },
  keywords: { collection: 'keywords', renamed: {} },
};

const comparisons: Record<string, string> = {
  eq: '$eq',
  ne: '$ne',
  gt: '$gt',
  gte: '$gte',
  lt: '$lt',
  lte: '$lte',
  in: '$in',
};

/** `TableStore` on MongoDB: names come from the description alone, values stand behind an operator of ours. */
export function mongoTables({ connection }: MongoContext, opened: readonly OwnTableName[]): TableStore {
  return {
    describe: () => describeTables(opened),
    query: ({ userId, query }) =>
      connection.read(async () => {
        const table = checkTableQuery(opened, query);
        const { collection, renamed } = sources[table.name];
        const stored = (field: string) => renamed[field] ?? field;
        const where: Document[] = [{ user_id: { $eq: userId } }];
        for (const condition of query.where) where.push(toFilter(condition, stored(condition.field)));
        const sort = new Map<string, 1 | -1>();
        for (const { field, descending } of [
          ...query.sort,
          ...table.fields.map(({ name }) => ({ field: name, descending: false })),
        ])
          if (!sort.has(stored(field))) sort.set(stored(field), descending ? -1 : 1);
        const rows: Document[] = await connection
          .raw(collection)
          .find({ $and: where }, { sort, limit: query.limit, projection: projectionOf(query.fields.map(stored)) })
          .toArray();
        return rows.map((row) => Object.fromEntries(query.fields.map((field) => [field, row[stored(field)]])));
      }),
  };
}

function projectionOf(fields: string[]): Document {
  return { _id: 0, ...Object.fromEntries(fields.map((field) => [field, 1])) };
}

function toFilter({ operator, value }: TableQuery['where'][number], field: string): Document {
  if (operator === 'contains') return contains(field, String(value));
  return { [field]: { [comparisons[operator] ?? '$eq']: value } };
}
