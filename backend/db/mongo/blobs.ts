import { Binary } from 'mongodb';
import type { MongoContext } from './context.ts';

/** Bytes in one document; the database's limit is 16 MB. */
const partBytes = 8 * 1024 * 1024;

/** Keeps bytes of any size under a name that nobody else uses. A run's go with the run. */
export async function putBlob(
  { connection }: MongoContext,
  { runId, blob, data }: { runId: string; blob: string; data: Uint8Array },
): Promise<void> {
  for (let part = 0; part === 0 || part * partBytes < data.length; part += 1) {
    const bytes = data.subarray(part * partBytes, (part + 1) * partBytes);
    await connection.collection('parts').insertOne({
      _id: `${blob}/${part}`,
      run_id: runId,
      blob,
      part,
      data: new Binary(bytes),
    });
  }
}

/** The bytes; empty when there are none of that name. */
export async function readBlob(
  { connection }: MongoContext,
  { runId, blob }: { runId: string; blob: string },
): Promise<Uint8Array> {
  const parts = await connection
    .collection('parts')
    .find({ run_id: runId, blob }, { sort: { part: 1 } })
    .toArray();
  return Buffer.concat(parts.map(({ data }) => data.buffer));
}

export async function deleteBlob({ connection }: MongoContext, place: { runId: string; blob: string }): Promise<void> {
  await connection.collection('parts').deleteMany({ run_id: place.runId, blob: place.blob });
}
