import { isWfmError } from '@wfm/workflow-engine/errors';
import { storageUnavailable } from '../storage-errors.ts';

/** The code of a fault of the file system or of a library, where it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * `storage_unavailable` for a fault of the place where media lie. Our own errors and what names no code pass unchanged.
 */
export function toMediaFault(error: unknown): unknown {
  const code = codeOf(error);
  if (isWfmError(error) || code === undefined) return error;
  const message = fullDisk.has(code)
    ? 'There is no room left where generated media are kept. Free some, or point WFM_DATA_DIR elsewhere.'
    : 'Generated media cannot be stored or read now.';
  return storageUnavailable(message, error);
}
