import { type ContentStore, runNotFoundError } from '@wfm/workflow-engine/ports';
import { deleteBlob, putBlob, readBlob } from './blobs.ts';
import type { MongoContext } from './context.ts';
import { unpack } from './packing.ts';
import { requireRun } from './run-branches.ts';
import { putValues } from './run-entry.ts';

/** `ContentStore` on MongoDB. */
export function mongoContent(context: MongoContext): ContentStore {
  const { connection, ids } = context;
  const uploads = () => connection.collection('uploads');
  return {
    putValue: ({ runId, sha256, json }) =>
      connection.write(async () => {
        await requireRun(context, runId);
        await putValues(context, runId, [{ sha256, json }]);
        // Deleted meanwhile: nothing may stay behind.
        if (await connection.collection('runs').findOne({ _id: runId }, { projection: { _id: 1 } })) return;
        await connection.collection('values').deleteMany({ run_id: runId });
        throw runNotFoundError(runId);
      }),
    getValue: ({ runId, sha256 }) =>
      connection.read(async () => {
        const value = await connection.collection('values').findOne({ _id: `${runId}/${sha256}`, run_id: runId });
        return value && unpack(value.json);
      }),
    putUpload: ({ upload, data }) =>
      connection.write(async () => {
        const { upload_id: id, ...row } = upload;
        const blob = ids.uuid();
        await putBlob(context, { runId: id, blob, data: data.slice() });
        const before = await uploads().findOneAndReplace({ _id: id }, { ...row, blob }, { upsert: true });
        if (before) await deleteBlob(context, { runId: id, blob: before.blob });
      }),
    getUpload: ({ uploadId, userId, now }) =>
      connection.read(async () => {
        const doc = await uploads().findOne({ _id: uploadId, user_id: userId, expires_at: { $gt: now.toISOString() } });
        if (!doc) return null;
        const { _id: upload_id, blob, ...row } = doc;
        const data = await readBlob(context, { runId: upload_id, blob });
        return { upload: { upload_id, ...row }, data };
      }),
    sweepUploads: ({ now }) =>
      connection.write(async () => {
        const expired = await uploads()
          .find({ expires_at: { $lte: now.toISOString() } }, { projection: { blob: 1 } })
          .toArray();
        let count = 0;
        for (const { _id, blob } of expired) {
          await deleteBlob(context, { runId: _id, blob });
          count += (await uploads().deleteOne({ _id, blob })).deletedCount;
        }
        return count;
      }),
  };
}
