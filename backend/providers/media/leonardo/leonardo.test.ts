import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MediaRequest } from '@wfm/workflow-engine/ports';
import { createSafeFetch } from '../../safe-fetch/safe-fetch.ts';
import { type LeonardoFake, startLeonardoFake } from '../../testing/fakes/leonardo-fake.ts';
import { carryOut, faultOf, sampleInput, testContext } from '../../testing/media-rig.ts';
import { aspectRatios, nanoBananaPixels, pixelsByArea, sizes } from './dimensions.ts';
import { createLeonardo } from './leonardo.ts';
import { leonardoModels } from './models.ts';

const apiKey = 'leo-canary-8f1c2d3e4b5a69788796a5b4c3d2e1f0';
let fake: LeonardoFake;
const start = async (options: Parameters<typeof startLeonardoFake>[0] = {}) => {
  fake = await startLeonardoFake(options);
};
beforeEach(() => start());
afterEach(() => fake.close());

const provider = (allow = [fake.host]) =>
  createLeonardo({ apiKey, baseUrl: `${fake.url}/api/rest` }, createSafeFetch({ allow }));
const order = (more: Partial<MediaRequest>): MediaRequest => ({
  action: 'txt2img',
  model: null,
  prompt: 'a lake',
  params: {},
  inputs: [],
  idempotencyKey: 'key-1',
  ...more,
});

test('v1: our words become the vendor’s, and nothing is published', async () => {
  const params = {
    aspect_ratio: '16:9',
    style: 'cinematic',
    generation_mode: 'ultra',
    num_images: 2,
    contrast: 4,
    seed: 5,
  };
  const { result } = await carryOut(provider(), order({ model: 'lucid-origin', params }), testContext({ apiKey }));
  expect(fake.creates[0]).toMatchObject({
    path: '/api/rest/v1/generations',
    body: {
      modelId: '7b592283-e8a7-4c5a-9ba6-d18c31f258b9',
      width: 1368,
      height: 768,
      num_images: 2,
      contrast: 4,
      styleUUID: 'a5632c7c-ddbb-4e2f-ba34-8456ab3ac436',
      alchemy: false,
      ultra: true,
      seed: 5,
      public: false,
    },
  });
  expect(result).toMatchObject({ vendorJobId: 'job-0001', cost: { amount: '0.0147', unit: 'USD' } });
  expect(result.outputs.map((output) => output.seed)).toEqual([42, 42]);
});

test('v2: a partner’s model has its parameters apart, and listed pairs of pixels', async () => {
  const params = { aspect_ratio: '9:16', size: 'medium', num_images: 3, style: 'none' };
  await carryOut(provider(), order({ model: 'nano-banana-pro', params }), testContext({ apiKey }));
  expect(fake.creates[0]!.body).toEqual({
    model: 'gemini-image-2',
    public: false,
    parameters: {
      prompt: 'a lake',
      quantity: 3,
      width: 1536,
      height: 2752,
      prompt_enhance: 'OFF',
      style_ids: ['556c1ee5-ec38-42e8-955a-1e82dad0ffa1'],
    },
  });
});

test.each(['text', 'object'] as const)(
  'a source is uploaded, fields first, without our key (fields as %s)',
  async (uploadFields) => {
    await fake.close();
    await start({ uploadFields });
    const context = testContext({ apiKey });
    const request = order({
      action: 'img2vid',
      prompt: 'it snows',
      params: { motion_strength: 'subtle' },
      inputs: [sampleInput('source')],
    });
    const { result } = await carryOut(provider(), request, context);
    expect(fake.uploads).toEqual([{ parts: ['key', 'policy', 'X-Amz-Signature', 'file'], authorization: undefined }]);
    expect(fake.creates[0]).toMatchObject({
      path: '/api/rest/v1/generations-image-to-video',
      body: {
        prompt: 'it snows (subtle motion)',
        imageId: 'init-0001',
        imageType: 'UPLOADED',
        model: 'MOTION2',
        isPublic: false,
      },
    });
    expect(result.outputs[0]!.mime).toBe('video/mp4');
    const kept = JSON.stringify(context.calls);
    expect(kept).not.toContain('cG9saWN5');
    expect(kept).not.toContain('"signed"');
  },
);

