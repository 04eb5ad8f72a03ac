import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';

/**
 * Does work on a snapshot. What makes the engine stumble over one came from outside, whoever signed it, and is no fault
 * of ours towards the client: `snapshot_malformed`, with the stumble as its cause, for our log. A fault of our own
 * passes through; so does the reason of an abort.
 */
export async function overSnapshot<T>(signal: AbortSignal | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isWfmError(error) || signal?.aborted) throw error;
    throw new WfmError('snapshot_malformed', 'The snapshot cannot be used: its log does not make sense.', {
      place: 'virtual_db',
      cause: error,
    });
  }
}
