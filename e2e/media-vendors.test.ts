import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, systemClock } from '@wfm/db';
import { type FarmVendor, startVendorFarm, type VendorFarm } from '@wfm/providers/testing';
import type { MediaTaskResult, WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Database, TaskRow } from '@wfm/workflow-engine/ports';
import { runs } from '@wfm/workflow-engine/testing';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bytesOf,
  generate,
  madeBy,
  type MediaQuestion,
  mediaQuestion,
  missingPrograms,
  type Ordered,
  probed,
} from './support/media.ts';
import { accessKeyOf, call, freePort, type Program, startProgram } from './support/programs.ts';

/** Every vendor, asked by the real server and the real worker with a person's own keys, each a fake with a journal. */

const folder = mkdtempSync(join(tmpdir(), 'wfm-vendors-'));
const env: Record<string, string> = { WFM_DATA_DIR: folder, WFM_LOG_LEVEL: 'info', WFM_WORKER_SLOTS: '16' };
/** Vendors that begin a job and are looked at; the others answer with the file. */
const started = ['midjourney', 'leonardo', 'fal', 'replicate', 'black_forest_labs', 'luma'] as const;
const held = ['openai', 'google', 'elevenlabs', 'deepgram'] as const;
const vendors: readonly FarmVendor[] = [...started, ...held, 'stable_diffusion'];
const speaks: readonly string[] = ['elevenlabs', 'deepgram'];
let farm: VendorFarm;
let server: Program;
let worker: Program;
let database: Database;
let key: string;
/** What the programs have said, also those that are dead. */
let said = '';

const ownKey = (vendor: FarmVendor): string => `own-canary-${vendor}-4f1c2d3e5a69`;
const workflow = {
  format: 2,
  workflow_id: 'all_vendors',
  steps: [
    {
      step_id: 'make',
      modules: [
        {
          module_id: 'media.generate',
          name: 'pick',
          inputs: { title: 'Pick one', prompts: { local: { prompt: 'a lake' } }, schema: { type: 'object' } },
          outputs_to_state: { selected_content: 'chosen' },
        },
        { module_id: 'user.pause', name: 'end', inputs: { message: '{{ state.chosen.provider }}' } },
      ],
    },
  ],
};

beforeAll(async () => {
  farm = await startVendorFarm({ polls: 1 });
  Object.assign(env, farm.env);
  for (const name of ['WFM_PORT', 'WFM_WORKER_PORT']) env[name] = String(await freePort());
  server = await startProgram('server', env);
  worker = await startProgram('worker', env);
  key = await accessKeyOf(server);
  database = await openDatabase({ dataDir: folder, clock: systemClock(), role: 'follower' });
  for (const vendor of [...started, ...held])
    await call(key, 'PUT', `${server.url}/me/credentials/${vendor}`, { api_key: ownKey(vendor) });
}, 60_000);

