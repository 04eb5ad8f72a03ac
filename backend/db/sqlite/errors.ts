import { isWfmError } from '@wfm/workflow-engine/errors';
import { schemaOutdated, storageUnavailable } from '../storage-errors.ts';

/** SQLite's primary result codes that we tell apart (sqlite.org/rescode.html). */
const codes = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  notADatabase: 26,
};
const unavailable = new Set<number>(Object.values(codes).filter((code) => code !== codes.error));

function primaryCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined;
  return thrown.errcode & 0xff;
}

/** True when another connection holds what we need just now. */
export function isBusy(thrown: unknown): boolean {
  const code = primaryCode(thrown);
  return code === codes.busy || code === codes.locked || code === codes.protocol;
}

/** True when the schema lacks a table or column that we ask for: the file was not migrated yet. */
function isMissingSchema(thrown: unknown): boolean {
  return (
    primaryCode(thrown) === codes.error && thrown instanceof Error && /^no such (table|column)/.test(thrown.message)
  );
}

/** Our error for a fault of SQLite; anything else comes back unchanged. */
export function toStorageError(thrown: unknown): unknown {
  if (isWfmError(thrown)) return thrown;
  if (isMissingSchema(thrown)) return schemaOutdated();
  const code = primaryCode(thrown);
  if (code === undefined || !unavailable.has(code)) return thrown;
  if (code === codes.full) return storageUnavailable('The disk is full. Free some space; nothing was changed.', thrown);
  if (code === codes.readOnly)
    return storageUnavailable('The database cannot be written: the file is read-only.', thrown);
  if (isBusy(thrown)) return storageUnavailable('The database is busy. Try again shortly.', thrown);
  return storageUnavailable('The database file cannot be read or written.', thrown);
}
