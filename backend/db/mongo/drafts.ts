import { limits } from '@wfm/workflow-engine/models';
import {
  type CheckpointHead,
  type DraftRow,
  type DraftStore,
  type SourceBuffer,
  templateNotFoundError,
} from '@wfm/workflow-engine/ports';
import { storageUnavailable } from '../storage-errors.ts';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';
import { dropFiles, dropWritten, loadFiles, storeFiles } from './packages.ts';
import { pack, parseJson, unpack } from './packing.ts';
import type { DraftCheckpointDoc, DraftDoc } from './store-documents.ts';

/**
 * `DraftStore` on MongoDB. A draft is one document, and every change names the revision that it replaces, so of two one
 * wins. Bytes of large files lie beside it under names of their own: written before it, and removed after.
 */
export function mongoDrafts(context: MongoContext): DraftStore {
  const { connection, clock, ids } = context;
  const drafts = () => connection.collection('drafts');
  const checkpoints = () => connection.collection('draft_checkpoints');
  const assertTemplate = async (templateId: string): Promise<void> => {
    const found = await connection.collection('templates').findOne({ _id: templateId }, { projection: { _id: 1 } });
    if (found) return;
    // Deleted meanwhile: nothing may stay behind.
    await dropWritten(context, templateId);
    throw templateNotFoundError(templateId);
  };
  /** Puts `next` in the place of `known`; false when somebody else has replaced that. */
  const replace = async (known: DraftDoc | null, next: DraftDoc): Promise<boolean> => {
    if (known) {
      const { matchedCount } = await drafts().replaceOne({ _id: next._id, revision: known.revision }, next);
      return matchedCount === 1;
    }
    try {
      await drafts().insertOne(next);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  };

  return {
    find: ({ templateId }) =>
      connection.read(async () => {
        for (let tries = 0; tries < 100; tries += 1) {
          const doc = await drafts().findOne({ _id: templateId });
          if (!doc) return null;
          const files = await loadFiles(context, templateId, doc.files);
          if (files) return toRow(doc, files);
        }
        throw storageUnavailable('This draft is being changed all the time. Try again.');
      }),
    reset: ({ templateId, revision, baseVersionId, content, preview }) =>
      connection.write(async () => {
        await assertTemplate(templateId);
        const known = await drafts().findOne({ _id: templateId });
        if ((known?.revision ?? null) !== revision) return null;
        const next: DraftDoc = {
          _id: templateId,
          revision: (revision ?? 0) + 1,
          base_version_id: baseVersionId,
          edited: false,
          entry_point: content.entryPoint,
          files: await storeFiles(context, templateId, content.files),
          source_buffer: 'null',
          preview: preview === undefined ? (known?.preview ?? 'null') : await pack(JSON.stringify(preview)),
          updated_at: clock.now().toISOString(),
        };
        const isReplaced = await replace(known, next);
        if (isReplaced) await dropFiles(context, templateId, known?.files ?? []);
        else await dropFiles(context, templateId, next.files);
        await assertTemplate(templateId);
        return isReplaced ? toRow(next, new Map(content.files)) : null;
      }),
    save: ({ templateId, revision, changes }) =>
      connection.write(async () => {
        const known = await drafts().findOne({ _id: templateId, revision });
        if (!known) return null;
        const stored = await storeFiles(context, templateId, changes.put);
        const gone = new Set([...changes.remove, ...changes.put.keys()]);
        const next: DraftDoc = {
          ...known,
          revision: revision + 1,
          edited: true,
          entry_point: changes.entryPoint ?? known.entry_point,
          files: [...known.files.filter(({ path }) => !gone.has(path)), ...stored],
          source_buffer:
            changes.sourceBuffer === undefined ? known.source_buffer : await pack(JSON.stringify(changes.sourceBuffer)),
          preview: changes.preview === undefined ? known.preview : await pack(JSON.stringify(changes.preview)),
          updated_at: clock.now().toISOString(),
        };
        const isReplaced = await replace(known, next);
        if (isReplaced) await dropFiles(context, templateId, known.files, next.files);
        else await dropFiles(context, templateId, stored);
        return isReplaced ? revision + 1 : null;
      }),
    rebase: ({ templateId, revision, baseVersionId }) =>
      connection.write(async () => {
        await drafts().updateOne({ _id: templateId }, { $set: { base_version_id: baseVersionId } });
        await drafts().updateOne(
          { _id: templateId, revision, base_version_id: baseVersionId },
          { $set: { edited: false } },
        );
      }),
    addCheckpoint: ({ checkpoint }) =>
      connection.write(async () => {
        const { template_id: templateId } = checkpoint;
        await assertTemplate(templateId);
        await checkpoints().insertOne({
          _id: checkpoint.checkpoint_id,
          template_id: templateId,
          order: ids.uuid(),
          label: checkpoint.label,
          base_version_id: checkpoint.base_version_id,
          created_at: checkpoint.created_at,
          entry_point: checkpoint.entryPoint,
          files: await storeFiles(context, templateId, checkpoint.files),
          preview: await pack(JSON.stringify(checkpoint.preview)),
        });
        const old = await checkpoints()
          .find({ template_id: templateId }, { sort: { order: -1 }, skip: limits.draftCheckpoints })
          .toArray();
        for (const { _id, files } of old) {
          await checkpoints().deleteOne({ _id });
          await dropFiles(context, templateId, files);
        }
        await assertTemplate(templateId);
      }),
    listCheckpoints: ({ templateId }) =>
      connection.read(async () => {
        const docs = await checkpoints()
          .find({ template_id: templateId }, { sort: { order: -1 }, projection: { files: 0, preview: 0 } })
          .toArray();
        return docs.map(toHead);
      }),
    findCheckpoint: ({ templateId, checkpointId }) =>
      connection.read(async () => {
        const doc = await checkpoints().findOne({ _id: checkpointId, template_id: templateId });
        const files = doc && (await loadFiles(context, templateId, doc.files));
        if (!doc || !files) return null;
        const preview = parseJson<unknown>(await unpack(doc.preview));
        return { ...toHead(doc), entryPoint: doc.entry_point, files, preview };
      }),
  };
}

async function toRow(doc: DraftDoc, files: DraftRow['files']): Promise<DraftRow> {
  return {
    template_id: doc._id,
    revision: doc.revision,
    base_version_id: doc.base_version_id,
    edited: doc.edited,
    entryPoint: doc.entry_point,
    files,
    source_buffer: parseJson<SourceBuffer | null>(await unpack(doc.source_buffer)),
    preview: parseJson<unknown>(await unpack(doc.preview)),
    updated_at: doc.updated_at,
  };
}

function toHead(doc: Omit<DraftCheckpointDoc, 'files' | 'preview'>): CheckpointHead {
  return {
    checkpoint_id: doc._id,
    template_id: doc.template_id,
    label: doc.label,
    base_version_id: doc.base_version_id,
    created_at: doc.created_at,
  };
}
