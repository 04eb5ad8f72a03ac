import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MediaRequest } from '@wfm/workflow-engine/ports';
import { startWebuiFake, type WebuiFake } from '../../testing/fakes/webui-fake.ts';
import { carryOut, faultOf, testContext } from '../../testing/media-rig.ts';
import { createStableDiffusion } from './stable-diffusion.ts';

let fake: WebuiFake;
beforeEach(async () => {
  fake = await startWebuiFake({ auth: 'painter:canary-password', heldMs: 120, grid: true });
});
afterEach(() => fake.close());

const apiKey = 'painter:canary-password';
const order: MediaRequest = {
  action: 'txt2img',
  model: null,
  prompt: 'a lake',
  params: {},
  inputs: [],
  idempotencyKey: 'key-1',
};
const provider = (progressEveryMs = 20) => createStableDiffusion({ baseUrl: fake.url, progressEveryMs });

test('progress is told beside the held request', async () => {
  const context = testContext({ apiKey });
  await carryOut(provider(), order, context);
  const percents = context.progress.flatMap((seen) => (seen.phase === 'running' ? [seen.percent ?? 0] : []));
  expect(percents.length).toBeGreaterThan(1);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  expect(context.calls.map((call) => call.target.split('/').at(-1))).toEqual(['txt2img']);
});

test('a grid before the pictures is left out, and every picture has its seed', async () => {
  const request = { ...order, params: { num_images: 3, seed: 7 } };
  const { result } = await carryOut(provider(), request, testContext({ apiKey }));
  expect(result.outputs.map((output) => output.seed)).toEqual([7, 8, 9]);
});

test('cancelled at work, the server is told to stop', async () => {
  const controller = new AbortController();
  const context = testContext({ apiKey, signal: controller.signal });
  const working = carryOut(provider(), { ...order, prompt: '!hang a lake' }, context);
  await expect.poll(() => context.progress.some((seen) => seen.phase === 'running'), { timeout: 10_000 }).toBe(true);
  controller.abort(new Error('cancelled'));
  await expect(working).rejects.toThrow('cancelled');
  expect(fake.interrupts()).toBe(1);
});

test('cancelled before it was seen at work, nobody else’s order is stopped', async () => {
  const controller = new AbortController();
  const context = testContext({ apiKey, signal: controller.signal });
  const working = carryOut(provider(60_000), { ...order, prompt: '!hang a lake' }, context);
  await expect.poll(() => fake.creates.length, { timeout: 10_000 }).toBe(1);
  controller.abort(new Error('cancelled'));
  await expect(working).rejects.toThrow('cancelled');
  expect(fake.interrupts()).toBe(0);
});

test('parameters become the request that the WebUI knows', async () => {
  const params = {
    checkpoint: 'SDXL/lake.safetensors [0a1b2c3d4e]',
    sampler_combo: 'DPM++ 2M / Karras',
    resolution: '832x1216',
    hires: '1.5x',
    vae: 'None',
    adetailer: 'face_yolov8n.pt',
  };
  await carryOut(provider(), { ...order, params }, testContext({ apiKey }));
  expect(fake.creates[0]!.body).toMatchObject({
    width: 832,
    height: 1216,
    sampler_name: 'DPM++ 2M',
    scheduler: 'Karras',
    enable_hr: true,
    hr_scale: 1.5,
    override_settings: { sd_model_checkpoint: params.checkpoint, sd_vae: 'None' },
    alwayson_scripts: { ADetailer: { args: [true, false, { ad_model: 'face_yolov8n.pt' }] } },
  });
});

test('15.3 forms get what this server has', async () => {
  const metadata = await provider().metadata!('txt2img', testContext({ apiKey }));
  expect(metadata).toMatchObject({
    categories: [
      { id: 'SDXL', models: [{ checkpoint_name: 'SDXL/lake.safetensors [0a1b2c3d4e]', model_name: 'lake' }] },
      { id: 'models', models: [{ model_name: 'plain' }] },
    ],
  });
  const text = JSON.stringify(metadata);
  expect(text).toContain('"sampler_combo":[{"value":"Euler a / Automatic","count":0}');
  expect(text).toContain('sdxl_vae.safetensors');
});

test('S13 a password is neither told nor kept, and a wrong one is a refused key', async () => {
  const context = testContext({ apiKey });
  await carryOut(provider(), order, context);
  const echoed = await faultOf(carryOut(provider(), { ...order, prompt: '!echo-key a lake' }, context));
  expect(echoed.code).toBe('provider_failed');
  const kept = JSON.stringify([context.calls, echoed.message, echoed.params]);
  expect(kept).not.toContain('canary-password');
  expect(kept).not.toContain(Buffer.from(apiKey).toString('base64'));
  const wrong = await faultOf(carryOut(provider(), order, testContext({ apiKey: 'painter:wrong-password' })));
  expect(wrong.code).toBe('provider_auth');
});

test('a server without the name that was chosen says so; one without the API tells how to start it', async () => {
  const fault = await faultOf(carryOut(provider(), { ...order, prompt: '!invalid a lake' }, testContext({ apiKey })));
  expect([fault.code, fault.transient, fault.params['reason']]).toEqual(['provider_failed', false, 'request']);
  expect(fault.message).toContain('Sampler not found');
  const elsewhere = createStableDiffusion({ baseUrl: `${fake.url}/elsewhere` });
  const nothing = await faultOf(carryOut(elsewhere, order, testContext({ apiKey })));
  expect([nothing.code, nothing.params['reason']]).toEqual(['provider_failed', 'address']);
});

test('without an address nobody is asked, and the entry says what to set', async () => {
  const unset = createStableDiffusion({ baseUrl: undefined });
  expect(unset.info()).toMatchObject({ ready: false, reason: expect.stringContaining('SD_WEBUI_URL') as string });
  expect((await faultOf(carryOut(unset, order, testContext()))).code).toBe('provider_not_configured');
  expect((await faultOf(unset.metadata!('txt2img', testContext()))).code).toBe('provider_not_configured');
});
