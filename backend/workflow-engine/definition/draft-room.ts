import { isWfmError, WfmError } from '../errors/index.ts';
import { limits } from '../models/limits.ts';
import { foldName, type PackageFiles, packagePath } from './package-files.ts';
import { formatPlace } from './place.ts';

/** What a draft may hold: whatever is in it can be exported as a ZIP that an import takes again. */

const longestPath = 500;
/** What a ZIP may spend on an entry beside its content and, twice, its name. */
const entryBytes = 200;

const pathBytes = (path: string): number => new TextEncoder().encode(path).length;

/** Throws `file_path_refused` with the place for a path that is not in the form of a package's (format.md 1.2). */
export function assertFilePath(path: string, place: string): void {
  const reason = refusalOf(path);
  if (reason !== undefined) throw refusedPath(path, place, reason);
}

function refusalOf(path: string): string | undefined {
  if (path.length > longestPath) return `it is longer than ${longestPath} characters`;
  if (/\p{Cc}/u.test(path)) return 'it holds a control character';
  if (!path.isWellFormed()) return 'it holds half a character';
  try {
    if (packagePath(path) === path) return undefined;
  } catch (error) {
    if (isWfmError(error)) return String(error.params['reason']);
    throw error;
  }
  return 'it must be a relative path of plain names, with single slashes between them';
}

/** How much a ZIP of the files would hold unpacked, in bytes. */
function sizeOf(files: PackageFiles): number {
  let bytes = 0;
  for (const [path, { length }] of files) bytes += length + 2 * pathBytes(path) + entryBytes;
  return bytes;
}

/**
 * Throws `draft_too_large` where a file of `put` is too large, or all `files` are too many or too large together; what
 * was so `before` may stay, but not grow. `file_path_refused` where two paths are one to some file system.
 */
export function assertDraftRoom(
  { files, put, before }: { files: PackageFiles; put: PackageFiles; before: PackageFiles },
  place: string,
): void {
  const at = (path: string): string => formatPlace([path], place);
  for (const [path, { length }] of put) {
    if (length > limits.draftFileBytes) throw draftTooLarge('file', at(path), limits.draftFileBytes, length);
  }
  if (files.size > Math.max(limits.draftFiles, before.size))
    throw draftTooLarge('files', place, limits.draftFiles, files.size);
  const bytes = sizeOf(files);
  if (bytes > limits.draftBytes && bytes > sizeOf(before))
    throw draftTooLarge('draft', place, limits.draftBytes, bytes);
  const taken = new Map<string, string>();
  for (const path of files.keys()) {
    const folded = foldName(path);
    const other = taken.get(folded);
    taken.set(folded, path);
    if (other === undefined) continue;
    const [named, same] = put.has(path) ? [path, other] : [other, path];
    throw refusedPath(named, at(named), `it is the same file as "${same.slice(0, 200)}"`);
  }
}

/** `what`: file, files, draft, source_buffer, preview. */
export function draftTooLarge(what: string, place: string, limit: number, actual: number): WfmError {
  const unit = what === 'files' ? 'files' : 'bytes';
  const message = `The draft's ${place} has ${actual} ${unit}; ${limit} are allowed.`;
  return new WfmError('draft_too_large', message, { place, params: { what, limit, actual } });
}

function refusedPath(path: string, place: string, reason: string): WfmError {
  return new WfmError('file_path_refused', `The path ${JSON.stringify(path.slice(0, 200))} is refused: ${reason}.`, {
    place,
    params: { path: path.slice(0, 200), reason },
  });
}
