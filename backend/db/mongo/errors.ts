import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import { MongoError, MongoServerError } from 'mongodb';
import { storageUnavailable } from '../storage-errors.ts';

/** Codes of servers that refuse for good what was asked: our mistake, never the storage's state. */
const duplicateKey = 11000;
const unauthorized = new Set([13, 18]);

/** True when a unique key is taken already. */
export function isDuplicate(thrown: unknown): boolean {
  return thrown instanceof MongoServerError && thrown.code === duplicateKey;
}

/**
 * Our error for a fault of the driver or server; anything else comes back unchanged. A server that cannot be reached,
 * has stepped down, or could not reach its majority is unavailable storage: whether the last write took effect is then
 * open, and every verb is safe to repeat.
 */
export function toStorageError(thrown: unknown): unknown {
  if (isWfmError(thrown) || !(thrown instanceof MongoError)) return thrown;
  if (thrown instanceof MongoServerError && unauthorized.has(Number(thrown.code)))
    return storageUnavailable(
      'The database refuses this user. Check the name, password and roles in MONGODB_URI.',
      thrown,
    );
  if (isTooLarge(thrown)) {
    return new WfmError('internal_error', 'A record is larger than the database can hold (16 MB).', { cause: thrown });
  }
  return storageUnavailable('The database cannot be reached or cannot answer now. Try again shortly.', thrown);
}

function isTooLarge(thrown: MongoError): boolean {
  return (thrown instanceof MongoServerError && thrown.code === 10334) || thrown.name === 'MongoInvalidArgumentError';
}

/** Refusal of a verb that would write, of a handle that only reads. */
export function readOnlyError(): WfmError {
  return storageUnavailable('The database cannot be written: it is open for reading only.');
}
