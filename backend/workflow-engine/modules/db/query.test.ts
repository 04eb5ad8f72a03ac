import { describe, expect, it } from 'vitest';
import type { TableQuery, TableStore } from '../../ports/table-store.ts';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { storedRun } from '../testing/stored-run.ts';
import { dbQuery } from './query.ts';

function fakeTables(
  rows: Record<string, unknown>[] = [],
): TableStore & { asked: { userId: string; query: TableQuery }[] } {
  const asked: { userId: string; query: TableQuery }[] = [];
  const field = (name: string) => ({ name, type: 'text' as const, title: name });
  return {
    asked,
    describe: () => [{ name: 'dishes', title: 'Dishes', fields: [field('name'), field('price')] }],
    query: async (params) => {
      asked.push(params);
      return rows;
    },
  };
}
const run = (inputs: Record<string, unknown>, tables = fakeTables()) =>
  runModule(dbQuery, inputs, moduleContext({ ports: { tables } }));
const query = { fields: ['name'] };

describe('db.query', () => {
  it('14.5 reads rows of the run’s owner, at most 100 unless said otherwise, 1000 at the most', async () => {
    const tables = fakeTables([{ name: 'Dal' }]);
    expect(await run({ table_schema: 'dishes', query }, tables)).toEqual({ results: [{ name: 'Dal' }], count: 1 });
    await run({ table_schema: { table: 'dishes' }, query: { ...query, limit: 5 } }, tables);
    await run({ table_schema: { name: 'dishes' }, query: { ...query, limit: '5000' } }, tables);
    expect(tables.asked.map(({ userId, query: { limit } }) => [userId, limit])).toEqual([
      ['user-1', 100],
      ['user-1', 5],
      ['user-1', 1000],
    ]);
  });

  it.each([
    [{ name: 'Dal' }, [{ field: 'name', operator: 'eq', value: 'Dal' }]],
    [{ name: ['Dal', 'Soup'] }, [{ field: 'name', operator: 'in', value: ['Dal', 'Soup'] }]],
    [
      { price: { gte: 1, $lt: 9 } },
      [
        { field: 'price', operator: 'gte', value: 1 },
        { field: 'price', operator: 'lt', value: 9 },
      ],
    ],
    [{ name: null }, [{ field: 'name', operator: 'eq', value: null }]],
    [null, []],
  ])('14.5 filters: %j', async (filter, where) => {
    const tables = fakeTables();
    await run({ table_schema: 'dishes', query: { ...query, filter } }, tables);
    expect(tables.asked[0]?.query.where).toEqual(where);
  });

  it.each([
    ['name', [{ field: 'name', descending: false }]],
    ['-price', [{ field: 'price', descending: true }]],
    [
      { price: -1, name: 1 },
      [
        { field: 'price', descending: true },
        { field: 'name', descending: false },
      ],
    ],
    [
      [{ field: 'price', direction: 'desc' }, 'name'],
      [
        { field: 'price', descending: true },
        { field: 'name', descending: false },
      ],
    ],
    [{ price: 'asc' }, [{ field: 'price', descending: false }]],
  ])('14.5 sorts: %j', async (sort, expected) => {
    const tables = fakeTables();
    await run({ table_schema: 'dishes', query: { ...query, sort } }, tables);
    expect(tables.asked[0]?.query.sort).toEqual(expected);
  });

  it.each([
    ['table_unknown', { table_schema: 'users', query }],
    ['table_unknown', { table_schema: {}, query }],
    ['field_refused', { table_schema: 'dishes', query: { fields: ['password'] } }],
    ['field_refused', { table_schema: 'dishes', query: { ...query, filter: { user_id: 'other' } } }],
    ['field_refused', { table_schema: 'dishes', query: { ...query, filter: { $where: '1' } } }],
    ['field_refused', { table_schema: 'dishes', query: { ...query, sort: '-user_id' } }],
    ['operator_refused', { table_schema: 'dishes', query: { ...query, filter: { name: { $regex: '.*' } } } }],
    ['operator_refused', { table_schema: 'dishes', query: { ...query, filter: { name: { eq: { $ne: null } } } } }],
    ['operator_refused', { table_schema: 'dishes', query: { ...query, filter: { name: { in: 'Dal' } } } }],
    ['operator_refused', { table_schema: 'dishes', query: { ...query, sort: 5 } }],
    ['input_invalid', { table_schema: 'dishes', query: { fields: [] } }],
  ])('14.5 %s: %j', async (code, inputs) => {
    const tables = fakeTables();
    await expect(run(inputs, tables)).rejects.toMatchObject({ code });
    expect(tables.asked).toEqual([]);
  });

  it('14.5 the call is kept with the run', async () => {
    const test = moduleContext({ ports: { tables: fakeTables([{ name: 'Dal' }]) } });
    await runModule(dbQuery, { table_schema: 'dishes', query }, test);
    expect(test.told.calls).toMatchObject([{ kind: 'table', target: 'dishes', reply: { count: 1 }, error: null }]);
  });

  it('14.5 works on our own tables', async () => {
    const { context, runId } = await storedRun();
    const inputs = {
      table_schema: 'workflow_runs',
      query: { fields: ['workflow_run_id', 'status'], filter: { status: 'processing' } },
    };
    expect(await runModule(dbQuery, inputs, context())).toEqual({
      results: [{ workflow_run_id: runId, status: 'processing' }],
      count: 1,
    });
    expect(await runModule(dbQuery, inputs, context({ userId: 'user-2' }))).toEqual({ results: [], count: 0 });
  });

  it('14.5 mock data: two rows with the asked fields', () => {
    const mock = dbQuery.kind === 'effect' ? dbQuery.mock?.({ query }) : undefined;
    expect(mock).toMatchObject({
      outputs: { count: 2 },
      schemas: { results: { minItems: 2, maxItems: 2, items: { required: ['name'] } } },
    });
  });
});
