import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { WfmError } from '@wfm/workflow-engine/errors';

const inflaters: Record<string, () => Transform> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/** Reads a reply's body, inflated, whole; see `streamBody`. */
export function readBody(body: Readable, encoding: string, maxBytes: number, host: string): Promise<Uint8Array> {
  return streamBody(body, encoding, maxBytes, host, async (inflated) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of inflated) chunks.push(chunk);
    return new Uint8Array(Buffer.concat(chunks));
  });
}

/**
 * Gives a reply's body, inflated, to `use` while it arrives. `maxBytes` holds for what comes over the wire and for what
 * it inflates to, so a small bomb costs no more memory than a large honest reply. Throws `reply_too_large` { limit },
 * `http_failed` for a content coding that we did not ask for, and what `use` throws.
 */
export async function streamBody<T>(
  body: Readable,
  encoding: string,
  maxBytes: number,
  host: string,
  use: (inflated: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const coding = encoding.trim().toLowerCase();
  const plain = coding === '' || coding === 'identity';
  const inflater = plain || !Object.hasOwn(inflaters, coding) ? undefined : inflaters[coding];
  if (!plain && inflater === undefined) {
    throw new WfmError('http_failed', `${host} answered in a content coding that was not asked for.`, {
      params: { host, reason: 'content_coding' },
    });
  }
  let used: { value: T } | undefined;
  const take = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    used = { value: await use(counted(source, maxBytes, host)) };
  };
  if (inflater === undefined) await pipeline(body, take);
  else await pipeline(body, (source: AsyncIterable<Uint8Array>) => counted(source, maxBytes, host), inflater(), take);
  // A pipeline that did not throw has run its last part to the end.
  return used!.value;
}

async function* counted(source: AsyncIterable<Uint8Array>, maxBytes: number, host: string): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw replyTooLarge(maxBytes, host);
    yield chunk;
  }
}

/** The error for a reply over its limit, in bytes. */
export function replyTooLarge(limit: number, host: string): WfmError {
  return new WfmError('reply_too_large', `${host} sent more than ${limit} bytes.`, { params: { host, limit } });
}
