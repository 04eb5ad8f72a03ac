import { WfmError } from '@wfm/workflow-engine/errors';

/** The transient error that callers see when the storage cannot serve them now; retried after a second. */
export function storageUnavailable(message: string, cause?: unknown): WfmError {
  return new WfmError('storage_unavailable', message, { transient: true, retryAfterMs: 1000, cause });
}

/** The database is not there yet, or of another version than this program. */
export function schemaOutdated(): WfmError {
  return new WfmError(
    'schema_outdated',
    'The database has not been brought up to date yet. Start the server, which does that.',
    { transient: true, retryAfterMs: 1000 },
  );
}
