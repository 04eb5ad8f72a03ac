import { type FileStore, type RunFileRow, runNotFoundError } from '@wfm/workflow-engine/ports';
import { deleteBlob, putBlob, readBlob } from './blobs.ts';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';
import { requireRun } from './run-branches.ts';
import type { FileDoc } from './store-documents.ts';

/** `FileStore` on MongoDB. */
export function mongoFiles(context: MongoContext): FileStore {
  const { connection } = context;
  const files = () => connection.collection('files');
  return {
    put: (params) => connection.write(() => putFile(context, params)),
    newest: ({ runId, branchIds, filename }) =>
      connection.read(async () => {
        const where = { run_id: runId, filename, branch_id: { $in: branchIds } };
        return withData(context, await files().findOne(where, { sort: { order: -1 } }));
      }),
    read: ({ runId, fileId }) =>
      connection.read(async () =>
        withData(context, await files().findOne({ $or: [{ family_id: runId }, { run_id: runId }], file_id: fileId })),
      ),
    list: ({ runId }) =>
      connection.read(async () => {
        const where = { $or: [{ family_id: runId }, { run_id: runId }] };
        return (
          await files()
            .find(where, { sort: { order: 1 } })
            .toArray()
        ).map(toFile);
      }),
  };
}

async function putFile(
  context: MongoContext,
  { key, file, data }: Parameters<FileStore['put']>[0],
): Promise<RunFileRow> {
  const { connection, ids } = context;
  const { workflow_run_id: runId, ...row } = file;
  const run = await requireRun(context, runId);
  const files = connection.collection('files');
  const _id = JSON.stringify([runId, key]);
  const known = await files.findOne({ _id, run_id: runId });
  if (known) return toFile(known);

  const blob = { runId, blob: ids.uuid() };
  await putBlob(context, { ...blob, data });
  const family_id = run.parent_run_id ?? runId;
  try {
    const order = ids.uuid();
    await files.insertOne({ _id, run_id: runId, family_id, user_id: run.user_id, order, ...row, blob: blob.blob });
  } catch (error) {
    await deleteBlob(context, blob);
    const first = isDuplicate(error) ? await files.findOne({ _id, run_id: runId }) : null;
    if (first) return toFile(first);
    throw error;
  }
  if (await connection.collection('runs').findOne({ _id: runId }, { projection: { _id: 1 } })) return { ...file };
  // Deleted meanwhile: nothing may stay behind.
  await deleteBlob(context, blob);
  await files.deleteOne({ _id, run_id: runId });
  throw runNotFoundError(runId);
}

async function withData(
  context: MongoContext,
  doc: FileDoc | null,
): Promise<{ file: RunFileRow; data: Uint8Array } | null> {
  if (!doc) return null;
  return { file: toFile(doc), data: await readBlob(context, { runId: doc.run_id, blob: doc.blob }) };
}

function toFile(doc: FileDoc): RunFileRow {
  return {
    file_id: doc.file_id,
    workflow_run_id: doc.run_id,
    branch_id: doc.branch_id,
    category: doc.category,
    group: doc.group,
    filename: doc.filename,
    content_type: doc.content_type,
    step_id: doc.step_id,
    module_name: doc.module_name,
    bytes: doc.bytes,
    created_at: doc.created_at,
  };
}
