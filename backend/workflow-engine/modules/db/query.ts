import { z } from 'zod';
import { toStoredError } from '../../errors/index.ts';
import type { JsonObject } from '../../models/json.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { tableQuery } from './table-query.ts';

const tableName = z.union([
  z.string().min(1),
  z.looseObject({ table: z.string().optional(), name: z.string().optional() }),
]);

export const dbQuery = defineModule({
  id: 'db.query',
  kind: 'effect',
  revision: 1,
  title: 'Query a table',
  description: 'Reads rows of the person who runs the workflow from a table that the server has opened.',
  ports: ['tables'],
  inputs: z.object({
    table_schema: field(tableName, 'Table', 'The name of the table.'),
    query: field(
      z.looseObject({
        filter: field(
          z.record(z.string(), z.unknown()).nullish(),
          'Filter',
          'Conditions by field: a value, a list, or { "gt": value }.',
        ),
        fields: field(z.array(z.string()).min(1), 'Fields', 'Which fields each row shall have.'),
        sort: field(z.unknown().optional(), 'Sort', 'A field, "-field", or { "field": -1 }.'),
        limit: field(z.number().int().min(1).nullish(), 'Limit', 'Most rows; default 100, never over 1000.'),
      }),
      'Query',
      'Filter, fields, sort and limit.',
    ),
  }),
  outputs: z.object({
    results: field(z.array(z.record(z.string(), z.unknown())), 'Rows', 'The rows that were found.'),
    count: field(z.number().int(), 'Count', 'How many there are.'),
  }),
  mock: (given) => {
    const names = given.query.fields;
    const row = {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string', title: name }])),
      required: names,
    };
    return { outputs: { count: 2 }, schemas: { results: { type: 'array', minItems: 2, maxItems: 2, items: row } } };
  },
  async run(given, context) {
    const { tables } = context.ports;
    const { table_schema: table } = given;
    const name = typeof table === 'string' ? table : (table.table ?? table.name ?? '');
    const { filter, fields, sort, limit } = given.query;
    const query = tableQuery(tables.describe(), name, {
      filter: filter ?? undefined,
      fields,
      sort,
      limit: limit ?? undefined,
    });
    const started = performance.now();
    const record = (reply: JsonObject | null, error: unknown) =>
      context.recordCall({
        kind: 'table',
        provider: 'tables',
        target: name,
        request: query,
        reply,
        error: error === undefined ? null : toStoredError(error),
        usage: null,
        duration_ms: Math.round(performance.now() - started),
      });
    try {
      const results = await tables.query({ userId: context.userId, query });
      record({ count: results.length }, undefined);
      return { results, count: results.length };
    } catch (thrown) {
      record(null, thrown);
      throw thrown;
    }
  },
});
