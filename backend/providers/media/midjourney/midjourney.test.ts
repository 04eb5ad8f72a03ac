import { afterEach, expect, test } from 'vitest';
import type { MediaRequest } from '@wfm/workflow-engine/ports';
import { startMidapiFake } from '../../testing/fakes/midapi-fake.ts';
import type { VendorFake } from '../../testing/fakes/vendor-fake.ts';
import { carryOut, faultOf, sampleInput, testContext } from '../../testing/media-rig.ts';
import { createMidjourney, type MidjourneySettings } from './midjourney.ts';

const apiKey = 'mid-canary-0f1e2d3c4b5a69788796a5b4c3d2e1f0';
let fake: VendorFake;
afterEach(() => fake.close());

const order = (more: Partial<MediaRequest> = {}): MediaRequest => ({
  action: 'txt2img',
  model: null,
  prompt: 'a lake',
  params: {},
  inputs: [],
  idempotencyKey: 'key-1',
  ...more,
});

async function start(more: Partial<MidjourneySettings> = {}, options: Parameters<typeof startMidapiFake>[0] = {}) {
  fake = await startMidapiFake(options);
  return createMidjourney({ apiKey, baseUrl: `${fake.url}/api/v1/mj`, ...more });
}

test('our words become MidAPI’s', async () => {
  const provider = await start();
  const params = { aspect_ratio: '16:9', speed: 'turbo', stylization: 250, watermark: 'me', enable_translation: true };
  await carryOut(provider, order({ params }), testContext({ apiKey }));
  expect(fake.creates[0]!.body).toEqual({
    taskType: 'mj_txt2img',
    prompt: 'a lake',
    aspectRatio: '16:9',
    version: '7',
    speed: 'turbo',
    stylization: 250,
    waterMark: 'me',
    enableTranslation: true,
  });
});

test('steps that MidAPI asks for are part of the schema', async () => {
  const provider = await start();
  const fault = await faultOf(carryOut(provider, order({ params: { stylization: 33 } }), testContext({ apiKey })));
  expect([fault.code, fault.place]).toEqual(['input_invalid', 'params.stylization']);
});

test.each(['object', 'text'] as const)('results are read when they come as %s', async (results) => {
  const provider = await start({}, { results });
  const { result } = await carryOut(provider, order(), testContext({ apiKey }));
  expect(result.outputs).toHaveLength(4);
});

test('without a public address what needs a source is not offered, and says why', async () => {
  const provider = await start();
  expect(provider.info().models.map((model) => model.action)).toEqual(['txt2img']);
  const request = order({ action: 'img2img', inputs: [sampleInput('source')] });
  const fault = await faultOf(carryOut(provider, request, testContext({ apiKey })));
  expect([fault.code, fault.params['alternatives']]).toEqual([
    'provider_action_unsupported',
    ['leonardo', 'stable_diffusion'],
  ]);
  expect(fault.message).toContain('public address');
});

test('a source goes by its address; one that has none, or only a private one, is a fault with its place', async () => {
  let address: string | null = 'https://files.example.com/a.png';
  const provider = await start({ publicUrl: async () => address });
  const request = order({ action: 'img2img', model: 'midjourney-omni', inputs: [sampleInput('source')] });
  await carryOut(provider, request, testContext({ apiKey }));
  expect(fake.creates[0]!.body).toMatchObject({ taskType: 'mj_omni_reference', ow: 100, fileUrls: [address] });
  for (address of [null, 'http://127.0.0.1:9000/a.png']) {
    const fault = await faultOf(carryOut(provider, request, testContext({ apiKey })));
    expect([fault.code, fault.place, fault.params['reason']]).toEqual([
      'input_invalid',
      'inputs[0]',
      'no_public_address',
    ]);
  }
  expect(fake.creates).toHaveLength(1);
});

test('an order that MidAPI forgot is a fault, not an endless wait', async () => {
  const provider = await start();
  const operation = { task_id: 'job-9999', makes: 'image' };
  const fault = await faultOf(provider.poll!(operation, testContext({ apiKey })));
  expect([fault.code, fault.params['reason']]).toEqual(['provider_failed', 'unknown_job']);
});
