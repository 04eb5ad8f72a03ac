import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { putBlob, readBlob } from './blobs.ts';
import type { MongoContext } from './context.ts';
import type { CallDoc } from './documents.ts';
import { pack, packedSize, parseJson } from './packing.ts';

/** Appends beyond one document's size (BSON: 16 MB): their events and calls lie in parts, written before the entry. */

const compress = promisify(gzip);
const inflate = promisify(gunzip);

/** An append up to here is one document; the rest of the 16 MB is for its other effects and for BSON's own bytes. */
const inlineBytes = 8 * 1024 * 1024;

interface Oversize {
  events: string[];
  calls: CallDoc[];
}

/** True when an append's texts would not fit into its document. */
export function isOversize({ events, calls }: Oversize): boolean {
  let bytes = 0;
  // UTF-8 takes at most three bytes for a UTF-16 unit; an element of an array costs up to 16 more.
  for (const event of events) bytes += event.length * 3 + 16;
  for (const call of calls) bytes += packedSize(call.record) + 1_000;
  return bytes > inlineBytes;
}

/** Keeps an append's texts, gzipped, beside its document, which names them by `blob`. */
export async function putOversize(
  context: MongoContext,
  place: { runId: string; blob: string },
  content: { events: string[]; calls: (Omit<CallDoc, 'record'> & { record: string })[] },
): Promise<void> {
  const data = await compress(JSON.stringify(content), { level: constants.Z_BEST_SPEED });
  await putBlob(context, { ...place, data });
}

/** The texts of such an append, calls packed as in a document. A blob is written before the document that names it, so it is there. */
export async function readOversize(context: MongoContext, place: { runId: string; blob: string }): Promise<Oversize> {
  const bytes = await readBlob(context, place);
  const content = parseJson<Oversize>((await inflate(bytes)).toString('utf8'));
  const calls = await Promise.all(
    content.calls.map(async (call) => ({ ...call, record: await pack(String(call.record)) })),
  );
  return { events: content.events, calls };
}
