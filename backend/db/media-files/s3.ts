import { createHash, randomUUID } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Readable } from 'node:stream';
import {
  assertMediaNames,
  boundedStream,
  isMediaRunId,
  type MediaFiles,
  rangeWithin,
} from '@wfm/workflow-engine/ports';
import { storageUnavailable } from '../storage-errors.ts';
import type { S3Settings } from './s3-settings.ts';

/** Keys begin with one of these: whole files by run, and what is still arriving. */
const MEDIA = 'media/';
const INCOMING = 'incoming/';
/** Least size of a part that S3 takes; two are in memory at once. */
const PART_BYTES = 5 * 1024 * 1024;

export interface MediaBucket extends MediaFiles {
  /** Removes what crashed writes have left for longer than `olderThanMs`, an hour by default. How many. */
  sweepIncoming(params?: { olderThanMs?: number }): Promise<number>;
  close(): void;
}

/**
 * `MediaFiles` in a bucket of S3 or of what speaks like it: `media/<run>/<sha256>`. A stream arrives under a name of its
 * own in parts, since its hash is known at its end only, and is then copied to its place by the store itself.
 */
export function mediaBucket(settings: S3Settings): MediaBucket {
  const { endpoint, bucket: Bucket, region, accessKeyId, secretAccessKey } = settings;
  const client = new S3Client({
    region,
    // Not every store knows the checksums that AWS has added since; the requests themselves are signed.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    credentials: { accessKeyId, secretAccessKey },
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  });
  const making = new Map<string, Promise<Uint8Array>>();
  const keyOf = (runId: string, name: string) => `${MEDIA}${runId}/${name}`;

  async function* list(prefix: string): AsyncGenerator<{ key: string; modifiedMs: number }> {
    let token: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken: token }));
      for (const { Key: key, LastModified: modified } of page.Contents ?? []) {
        if (key !== undefined) yield { key, modifiedMs: modified?.getTime() ?? 0 };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  const remove = async (keys: readonly string[]): Promise<void> => {
    const Objects = keys.map((Key) => ({ Key }));
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (Errors.length > 0) throw storageUnavailable(`${Errors.length} media files could not be deleted.`);
  };

  /** Deletes in the batches of 1000 that S3 takes. */
  const removeAll = async (found: AsyncIterable<{ key: string }>): Promise<number> => {
    let batch: string[] = [];
    let count = 0;
    for await (const { key } of found) {
      batch.push(key);
      count += 1;
      if (batch.length < 1000) continue;
      await remove(batch);
      batch = [];
    }
    if (batch.length > 0) await remove(batch);
    return count;
  };

  const sizeOf = async (key: string): Promise<number | null> => {
    const found = await client.send(new HeadObjectCommand({ Bucket, Key: key })).catch(nullIfMissing);
    return found && (found.ContentLength ?? 0);
  };

  async function* bytes(key: string, { start, end }: { start: number; end: number }): AsyncGenerator<Uint8Array> {
    if (start >= end) return;
    const Range = `bytes=${start}-${end - 1}`;
    const found = await client.send(new GetObjectCommand({ Bucket, Key: key, Range })).catch(throwOurs);
    if (found.Body instanceof Readable) yield* found.Body as AsyncIterable<Uint8Array>;
  }

  const upload = async (Key: string, data: AsyncIterable<Uint8Array>): Promise<void> => {
    const sending = new Upload({
      client,
      params: { Bucket, Key, Body: Readable.from(data, { objectMode: false }) },
      partSize: PART_BYTES,
      queueSize: 2,
    });
    await sending.done();
  };

  const makeDerived = async (runId: string, file: string, key: string, make: () => Promise<Uint8Array>) => {
    const size = await ours(() => sizeOf(key));
    if (size !== null) return await collect(bytes(key, { start: 0, end: size }));
    const value = await make();
    // It can be made again: where it cannot be kept, or its file is gone, the value is still an answer.
    if ((await ours(() => sizeOf(keyOf(runId, file)))) !== null) {
      await client.send(new PutObjectCommand({ Bucket, Key: key, Body: value })).catch(() => undefined);
    }
    return value;
  };

  return {
    async put({ runId, data, maxBytes, signal }) {
      assertMediaNames({ runId });
      const hash = createHash('sha256');
      let count = 0;
      const fault: { thrown?: unknown } = {};
      async function* measured() {
        try {
          for await (const chunk of boundedStream(data, { maxBytes, signal })) {
            hash.update(chunk);
            count += chunk.byteLength;
            yield chunk;
          }
        } catch (error) {
          fault.thrown = error;
          throw error;
        }
      }
      const draft = `${INCOMING}${randomUUID()}`;
      try {
        await upload(draft, measured());
        const sha256 = hash.digest('hex');
        const CopySource = `${Bucket}/${draft}`;
        await client.send(new CopyObjectCommand({ Bucket, Key: keyOf(runId, sha256), CopySource }));
        return { sha256, bytes: count };
      } catch (error) {
        throw 'thrown' in fault ? fault.thrown : toOurs(error);
      } finally {
        await client.send(new DeleteObjectCommand({ Bucket, Key: draft })).catch(() => undefined);
      }
    },

    async read({ runId, sha256, ...range }) {
      assertMediaNames({ runId, sha256 });
      const key = keyOf(runId, sha256);
      const size = await ours(() => sizeOf(key));
      return size === null ? null : { data: bytes(key, rangeWithin(size, range)), size };
    },

    async derived({ runId, sha256, name, make }) {
      assertMediaNames({ runId, sha256, derived: name });
      const key = keyOf(runId, `${sha256}.${name}`);
      const made = making.get(key) ?? makeDerived(runId, sha256, key, make);
      making.set(key, made);
      try {
        return await made;
      } finally {
        making.delete(key);
      }
    },

    async deleteRun({ runId }) {
      assertMediaNames({ runId });
      await ours(() => removeAll(list(`${MEDIA}${runId}/`)));
    },

    async *runs() {
      let token: string | undefined;
      do {
        const command = new ListObjectsV2Command({ Bucket, Prefix: MEDIA, Delimiter: '/', ContinuationToken: token });
        const page = await ours(() => client.send(command));
        for (const { Prefix: prefix = '' } of page.CommonPrefixes ?? []) {
          const runId = prefix.slice(MEDIA.length, -1);
          if (isMediaRunId(runId)) yield runId;
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    sweepIncoming({ olderThanMs = 3_600_000 } = {}) {
      async function* old() {
        for await (const found of list(INCOMING)) if (Date.now() - found.modifiedMs >= olderThanMs) yield found;
      }
      return ours(() => removeAll(old()));
    },

    close: () => client.destroy(),
  };
}

/** Waits, and turns the store's faults into ours. */
async function ours<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toOurs(error);
  }
}

function throwOurs(error: unknown): never {
  throw toOurs(error);
}

/** `storage_unavailable` for whatever the store or the way to it says; without its words, which name keys and hosts. */
function toOurs(error: unknown): unknown {
  const name = error instanceof Error ? error.name : '';
  if (name === 'WfmError') return error;
  return storageUnavailable('The store of generated media cannot be reached, or refuses what was asked.', error);
}

function nullIfMissing(error: unknown): null {
  const isMissing = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
  if (isMissing) return null;
  throw error;
}

async function collect(data: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of data) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