test('v2 video: start and end are the pictures that were uploaded', async () => {
  const inputs = [sampleInput('source'), sampleInput('last')];
  const params = { resolution: '720p', aspect_ratio: '9:16', duration: 8, audio: true };
  await carryOut(provider(), order({ action: 'img2vid', model: 'kling-3.0', params, inputs }), testContext({ apiKey }));
  expect(fake.creates[0]!.body).toMatchObject({
    model: 'kling-3.0',
    parameters: {
      duration: 8,
      width: 720,
      height: 1280,
      mode: 'RESOLUTION_720',
      motion_has_audio: true,
      guidances: {
        start_frame: [{ image: { id: 'init-0001', type: 'UPLOADED' } }],
        end_frame: [{ image: { id: 'init-0001', type: 'UPLOADED' } }],
      },
    },
  });
});

test('S6 a storage that is not public gets no picture, and nothing is ordered', async () => {
  const request = order({ action: 'img2vid', inputs: [sampleInput('source')] });
  const fault = await faultOf(carryOut(provider([]), request, testContext({ apiKey })));
  expect(fault.code).toBe('url_refused');
  expect([fake.uploads, fake.creates]).toEqual([[], []]);
});

test('every model can be ordered and looked at', async () => {
  for (const model of leonardoModels) {
    const inputs = (model.inputs ?? []).flatMap((rule) => (rule.min > 0 ? [sampleInput(rule.role)] : []));
    const request = order({ action: model.action, model: model.id, inputs });
    const { result } = await carryOut(provider(), request, testContext({ apiKey }));
    expect([model.id, result.outputs.length]).toEqual([model.id, 1]);
  }
  expect(fake.creates).toHaveLength(leonardoModels.length);
});

test('an order that the vendor forgot is a fault, not an endless wait', async () => {
  const operation = { generation_id: 'job-9999', makes: 'image', cost: null };
  const fault = await faultOf(provider().poll!(operation, testContext({ apiKey })));
  expect([fault.code, fault.params['reason'], fault.transient]).toEqual(['provider_failed', 'unknown_job', false]);
});

test('an estimate says where it is from, and asks nobody without a key', async () => {
  const estimate = (model: string, context = testContext({ apiKey })) => provider().estimate(order({ model }), context);
  expect(await estimate('lucid-origin')).toMatchObject({ basis: 'remote', cost: { amount: '8', unit: 'credits' } });
  expect(await estimate('lucid-origin', testContext())).toMatchObject({ basis: 'unknown', cost: null });
  expect(await estimate('nano-banana-2')).toMatchObject({ basis: 'table', cost: { amount: '0.0400', unit: 'USD' } });
  expect(await estimate('seedream-5.0-pro')).toMatchObject({ basis: 'unknown', cost: null });
});

test('pixels are multiples of 8 within the model’s bounds, near the ratio, and larger for a larger size', () => {
  for (const bounds of [
    { min: 32, max: 1536 },
    { min: 768, max: 2048 },
  ]) {
    for (const ratio of aspectRatios) {
      const all = sizes.map((size) => pixelsByArea(ratio, size, bounds));
      for (const { width, height } of all) {
        expect([width % 8, height % 8]).toEqual([0, 0]);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(bounds.min);
        expect(Math.max(width, height)).toBeLessThanOrEqual(bounds.max);
      }
      const areas = all.map(({ width, height }) => width * height);
      expect(areas).toEqual(areas.toSorted((a, b) => a - b));
    }
  }
  for (const ratio of aspectRatios) {
    const [across = 1, down = 1] = ratio.split(':').map(Number);
    const { width, height } = nanoBananaPixels(ratio, 'small');
    expect(Math.abs(width / height / (across / down) - 1)).toBeLessThan(0.02);
  }
});
