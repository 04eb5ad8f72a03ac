import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { createMediaInspect } from '@wfm/providers';
import type { ContentRow, GenerationRow } from '@wfm/workflow-engine/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addTask, keepContent, placeOf } from '../../testing/sample-media.ts';
import { sweepMedia } from '../../utils/media-sweep.ts';
import { createServerRig, type Person, type ServerRig, startSample } from '../../testing/server-rig.ts';

/** A PNG of 400 by 200 pixels, all of one colour. */
const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAZAAAADICAMAAADxy0fQAAAAA1BMVEUziMzg3/rLAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAZElEQVR42u3BAQ0AAADCoPdPbQ8HFAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/Bo5VwABJ1P4rwAAAABJRU5ErkJggg==';

const sizeOf = (data: Uint8Array) =>
  createMediaInspect().inspect({ size: data.length, read: async (start, end) => data.subarray(start, end) });

let rig: ServerRig;
let alice: Person;
let waiting: Awaited<ReturnType<typeof startSample>>;
let bytes: Uint8Array;
let generation: GenerationRow;
let content: ContentRow;
let path: string;

beforeAll(async () => {
  rig = await createServerRig();
  alice = rig.alice;
  waiting = await startSample(alice);
  bytes = Buffer.from(picture, 'base64');
  ({ generation, content } = await keepContent(rig, placeOf(waiting, alice), bytes));
  path = `/workflow/${waiting.workflow_run_id}/media/${content.content_id}`;
});
afterAll(() => rig.close());

describe('the bytes of a content', () => {
  it('15.4 are private, of the stored type, and never run as a page', async () => {
    const reply = await alice.call('GET', path);
    expect(reply.rawPayload.equals(bytes)).toBe(true);
    expect(reply.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'content-disposition': expect.stringMatching(/^inline; filename="image-[\w-]+\.png"$/),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=3600',
      'accept-ranges': 'bytes',
      etag: `"${createHash('sha256').update(bytes).digest('hex')}"`,
    });
    const download = await alice.call('GET', `${path}?download=1`);
    expect(download.headers['content-disposition']).toMatch(/^attachment/);
  });

  it('come in part where a part is asked for', async () => {
    const part = async (range: string, headers = {}) => {
      const reply = await alice.call('GET', path, undefined, { range, ...headers });
      return [reply.statusCode, reply.headers['content-range'], reply.rawPayload.length];
    };
    const size = bytes.length;
    expect(await part('bytes=0-9')).toEqual([206, `bytes 0-9/${size}`, 10]);
    expect(await part('bytes=-5')).toEqual([206, `bytes ${size - 5}-${size - 1}/${size}`, 5]);
    expect(await part(`bytes=${size}-`)).toEqual([416, `bytes */${size}`, 0]);
    expect(await part('bytes=0-1,4-5')).toEqual([200, undefined, size]);
    expect(await part('bytes=0-9', { 'if-range': '"another"' })).toEqual([200, undefined, size]);
    expect(await part('bytes=0-9', { 'if-range': `"${content.sha256}"` })).toEqual([206, `bytes 0-9/${size}`, 10]);
    const middle = await alice.call('GET', path, undefined, { range: 'bytes=100-149' });
    expect(middle.rawPayload.equals(bytes.subarray(100, 150))).toBe(true);
  });

  it('are not sent again to whom they are known', async () => {
    for (const url of [path, `${path}?w=160`]) {
      const { etag = '' } = (await alice.call('GET', url)).headers;
      const again = await alice.call('GET', url, undefined, { 'if-none-match': `"x", ${etag}` });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
  });

  it('have small pictures by width', async () => {
    for (const width of [160, 320, 640]) {
      const reply = await alice.call('GET', `${path}?w=${width}`);
      expect(reply.headers).toMatchObject({ 'content-type': 'image/webp', 'x-content-type-options': 'nosniff' });
      expect(await sizeOf(reply.rawPayload)).toMatchObject({ mime: 'image/webp', width: Math.min(width, 400) });
    }
    expect((await alice.call('GET', `${path}?w=5000`)).statusCode).toBe(400);
  });

  it('of a sound have a shape, made once and folded to what is asked for', async () => {
    const { inspect } = rig.media;
    let made = 0;
    rig.media.inspect = {
      ...inspect,
      peaks: async (file) => {
        made += 1;
        expect(Buffer.from(await file.read(0, file.size)).equals(bytes)).toBe(true);
        return { peaks: [0.1, 0.9, 0.3, 0.2], durationMs: 1500 };
      },
    };
    expect((await alice.call('GET', `${path}/peaks?n=2`)).json()).toEqual({ peaks: [0.9, 0.3], duration_ms: 1500 });
    expect((await alice.call('GET', `${path}/peaks`)).json()).toMatchObject({ peaks: [0.1, 0.9, 0.3, 0.2] });
    expect((await alice.call('GET', `${path}/peaks?n=0`)).statusCode).toBe(400);
    expect(made).toBe(1);
    rig.media.inspect = inspect;
  });

  it('that are none, of another run, or whose file is gone are not found', async () => {
    const other = await startSample(alice, 'other');
    for (const url of [
      `/workflow/${waiting.workflow_run_id}/media/none`,
      `/workflow/${waiting.workflow_run_id}/media/..%2F..%2Fwfm.sqlite`,
      `/workflow/${other.workflow_run_id}/media/${content.content_id}`,
      `/workflow/${other.workflow_run_id}/media/${content.content_id}/peaks`,
    ]) {
      expect((await alice.call('GET', url)).json()).toMatchObject({ status: 404, code: 'content_not_found' });
    }
    expect((await rig.bob.call('GET', path)).json()).toMatchObject({ status: 404, code: 'run_not_found' });
  });
});

