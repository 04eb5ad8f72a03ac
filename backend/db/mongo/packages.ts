import { compareText, type WorkflowPackage } from '@wfm/workflow-engine/ports';
import { Binary } from 'mongodb';
import { deleteBlob, putBlob, readBlob } from './blobs.ts';
import type { MongoContext } from './context.ts';
import type { StoredFile } from './store-documents.ts';

/** Files above this lie in `parts`, so that 500 of them fit into one document and an untouched one is not written again. */
const inlineBytes = 16 * 1024;

/** Under which a template's bytes lie in `parts`. */
const placeOf = (templateId: string): string => `template ${templateId}`;

/** Stores bytes, and gives what a document holds of them. */
export async function storeFiles(
  context: MongoContext,
  templateId: string,
  files: WorkflowPackage['files'],
): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const [path, bytes] of files) {
    if (bytes.length <= inlineBytes) stored.push({ path, content: new Binary(bytes.slice()) });
    else {
      const blob = context.ids.uuid();
      await putBlob(context, { runId: placeOf(templateId), blob, data: bytes.slice() });
      stored.push({ path, blob, bytes: bytes.length });
    }
  }
  return stored;
}

/** Null when bytes are gone: whoever holds the document has read an older one than there is. */
export async function loadFiles(
  context: MongoContext,
  templateId: string,
  stored: readonly StoredFile[],
): Promise<WorkflowPackage['files'] | null> {
  const files: WorkflowPackage['files'] = new Map();
  for (const file of [...stored].sort((a, b) => compareText(a.path, b.path))) {
    if ('content' in file) files.set(file.path, new Uint8Array(file.content.buffer));
    else {
      const bytes = await readBlob(context, { runId: placeOf(templateId), blob: file.blob });
      if (bytes.length !== file.bytes) return null;
      files.set(file.path, new Uint8Array(bytes));
    }
  }
  return files;
}

/** Removes bytes of `stored` that `kept` does not hold too. */
export async function dropFiles(
  context: MongoContext,
  templateId: string,
  stored: readonly StoredFile[],
  kept: readonly StoredFile[] = [],
): Promise<void> {
  const needed = new Set(kept.flatMap((file) => ('blob' in file ? [file.blob] : [])));
  for (const file of stored) {
    if ('blob' in file && !needed.has(file.blob))
      await deleteBlob(context, { runId: placeOf(templateId), blob: file.blob });
  }
}

/** Removes all that was ever written of a template. */
export async function dropWritten({ connection }: MongoContext, templateId: string): Promise<void> {
  await connection.collection('drafts').deleteOne({ _id: templateId });
  await connection.collection('draft_checkpoints').deleteMany({ template_id: templateId });
  await connection.collection('packages').deleteMany({ template_id: templateId });
  await connection.collection('parts').deleteMany({ run_id: placeOf(templateId) });
}
