import { describe, expect, test } from 'vitest';
import type { TableQuery } from '../ports/table-store.ts';
import { expectCode } from './expect-code.ts';
import { startSample } from './run-samples.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

/** `db.query` over our own tables (format.md 14.5): owner only, names by description, values bound. */
export function tableStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: tables`, () => {
    const current = useDatabase(setup);
    const query = (changes: Partial<TableQuery>, userId = 'user-1') =>
      current().database.tables.query({
        userId,
        query: {
          table: 'workflow_runs',
          where: [],
          fields: ['project_name'],
          sort: [{ field: 'project_name', descending: false }],
          limit: 100,
          ...changes,
        },
      });
    const names = async (where: TableQuery['where']) => (await query({ where })).map((row) => row['project_name']);

    const fill = async () => {
      const { database } = current();
      const [run] = [
        await startSample(database.runs, {
          project_name: 'Alpha',
          status: 'completed',
          created_at: '2026-01-01T00:00:00.000Z',
        }),
        await startSample(database.runs, { project_name: 'beta', created_at: '2026-02-01T00:00:00.000Z' }),
        await startSample(database.runs, { project_name: "c' OR 1=1 --%_", created_at: '2026-03-01T00:00:00.000Z' }),
        await startSample(database.runs, { user_id: 'user-2', project_name: 'foreign' }),
      ];
      return run;
    };

    test('7 (law) rows are the owner’s alone', async () => {
      await fill();
      expect((await query({})).map((row) => row['project_name'])).toEqual(['Alpha', 'beta', "c' OR 1=1 --%_"]);
      expect(await query({}, 'user-2')).toEqual([{ project_name: 'foreign' }]);
      expect(await query({}, 'user-3')).toEqual([]);
    });

    test('14.5 every operator', async () => {
      await fill();
      const field = 'project_name';
      expect(await names([{ field, operator: 'eq', value: 'beta' }])).toEqual(['beta']);
      expect(await names([{ field, operator: 'ne', value: 'beta' }])).toEqual(['Alpha', "c' OR 1=1 --%_"]);
      expect(await names([{ field, operator: 'gt', value: 'beta' }])).toEqual(["c' OR 1=1 --%_"]);
      expect(await names([{ field, operator: 'gte', value: 'beta' }])).toEqual(['beta', "c' OR 1=1 --%_"]);
      expect(await names([{ field: 'created_at', operator: 'lt', value: '2026-02-01T00:00:00.000Z' }])).toEqual([
        'Alpha',
      ]);
      expect(await names([{ field: 'created_at', operator: 'lte', value: '2026-02-01T00:00:00.000Z' }])).toEqual([
        'Alpha',
        'beta',
      ]);
      expect(await names([{ field, operator: 'in', value: ['Alpha', 'foreign', 'beta'] }])).toEqual(['Alpha', 'beta']);
      expect(await names([{ field, operator: 'in', value: [] }])).toEqual([]);
      expect(await names([{ field, operator: 'contains', value: 'et' }])).toEqual(['beta']);
      expect(await names([{ field, operator: 'contains', value: '%_' }])).toEqual(["c' OR 1=1 --%_"]);
      expect(await names([{ field, operator: 'contains', value: 'ALPHA' }])).toEqual([]);
      expect(await names([{ field, operator: 'eq', value: null }])).toEqual([]);
      expect(await names([{ field, operator: 'ne', value: null }])).toHaveLength(3);
      expect(
        await names([
          { field, operator: 'gt', value: 'A' },
          { field: 'status', operator: 'eq', value: 'completed' },
        ]),
      ).toEqual(['Alpha']);
    });

    test('a hostile value finds nothing and breaks nothing', async () => {
      await fill();
      for (const value of ["' OR ''='", '1); DROP TABLE runs; --', '%', '_', '"']) {
        expect(await names([{ field: 'project_name', operator: 'eq', value }])).toEqual([]);
      }
      expect(await query({})).toHaveLength(3);
    });

    test('fields, order and limit', async () => {
      const run = await fill();
      const rows = await query({
        fields: ['status', 'workflow_run_id'],
        sort: [{ field: 'created_at', descending: true }],
        limit: 2,
      });
      expect(rows.map((row) => Object.keys(row))).toEqual([
        ['status', 'workflow_run_id'],
        ['status', 'workflow_run_id'],
      ]);
      const [last] = await query({
        fields: ['workflow_run_id'],
        sort: [{ field: 'status', descending: false }],
        limit: 1,
      });
      expect(last).toEqual({ workflow_run_id: run.runId });
      expect(await query({ sort: [], limit: 3 })).toHaveLength(3);
    });

    test('files and keywords are tables too', async () => {
      const run = await fill();
      const { database } = current();
      const file = {
        file_id: 'f',
        workflow_run_id: run.runId,
        branch_id: run.branchId,
        category: 'outputs',
        group: null,
        filename: 'a.txt',
        content_type: 'text',
        step_id: 's',
        module_name: 'm',
        bytes: 12,
        created_at: '2026-01-01T00:00:00.000Z',
      } as const;
      await database.files.put({ key: 'k', file, data: new Uint8Array(12) });
      const keyword = { keyword: 'x', weight: 1.5, last_used: '2026-01-01T00:00:00.000Z', fields: {} };
      await database.keywords.save({
        scope: { userId: 'user-1', templateId: 't' },
        key: 'k',
        runId: run.runId,
        keywords: [keyword],
        accumulate: true,
      });
      const sort = [{ field: 'bytes', descending: true }];
      const where = [{ field: 'bytes', operator: 'gte', value: 12 }] as const;
      expect(
        await query({ table: 'run_files', fields: ['filename', 'bytes', 'workflow_run_id'], sort, where: [...where] }),
      ).toEqual([{ filename: 'a.txt', bytes: 12, workflow_run_id: run.runId }]);
      expect(await query({ table: 'run_files', fields: ['filename'], sort }, 'user-2')).toEqual([]);
      const weights = [{ field: 'weight', operator: 'in', value: [1.5] }] as const;
      expect(
        await query({ table: 'keywords', fields: ['keyword', 'template_id'], sort: [], where: [...weights] }),
      ).toEqual([{ keyword: 'x', template_id: 't' }]);
    });

    test('unknown names and unfit values are refused', async () => {
      await expectCode(query({ table: 'users' }), 'table_unknown');
      await expectCode(query({ fields: ['user_id'] }), 'field_refused');
      await expectCode(query({ fields: ['project_name" FROM users --'] }), 'field_refused');
      await expectCode(query({ sort: [{ field: 'no', descending: false }] }), 'field_refused');
      await expectCode(query({ where: [{ field: 'search', operator: 'eq', value: '' }] }), 'field_refused');
      for (const [operator, value] of [
        ['eq', 1],
        ['gt', null],
        ['in', 'x'],
        ['in', [1]],
        ['contains', 1],
        ['like', '%'],
        ['eq', {}],
      ] as const) {
        const where = [{ field: 'project_name', operator: operator as 'eq', value }];
        await expectCode(query({ where }), 'operator_refused');
      }
      await expectCode(
        query({
          table: 'run_files',
          fields: ['bytes'],
          sort: [],
          where: [{ field: 'bytes', operator: 'contains', value: '1' }],
        }),
        'operator_refused',
      );
    });

    test('the description names every field that can be asked', async () => {
      await fill();
      for (const table of current().database.tables.describe()) {
        const fields = table.fields.map((field) => field.name);
        expect(Array.isArray(await query({ table: table.name, fields, sort: [] }))).toBe(true);
      }
    });
  });
}
