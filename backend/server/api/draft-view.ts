import { assertDraftRoom, assertFilePath, draftTooLarge, formatPlace } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import type { CheckpointHead, DraftRow, WorkflowPackage } from '@wfm/workflow-engine/ports';
import { z } from 'zod';

/** Drafts and their files as bodies have them (api.md, Draft), and what is refused of them. */

type PackageFiles = WorkflowPackage['files'];

const fileSchema = z.union([z.string(), z.strictObject({ base64: z.string() })]);
export const filesSchema = z.record(z.string(), fileSchema);
const sourceBufferSchema = z.strictObject({ path: z.string().min(1).max(1000), text: z.string() });

export const draftSchema = z.object({
  entry_point: z.string(),
  files: filesSchema,
  source_buffer: sourceBufferSchema.nullable(),
  preview: z.unknown(),
  revision: z.number().int(),
  base_version_id: z.string(),
  updated_at: z.string(),
});

export const draftChangesSchema = z.strictObject({
  put: filesSchema.default({}),
  delete: z.array(z.string()).max(1000).default([]),
  entry_point: z.string().min(1).max(1000).optional(),
  source_buffer: sourceBufferSchema.nullish(),
  preview: z.unknown().optional(),
});

export const checkpointSchema = z.object({
  checkpoint_id: z.string(),
  label: z.string(),
  base_version_id: z.string(),
  created_at: z.string(),
});

export const checkpointContentSchema = checkpointSchema.extend({
  entry_point: z.string(),
  files: filesSchema,
  preview: z.unknown(),
});

export function draftView(draft: DraftRow): z.output<typeof draftSchema> {
  return {
    entry_point: draft.entryPoint,
    files: filesView(draft.files),
    source_buffer: draft.source_buffer,
    preview: draft.preview,
    revision: draft.revision,
    base_version_id: draft.base_version_id,
    updated_at: draft.updated_at,
  };
}

export function checkpointView(checkpoint: CheckpointHead): z.output<typeof checkpointSchema> {
  const { checkpoint_id, label, base_version_id, created_at } = checkpoint;
  return { checkpoint_id, label, base_version_id, created_at };
}

// With its byte order mark, where a file has one: what goes out must come in as it was.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where it is UTF-8, else base64. */
export function filesView(files: PackageFiles): z.output<typeof filesSchema> {
  return Object.fromEntries(Array.from(files, ([path, bytes]) => [path, fileView(bytes)]));
}

function fileView(bytes: Uint8Array): z.output<typeof fileSchema> {
  try {
    return decoder.decode(bytes);
  } catch {
    return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64') };
  }
}

/**
 * The bytes of files in a body; half a surrogate pair, which is no character, becomes U+FFFD. Throws
 * `file_path_refused`, and `request_invalid` for what is no base64, each with its place.
 */
export function readFiles(files: z.output<typeof filesSchema>, place: string): PackageFiles {
  const read: PackageFiles = new Map();
  for (const [path, file] of Object.entries(files)) {
    const at = formatPlace([path], place);
    assertFilePath(path, at);
    read.set(
      path,
      typeof file === 'string' ? new Uint8Array(Buffer.from(file, 'utf8')) : decodeBase64(file.base64, at),
    );
  }
  return read;
}

/** One character class at a time, so that nothing backtracks. */
function decodeBase64(text: string, place: string): Uint8Array {
  const data = text.endsWith('==') ? text.slice(0, -2) : text.endsWith('=') ? text.slice(0, -1) : text;
  if (!/[^A-Za-z0-9+/]/.test(data) && data.length % 4 !== 1) return new Uint8Array(Buffer.from(data, 'base64'));
  throw new WfmError('request_invalid', 'A file that is no text must be in base64.', { place: `${place}.base64` });
}

/** The files that a change leaves. Throws what `assertDraftRoom` throws. */
export function changedFiles(
  before: PackageFiles,
  put: PackageFiles,
  removed: readonly string[],
  place: string,
): PackageFiles {
  const files: PackageFiles = new Map(before);
  for (const path of removed) files.delete(path);
  for (const [path, bytes] of put) files.set(path, bytes);
  assertDraftRoom({ files, put, before }, place);
  return files;
}

/** Throws `draft_too_large` and `file_path_refused` for what stands beside the files. */
export function assertBeside(beside: {
  source_buffer?: { path: string; text: string } | null | undefined;
  preview?: unknown;
  entry_point?: string | undefined;
}): void {
  const { source_buffer: buffer, preview, entry_point: entryPoint } = beside;
  if (entryPoint !== undefined) assertFilePath(entryPoint, 'entry_point');
  if (buffer) {
    assertFilePath(buffer.path, 'source_buffer.path');
    assertBytes('source_buffer', 'source_buffer.text', limits.draftSourceBytes, buffer.text);
  }
  if (preview !== undefined) assertBytes('preview', 'preview', limits.draftPreviewBytes, JSON.stringify(preview));
}

function assertBytes(what: string, place: string, limit: number, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > limit) throw draftTooLarge(what, place, limit, bytes);
}
