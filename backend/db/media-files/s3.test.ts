import { randomBytes } from 'node:crypto';
import { expectCode, mediaFilesContract } from '@wfm/workflow-engine/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeS3, fakeS3Keys, startFakeS3 } from '../testing/fake-s3.ts';
import { type MediaBucket, mediaBucket } from './s3.ts';
import { readS3Settings } from './s3-settings.ts';

const runId = 'run-1';
const room = { maxBytes: 100_000_000 };

async function setup(): Promise<{ s3: FakeS3; files: MediaBucket; close(): Promise<void> }> {
  const s3 = await startFakeS3('media-of-tests');
  const files = mediaBucket({ endpoint: s3.endpoint, bucket: 'media-of-tests', region: 'eu-west-1', ...fakeS3Keys });
  return {
    s3,
    files,
    async close() {
      files.close();
      await s3.close();
    },
  };
}

mediaFilesContract('s3', async () => {
  const { s3, files, close } = await setup();
  return { files, names: async () => [...s3.objects.keys(), ...s3.uploads.keys()], close };
});

describe('s3', () => {
  let s3: FakeS3;
  let files: MediaBucket;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ s3, files, close } = await setup());
  });
  afterEach(() => close());

  test('a large file goes in parts, of which none stays open', async () => {
    await files.put({ runId, data: pieces(randomBytes(11_000_000)), ...room });
    expect(s3.requests.filter((line) => line.startsWith('POST ')).length).toBe(2);
    expect(s3.uploads.size).toBe(0);
  });

  test('lists longer than a page, and deletes of more than a batch', async () => {
    s3.pageSize = 400;
    for (let index = 0; index < 2100; index += 1) {
      s3.objects.set(`media/${runId}/${index}`, { data: Buffer.alloc(0), modified: new Date() });
    }
    s3.objects.set('media/other/x', { data: Buffer.alloc(0), modified: new Date() });
    s3.objects.set('elsewhere/x', { data: Buffer.alloc(0), modified: new Date() });
    await files.deleteRun({ runId });
    expect([...s3.objects.keys()]).toEqual(['media/other/x', 'elsewhere/x']);
    s3.pageSize = 1;
    for (const run of ['a', 'b', 'c'])
      s3.objects.set(`media/${run}/x`, { data: Buffer.alloc(0), modified: new Date() });
    const runs: string[] = [];
    for await (const run of files.runs()) runs.push(run);
    expect(runs).toEqual(['a', 'b', 'c', 'other']);
  });

  test('a store that fails for a moment is asked again; one that is down is a fault with a code, without its words', async () => {
    s3.failNext(1, 503);
    const { sha256 } = await files.put({ runId, data: pieces(randomBytes(1000)), ...room });
    s3.failNext(100, 503);
    const put = files.put({ runId, data: pieces(randomBytes(1000)), ...room });
    await expect(put).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.not.stringContaining('127'),
    });
    await expectCode(files.read({ runId, sha256 }), 'storage_unavailable');
    await expectCode(files.deleteRun({ runId }), 'storage_unavailable');
    s3.failNext(0, 500);
    expect((await files.read({ runId, sha256 }))?.size).toBe(1000);
  });

  test('a wrong key is a fault with a code', async () => {
    const bucket = 'media-of-tests';
    const wrong = mediaBucket({ ...fakeS3Keys, endpoint: s3.endpoint, bucket, region: 'x', accessKeyId: 'NOBODY' });
    await expectCode(wrong.put({ runId, data: pieces(randomBytes(10)), ...room }), 'storage_unavailable');
    wrong.close();
  });

  test('what a crash has left is swept, once it is old', async () => {
    s3.objects.set('incoming/old', { data: Buffer.alloc(3), modified: new Date(0) });
    s3.objects.set('incoming/new', { data: Buffer.alloc(3), modified: new Date() });
    expect(await files.sweepIncoming()).toBe(1);
    expect([...s3.objects.keys()]).toEqual(['incoming/new']);
  });
});

test('settings name what is missing, and nothing is set without a bucket', () => {
  const faultsOf = (env: Record<string, string>) => {
    const faults: string[] = [];
    const settings = readS3Settings(env, faults);
    return { faults, settings };
  };
  expect(faultsOf({})).toEqual({ faults: [], settings: undefined });
  const keys = { WFM_S3_ACCESS_KEY_ID: 'id', WFM_S3_SECRET_ACCESS_KEY: 'key' };
  expect(faultsOf({ WFM_S3_BUCKET: 'media', ...keys })).toEqual({
    faults: [],
    settings: { endpoint: undefined, bucket: 'media', region: 'us-east-1', accessKeyId: 'id', secretAccessKey: 'key' },
  });
  expect(faultsOf({ WFM_S3_ENDPOINT: 'http://s3' }).faults).toHaveLength(1);
  expect(faultsOf({ WFM_S3_BUCKET: 'media' }).faults).toHaveLength(1);
  expect(faultsOf({ WFM_S3_BUCKET: 'No/Bucket', WFM_S3_ENDPOINT: 'ftp://x', ...keys }).faults).toHaveLength(2);
});

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 300_000) yield bytes.subarray(at, at + 300_000);
}
