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

/**
 * Reads a reply's body, inflated. `maxBytes` holds for what comes over the wire and for what it inflates to, counted
 * while it streams, so a small bomb costs no more memory than a large honest reply. Throws `reply_too_large`
 * { limit }, and `http_failed` for a content coding that we did not ask for.
 */
export async function readBody(body: Readable, encoding: string, maxBytes: number, host: string): Promise<Uint8Array> {
  const coding = encoding.trim().toLowerCase();
  const plain = coding === '' || coding === 'identity';
  const inflater = plain || !Object.hasOwn(inflaters, coding) ? undefined : inflaters[coding];
  if (!plain && inflater === undefined) {
    throw new WfmError('http_failed', `${host} answered in a content coding that was not asked for.`, {
      params: { host, reason: 'content_coding' },
    });
  }
  const chunks: Uint8Array[] = [];
  const collect = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of counted(source, maxBytes, host)) chunks.push(chunk);
  };
  if (inflater === undefined) await pipeline(body, collect);
  else
    await pipeline(body, (source: AsyncIterable<Uint8Array>) => counted(source, maxBytes, host), inflater(), collect);
  return new Uint8Array(Buffer.concat(chunks));
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
