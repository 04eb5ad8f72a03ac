import { WfmError } from '../errors/index.ts';

/** What every adapter of `MediaFiles` decides alike. */

const runIdPattern = /^[0-9a-z][0-9a-z_-]{0,63}$/;
const sha256Pattern = /^[0-9a-f]{64}$/;
const derivedPattern = /^[a-z0-9-]{1,64}$/;

/**
 * Refuses names that could lead anywhere but to one file of one run (S15): they become parts of paths and keys. Lower
 * case only, since some file systems take two cases for one name. Throws `content_not_found`.
 */
export function assertMediaNames(names: { runId: string; sha256?: string; derived?: string }): void {
  const { runId, sha256, derived } = names;
  const isFine =
    isMediaRunId(runId) &&
    (sha256 === undefined || sha256Pattern.test(sha256)) &&
    (derived === undefined || derivedPattern.test(derived));
  if (!isFine) throw new WfmError('content_not_found', 'There is no such content.');
}

export function isMediaRunId(name: string): boolean {
  return runIdPattern.test(name);
}

/** `content_too_large` for a stream that went on after its limit. */
export function contentTooLargeError(limit: number, actual: number): WfmError {
  return new WfmError(
    'content_too_large',
    `The file is larger than the ${limit} bytes that are allowed; ${actual} bytes had come when it was given up.`,
    { params: { limit, actual } },
  );
}

/** Where a range lies within a file of that size; never beyond its end. */
export function rangeWithin(size: number, range: { start?: number; end?: number }): { start: number; end: number } {
  const start = Math.min(Math.max(0, range.start ?? 0), size);
  return { start, end: Math.max(start, Math.min(range.end ?? size, size)) };
}

/**
 * The stream as it comes, ended early by the signal, also while it waits for its next chunk, and by more than `maxBytes`
 * (`content_too_large`). The source is told to stop in every case.
 */
export async function* boundedStream(
  data: AsyncIterable<Uint8Array>,
  options: { maxBytes: number; signal?: AbortSignal },
): AsyncGenerator<Uint8Array, void> {
  const { maxBytes, signal } = options;
  const source = data[Symbol.asyncIterator]();
  let isDone = false;
  let bytes = 0;
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => undefined);
  const onAbort = () => aborted.reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      // A source that always has a chunk ready would win every race.
      signal?.throwIfAborted();
      const next = await Promise.race([source.next(), aborted.promise]);
      if (next.done === true) {
        isDone = true;
        return;
      }
      bytes += next.value.byteLength;
      if (bytes > maxBytes) throw contentTooLargeError(maxBytes, bytes);
      yield next.value;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // Not waited for: a source that hangs would hang its consumer with it.
    if (!isDone) void Promise.resolve(source.return?.()).catch(() => undefined);
  }
}
