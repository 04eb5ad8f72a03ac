import type { Usage } from '@wfm/workflow-engine/events';
import {
  addUsage,
  type CallRecord,
  type CallStore,
  compareText,
  decodeCursor,
  runNotFoundError,
  toPage,
  usageFields,
} from '@wfm/workflow-engine/ports';
import type { Document } from 'mongodb';
import type { MongoContext } from './context.ts';
import { parseJson, unpack } from './packing.ts';
import { callDoc } from './run-entry.ts';
import { requireRun } from './run-branches.ts';

/** Sums of what is known; a maximum is null where nothing is. */
const sums = Object.fromEntries<object>(
  usageFields.flatMap((field): [string, object][] => [
    [field, { $sum: `$usage.${field}` }],
    [`has_${field}`, { $max: `$usage.${field}` }],
  ]),
);

/** `CallStore` on MongoDB; most records are written with their append (run-entry.ts). */
export function mongoCalls(context: MongoContext): CallStore {
  const { connection } = context;
  return {
    add: ({ runId, calls }) =>
      connection.write(async () => {
        const run = await requireRun(context, runId);
        const docs = await Promise.all(calls.map((call) => callDoc(context, run, call, context.ids.uuid())));
        if (docs.length > 0) await connection.collection('calls').insertMany(docs);
        if (await connection.collection('runs').findOne({ _id: runId }, { projection: { _id: 1 } })) return;
        // Deleted meanwhile: nothing may stay behind.
        await connection.collection('calls').deleteMany({ run_id: runId });
        throw runNotFoundError(runId);
      }),
    list: ({ runId, limit, cursor }) =>
      connection.read(async () => {
        const [after = ''] = cursor === undefined ? [] : decodeCursor(cursor, 1);
        await requireRun(context, runId);
        const rows = await connection
          .collection('calls')
          .find({ family_id: runId, order: { $gt: after } }, { sort: { order: 1 }, limit: limit + 1 })
          .toArray();
        const page = toPage(rows, limit, (row) => [row.order]);
        const items = await Promise.all(page.items.map(async (row) => parseJson<CallRecord>(await unpack(row.record))));
        return { items, next_cursor: page.next_cursor };
      }),
    usage: ({ runId }) =>
      connection.read(async () => {
        await requireRun(context, runId);
        const rows = await connection
          .collection('calls')
          .aggregate([
            { $match: { family_id: runId } },
            { $group: { _id: { provider: '$provider', target: '$target' }, ...sums } },
          ])
          .toArray();
        const by = rows
          .map((row) => ({ ...(row['_id'] as { provider: string; target: string }), usage: toUsage(row) }))
          .sort((a, b) => compareText(a.provider, b.provider) || compareText(a.target, b.target));
        return { total: by.reduce<Usage>((sum, { usage }) => addUsage(sum, usage), {}), by };
      }),
    usageOfUser: ({ userId, from, to, by }) =>
      connection.read(async () => {
        const rows = await connection
          .collection('calls')
          .aggregate([
            { $match: { user_id: userId, created_at: { $gte: from ?? '', ...(to === undefined ? {} : { $lt: to }) } } },
            {
              $group: {
                _id: by === 'run' ? '$family_id' : { $ifNull: ['$template_id', ''] },
                name: { $max: '$template_name' },
                ...sums,
              },
            },
          ])
          .toArray();
        const keys = rows.map((row) => String(row['_id']));
        const names = by === 'run' ? await projectNames(context, keys) : new Map<string, string>();
        return rows
          .map((row) => {
            const key = String(row['_id']);
            return { key, name: names.get(key) ?? String(row['name']), usage: toUsage(row) };
          })
          .sort((a, b) => compareText(a.key, b.key));
      }),
  };
}

async function projectNames({ connection }: MongoContext, runIds: string[]): Promise<Map<string, string>> {
  const runs = await connection
    .collection('runs')
    .find({ _id: { $in: runIds } }, { projection: { project_name: 1 } })
    .toArray();
  return new Map(runs.map((run) => [run._id, run.project_name]));
}

function toUsage(row: Document): Usage {
  const usage: Usage = {};
  for (const field of usageFields) if (typeof row[`has_${field}`] === 'number') usage[field] = Number(row[field]);
  return addUsage({}, usage);
}
