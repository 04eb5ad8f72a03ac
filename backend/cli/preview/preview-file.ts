import { readFile, writeFile } from 'node:fs/promises';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type SavedPreview, savedPreviewSchema } from '@wfm/workflow-engine/mock';

/** The name by which `wfm test` finds saved previews. */
export const savedPreviewSuffix = '.preview.json';

/** Reads a saved preview. Throws `request_invalid`, with the place, for anything else. */
export async function readSavedPreview(file: string): Promise<SavedPreview> {
  const refuse = (message: string, place = ''): WfmError =>
    new WfmError('request_invalid', `${file} is not a saved preview: ${message}`, { params: { file }, place });
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : 'it cannot be read.');
  }
  const parsed = savedPreviewSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [fault] = parsed.error.issues;
  throw refuse(fault?.message ?? 'it has another shape.', fault?.path.join('.'));
}

/** Writes a preview so that a change of it reads well as a difference of lines. */
export async function writeSavedPreview(file: string, preview: SavedPreview): Promise<void> {
  await writeFile(file, `${JSON.stringify(preview, null, 2)}\n`);
}