afterAll(async () => {
  await database.close();
  expect(await Promise.all([server.end(), worker.end()])).toEqual([0, 0]);
  await farm.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A run that asks for media. */
async function begin(): Promise<MediaQuestion> {
  const asked = await call<WorkflowResponse>(key, 'POST', `${server.url}/workflow/start`, {
    project_name: `vendors ${performance.now()}`,
    workflow_content: workflow,
    confirm: true,
  });
  return mediaQuestion(server, key, asked);
}

const order = (question: MediaQuestion, vendor: FarmVendor, prompt: string): Promise<Ordered> => {
  const action_type = speaks.includes(vendor) ? 'txt2audio' : 'txt2img';
  return generate(question, { provider: vendor, action_type, params: { prompt } });
};

const made = async (question: MediaQuestion, vendor: FarmVendor): Promise<MediaTaskResult> =>
  madeBy(await order(question, vendor, 'a lake'));

/** A reply with the person's access. */
const get = (path: string): Promise<Response> => fetch(server.url + path, { headers: { 'x-access-key': key } });

async function taskOf({ executionId }: Ordered): Promise<TaskRow> {
  const [row] = await database.tasks.listOfRun({ runId: executionId });
  if (!row) throw new Error('the task is not there');
  return row;
}

async function killWorker(): Promise<void> {
  expect(await worker.end('SIGKILL')).toBe('SIGKILL');
  said += worker.output();
  worker = await startProgram('worker', env);
}

/** Machines that build are slow at times. */
const patience = { timeout: 30_000 };

const created = (vendor: FarmVendor, prompt: string) =>
  farm.fakes[vendor].creates.filter((create) => create.prompt === prompt);

describe('15 vendors over the real programs', () => {
  it('each makes a real file, asked with the person’s own key, and every call leaves a record', async () => {
    for (const some of [vendors.slice(0, 6), vendors.slice(6)]) {
      const run = await begin();
      await Promise.all(
        some.map(async (vendor) => {
          const { metadata_id: metadataId, urls } = await made(run, vendor);
          const kind = speaks.includes(vendor) ? 'audio' : 'image';
          for (const url of urls) {
            const { mime, data } = await bytesOf(run, url);
            expect([vendor, mime.split('/')[0]]).toEqual([vendor, kind]);
            if (missingPrograms.length > 0) continue;
            const { type, streams } = probed(folder, data);
            expect([vendor, type.split('/')[0], streams.length]).toEqual([vendor, kind, 1]);
          }
          const [create] = created(vendor, 'a lake');
          if (vendor !== 'stable_diffusion') expect(create?.key).toContain(ownKey(vendor));
          expect(await database.media.find({ metadataId })).toMatchObject({
            generation: { status: 'completed', provider: vendor, mock: false },
          });
        }),
      );
      const { items } = await database.calls.list({ runId: run.runId, limit: 200 });
      for (const vendor of some) expect(items.map(({ provider }) => provider)).toContain(vendor);
      for (const call of items) expect(call).toMatchObject({ kind: 'http', error: null, reply: expect.anything() });
    }
  }, 120_000);

  it('S13 no key is kept in plain, told, logged or handed out', async () => {
    const run = await begin();
    await made(run, 'leonardo');
    await (await order(run, 'leonardo', '!auth a lake')).frames;
    const handedOut: string[] = [];
    for (const path of ['status', 'events?limit=200', `interactions/${run.interactionId}/generations`, 'usage'])
      handedOut.push(await (await get(`/workflow/${run.runId}/${path}`)).text());
    const zip = await get(`/workflow/${run.runId}/files/download`);
    expect(zip.status).toBe(200);
    for (const data of Object.values(unzipSync(new Uint8Array(await zip.arrayBuffer()))))
      handedOut.push(Buffer.from(data).toString('latin1'));
    const kept = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'));
    expect(kept.some((text) => text.includes('a lake'))).toBe(true);
    for (const text of [...kept, ...handedOut, said, server.output(), worker.output()]) {
      expect(text).not.toContain('own-canary');
      expect(text).not.toContain(Buffer.from('own-canary').toString('base64').slice(0, 12));
    }
  }, 60_000);

  it('a clip is cut from a vendor’s picture by another vendor, and the frame that was sent is kept', async () => {
    const run = await begin();
    const { content_ids } = await made(run, 'replicate');
    const params = {
      prompt: 'it moves',
      source_image: content_ids[0],
      crop_region: { x: 8, y: 8, width: 48, height: 32 },
    };
    const { metadata_id: metadataId, urls } = await madeBy(
      await generate(run, { provider: 'fal', action_type: 'img2vid', params }),
    );
    expect((await bytesOf(run, urls[0] ?? '')).mime).toBe('video/mp4');
    const record = await database.media.find({ metadataId });
    expect(record?.contents.map(({ content_type, width }) => [content_type, width])).toEqual([
      ['video', 96],
      ['video.preview', 48],
    ]);
  }, 60_000);

  it.skipIf(missingPrograms.length > 0)(
    'stills and sound of any vendor become one film (needs ffmpeg, ffprobe, file)',
    async () => {
      const run = await begin();
      const [first, second, sound] = await Promise.all(
        (['luma', 'openai', 'elevenlabs'] as const).map((vendor) => made(run, vendor)),
      );
      const source_images = [first, second, sound].map((from) => from?.content_ids[0]);
      const params = { source_images, resolution: '360p', seconds: 2 };
      const { urls } = await madeBy(await generate(run, { provider: 'local', action_type: 'compose', params }));
      const { mime, data } = await bytesOf(run, urls[0] ?? '');
      expect([mime, probed(folder, data)]).toEqual(['video/mp4', { type: 'video/mp4', streams: ['aac', 'h264'] }]);
    },
    60_000,
  );

  it('14.6 what one vendor says another writes down, without anybody being asked', async () => {
    const render = (name: string, inputs: object, output: string) => ({
      module_id: 'media.render',
      name,
      inputs,
      outputs_to_state: { [output]: name },
    });
    const speak = { provider: 'deepgram', action_type: 'txt2audio', params: { prompt: 'A lake at dusk.' } };
    const write = {
      provider: 'elevenlabs',
      action_type: 'transcribe',
      params: {},
      source_image: '{{ state.spoken[0].local_path }}',
    };
    const end = { module_id: 'user.pause', name: 'end', inputs: { message: 'Heard: {{ state.heard }}' } };
    const modules = [render('spoken', speak, 'contents'), render('heard', write, 'text'), end];
    const run = await call<WorkflowResponse>(key, 'POST', `${server.url}/workflow/start`, {
      project_name: 'dictation',
      workflow_content: { format: 2, workflow_id: 'dictation', steps: [{ step_id: 'speak', modules }] },
      confirm: true,
    });
    const status = () => call<WorkflowResponse>(key, 'GET', `${server.url}/workflow/${run.workflow_run_id}/status`);
    await expect.poll(async () => (await status()).status, patience).toMatch(/^(awaiting_input|error)$/);
    expect(await status()).toMatchObject({ interaction_request: { message: 'Heard: A lake at dusk.' } });
    expect(farm.fakes.elevenlabs.creates.at(-1)?.key).toContain(ownKey('elevenlabs'));
  }, 60_000);

  it('15.1 an action that a vendor has given up is explained, with who can do it, and nobody is asked', async () => {
    const run = await begin();
    const before = farm.fakes.openai.requests.length;
    const params = { prompt: 'a lake', source_image: 'data:image/png;base64,iVBORw0KGgo=' };
    const { frames } = await generate(run, { provider: 'openai', action_type: 'img2vid', params });
    expect((await frames).at(-1)).toMatchObject({
      event: 'error',
      data: { code: 'provider_action_unsupported', detail: expect.stringContaining('2026-09-24') },
    });
    expect(farm.fakes.openai.requests.length).toBe(before);
  }, 60_000);

  it('15.4 what was made can be chosen, is counted, and goes with its run', async () => {
    const run = await begin();
    const { content_ids, urls } = await made(run, 'openai');
    const next = await call<WorkflowResponse>(key, 'POST', `${server.url}/workflow/respond`, {
      workflow_run_id: run.runId,
      interaction_id: run.interactionId,
      response: { selected_content_id: content_ids[0] },
    });
    expect(next.interaction_request).toMatchObject({ message: 'openai' });
    const usage = await call<{ media: { usd: number }; total: object }>(
      key,
      'GET',
      `${server.url}/workflow/${run.runId}/usage`,
    );
    const { data } = await bytesOf(run, urls[0] ?? '');
    expect(usage.media).toMatchObject({ generations: 1, contents: 1, bytes: data.length, usd: expect.any(Number) });
    expect(usage.total).toMatchObject({ calls: 1, cost_usd: usage.media.usd, output_tokens: 1000 });
    const small = await get(`${urls[0]}?w=160`);
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
    await call(key, 'DELETE', `${server.url}/workflow/${run.runId}`);
    expect((await get(urls[0] ?? '')).status).toBe(404);
    const left = readdirSync(folder, { recursive: true }).map(String);
    expect(left.filter((path) => path.includes(run.runId))).toEqual([]);
  }, 60_000);
});

describe('21 the worker is killed with SIGKILL', () => {
  it('between an order and the first look at it: one order in the journal of each vendor, and it is finished', async () => {
    for (let round = 0; round < runs(1, 5); round += 1) {
      const run = await begin();
      const prompt = `!slow:2 a lake, kill ${round}`;
      const ordered = await Promise.all(
        started.map(async (vendor) => ({ vendor, ...(await order(run, vendor, prompt)) })),
      );
      const operation = async (each: Ordered) => (await taskOf(each)).operation;
      for (const each of ordered) await expect.poll(() => operation(each), patience).not.toBeNull();
      await killWorker();
      for (const { vendor, ...each } of ordered) {
        await madeBy(each);
        expect([vendor, created(vendor, prompt).length]).toEqual([vendor, 1]);
        expect(await taskOf(each)).toMatchObject({ status: 'succeeded', attempts: 1 });
      }
    }
  }, 300_000);

  it('while the vendor has the order and has not answered: it is never ordered again, and said to be maybe billed', async () => {
    const prompt = '!hang a lake in silence';
    const questions = [await begin(), await begin()];
    const ordered = await Promise.all(
      [...started, ...held].map(async (vendor, index) => ({
        vendor,
        ...(await order(questions[index % 2] ?? questions[0]!, vendor, prompt)),
      })),
    );
    const orders = (vendor: FarmVendor) => created(vendor, prompt).length;
    for (const { vendor } of ordered) await expect.poll(() => orders(vendor), patience).toBe(1);
    await killWorker();
    for (const { vendor, ...each } of ordered) {
      expect((await each.frames).at(-1)).toMatchObject({ event: 'error', data: { code: 'provider_failed' } });
      expect(await taskOf(each)).toMatchObject({
        status: 'failed',
        error: { params: { provider: vendor, reason: 'interrupted', maybe_billed: true } },
      });
      expect([vendor, orders(vendor)]).toEqual([vendor, 1]);
    }
  }, 180_000);
});