it('a refusal is not kept by anybody, nor named as a version', async () => {
  const broken = await startSample(alice, 'broken');
  const kept = await keepContent(rig, placeOf(broken, alice), new TextEncoder().encode('no picture'));
  const url = `/workflow/${broken.workflow_run_id}/media/${kept.content.content_id}`;
  const undecodable = await alice.call('GET', `${url}?w=160`);
  await rig.media.files.deleteRun({ runId: broken.workflow_run_id ?? '' });
  const replies = [undecodable, await alice.call('GET', url), await alice.call('GET', `${url}?w=320`)];
  for (const reply of replies) {
    expect(reply.json()).toMatchObject({ status: 404, code: 'content_not_found' });
    expect(reply.headers).not.toHaveProperty('etag');
    expect(reply.headers['cache-control'] ?? '').not.toContain('max-age=3600');
  }
});

describe('what belongs to a run', () => {
  it('15.4 generations of a question, by prompt', async () => {
    const question = waiting.interaction_request?.interaction_id;
    const url = `/workflow/${waiting.workflow_run_id}/interactions/${question}/generations`;
    expect((await alice.call('GET', url)).json()).toEqual({
      generations: {
        'local:default': [
          expect.objectContaining({
            metadata_id: generation.metadata_id,
            content_ids: [content.content_id],
            urls: [path],
            provider: 'local',
            mock: false,
          }),
        ],
      },
    });
    const none = `/workflow/${waiting.workflow_run_id}/interactions/none/generations`;
    expect((await alice.call('GET', none)).json()).toMatchObject({ status: 404, code: 'interaction_not_found' });
  });

  it('contents stand in the tree of files, and in the ZIP', async () => {
    const files = `/workflow/${waiting.workflow_run_id}/files`;
    const { media } = (await alice.call('GET', files)).json();
    const [step] = Object.values<{ children: Record<string, { children: object }> }>(media.children);
    const [module] = Object.values(step?.children ?? {});
    expect(module?.children).toEqual({
      [content.content_id]: {
        _meta: expect.objectContaining({ mime: 'image/png', content_url: path, download_url: `${path}?download=1` }),
      },
    });
    const zip = await alice.call('GET', `${files}/download?category=media`);
    const [[name, data] = ['', new Uint8Array()]] = Object.entries(unzipSync(new Uint8Array(zip.rawPayload)));
    expect(name).toMatch(/^media\/ask\/pick\/local-[\w-]+\.png$/);
    expect(Buffer.from(data).equals(bytes)).toBe(true);
    const elsewhere = await alice.call('GET', `${files}/download?category=media&step=tell`);
    expect(elsewhere.json()).toMatchObject({ status: 404, code: 'file_not_found' });
  });

  it('usage says what was generated', async () => {
    const usage = (await alice.call('GET', `/workflow/${waiting.workflow_run_id}/usage`)).json();
    expect(usage.media).toEqual({ generations: 1, contents: 1, bytes: bytes.length, usd: 0.02 });
  });

  it('15.5 an estimate asks the catalogue', async () => {
    const url = `/workflow/${waiting.workflow_run_id}/media/preview`;
    const body = { provider: 'local', action_type: 'txt2img', prompt: 'A fox' };
    expect((await alice.call('POST', url, body)).json()).toEqual({ cost: null, basis: 'unknown', notes: [] });
    expect((await alice.call('POST', url, { ...body, action_type: 'x' })).statusCode).toBe(400);
  });
});

