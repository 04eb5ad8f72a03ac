import { decodeCursor, foldCase, type ListRuns, type Page, type RunRow, toPage } from '@wfm/workflow-engine/ports';
import type { Filter } from 'mongodb';
import type { MongoContext } from './context.ts';
import type { RunDoc } from './documents.ts';
import { contains } from './filters.ts';
import { toRunRow } from './run-rows.ts';

/** A page of a user's runs, newest first. */
export async function listRuns({ connection }: MongoContext, params: ListRuns): Promise<Page<RunRow>> {
  const where: Filter<RunDoc>[] = [{ user_id: params.userId, parent_run_id: null }];
  if (params.waiting === true) where.push({ interaction_id: { $ne: null } });
  if (params.status !== undefined) where.push({ status: params.status });
  if (params.templateId !== undefined) where.push({ template_id: params.templateId });
  if (params.q !== undefined && params.q !== '') where.push(contains('search', foldCase(params.q)));
  if (params.from !== undefined) where.push({ updated_at: { $gte: params.from } });
  if (params.to !== undefined) where.push({ updated_at: { $lt: params.to } });
  if (params.cursor !== undefined) {
    const [time = '', id = ''] = decodeCursor(params.cursor, 2);
    where.push({ updated_at: { $lte: time } });
    where.push({ $or: [{ updated_at: { $lt: time } }, { updated_at: time, _id: { $lt: id } }] });
  }
  const rows = await connection
    .collection('runs')
    .find({ $and: where }, { sort: { updated_at: -1, _id: -1 }, limit: params.limit + 1 })
    .toArray();
  return toPage(rows.map(toRunRow), params.limit, (row) => [row.updated_at, row.workflow_run_id]);
}