describe('background jobs', () => {
  it('21 a task says how far it is, and is cancelled once', async () => {
    const task = await addTask(rig, waiting, alice);
    const url = `/tasks/${task.task_id}`;
    expect((await alice.call('GET', url)).json()).toMatchObject({
      task_id: task.task_id,
      status: 'queued',
      position: { ahead: 0, reason: 'next' },
      result: null,
    });
    expect((await alice.call('GET', url)).json()).not.toHaveProperty('payload');
    const [cancelled, again] = [await alice.call('POST', `${url}/cancel`), await alice.call('POST', `${url}/cancel`)];
    expect(cancelled.json()).toMatchObject({ status: 'cancelled', position: null });
    expect(again.json()).toEqual(cancelled.json());
    expect((await rig.bob.call('GET', url)).json()).toMatchObject({ status: 404, code: 'task_not_found' });
  });

  it('21 a stream follows a task to its end', async () => {
    const task = await addTask(rig, waiting, alice);
    const stream = alice.call('GET', `/tasks/${task.task_id}/stream`);
    const claimed = await rig.database.tasks.claim({ worker: 'w', leaseMs: 30_000, limits: {} });
    const hold = { taskId: task.task_id, fence: claimed?.fence ?? 0 };
    expect(claimed?.task_id).toBe(task.task_id);
    setTimeout(() => void rig.database.tasks.succeed({ ...hold, result: { metadata_id: 'm' } }), 50);
    const { body } = await stream;
    const frames = [...body.matchAll(/^event: (\w+)$/gm)].map(([, event]) => event);
    expect(frames.at(0)).toBe('progress');
    expect(frames.at(-1)).toBe('complete');
    expect(body).toContain('"result":{"metadata_id":"m"}');
  });
});

describe("one's own keys for providers", () => {
  it('go in, are told by their last characters, and never come out', async () => {
    const key = 'sk-very-secret-0042';
    expect((await alice.call('PUT', '/me/credentials/leonardo', { api_key: key })).statusCode).toBe(204);
    const list = await alice.call('GET', '/me/credentials');
    expect(list.json()).toMatchObject({ items: [{ provider: 'leonardo', hint: '0042' }] });
    expect(list.body).not.toContain('very-secret');
    const providers = await alice.call('GET', '/providers');
    expect(providers.json().items).toContainEqual(expect.objectContaining({ provider: 'leonardo', own_key: true }));
    expect(providers.body).not.toContain('very-secret');
    expect((await rig.bob.call('GET', '/me/credentials')).json()).toEqual({ items: [] });
    expect((await rig.bob.call('DELETE', '/me/credentials/leonardo')).statusCode).toBe(204);
    expect((await alice.call('GET', '/me/credentials')).json().items).toHaveLength(1);
    expect((await alice.call('DELETE', '/me/credentials/leonardo')).statusCode).toBe(204);
    expect((await alice.call('GET', '/me/credentials')).json()).toEqual({ items: [] });
  });

  it('must look like keys, for providers that there are', async () => {
    for (const api_key of ['', 'short', 'with a blank in it', 'line\nbreak-0000']) {
      const reply = await alice.call('PUT', '/me/credentials/leonardo', { api_key });
      expect([reply.statusCode, reply.body.includes('line')]).toEqual([400, false]);
    }
    const unknown = await alice.call('PUT', '/me/credentials/none', { api_key: 'sk-0123456789' });
    expect(unknown.json()).toMatchObject({ status: 400, code: 'request_invalid' });
  });
});

it('15.1 the catalogue tells limits, models and what is retired, and has no field for a key', async () => {
  const { items } = (await alice.call('GET', '/providers')).json();
  const openai = items.find(({ provider }: { provider: string }) => provider === 'openai');
  expect(openai).toMatchObject({
    configured: true,
    limits: { at_once: 2 },
    retired_actions: { img2vid: { alternatives: ['local'] } },
  });
  expect(openai.models).toMatchObject([{ action: 'txt2img', params: { type: 'object' } }]);
});

it('R22 a deleted run leaves no row and no file', async () => {
  const doomed = await startSample(alice, 'doomed');
  const kept = await keepContent(rig, placeOf(doomed, alice), bytes);
  const url = `/workflow/${doomed.workflow_run_id}`;
  const contentPath = `${url}/media/${kept.content.content_id}`;
  await alice.call('GET', `${contentPath}?w=160`);
  const task = await addTask(rig, doomed, alice);
  const there = () => readdirSync(join(rig.dataDir, 'media'), { recursive: true }).map(String);
  expect(there().filter((name) => name.includes(doomed.workflow_run_id ?? '')).length).toBeGreaterThan(2);
  expect((await alice.call('DELETE', url)).statusCode).toBe(204);
  expect(there().filter((name) => name.includes(doomed.workflow_run_id ?? ''))).toEqual([]);
  expect(await rig.database.media.find({ metadataId: kept.generation.metadata_id })).toBeNull();
  expect(await rig.database.tasks.find({ taskId: task.task_id })).toBeNull();
  expect((await alice.call('GET', contentPath)).statusCode).toBe(404);
});

it('R22 the sweep removes files whose run is gone, and no other', async () => {
  const { files } = rig.media;
  const once = async function* () {
    yield bytes;
  };
  await files.put({ runId: 'gone', data: once(), maxBytes: bytes.length });
  expect(await sweepMedia({ files, database: rig.database })).toEqual({ runs: 1, drafts: 0 });
  const left: string[] = [];
  for await (const runId of files.runs()) left.push(runId);
  expect(left).toEqual([waiting.workflow_run_id]);
});
