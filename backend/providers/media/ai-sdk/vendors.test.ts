import { afterEach, expect, test } from 'vitest';
import type { MediaProvider, MediaRequest } from '@wfm/workflow-engine/ports';
import { startBlackForestLabsFake } from '../../testing/fakes/black-forest-labs-fake.ts';
import { startDeepgramFake } from '../../testing/fakes/deepgram-fake.ts';
import { startElevenLabsFake } from '../../testing/fakes/elevenlabs-fake.ts';
import { startFalFake } from '../../testing/fakes/fal-fake.ts';
import { startGoogleFake } from '../../testing/fakes/google-fake.ts';
import { startOpenAiMediaFake } from '../../testing/fakes/openai-media-fake.ts';
import { startReplicateFake } from '../../testing/fakes/replicate-fake.ts';
import type { VendorFake } from '../../testing/fakes/vendor-fake.ts';
import { carryOut, faultOf, sampleInput, testContext } from '../../testing/media-rig.ts';
import { aiSdkMediaProvider } from './provider.ts';
import type { SdkVendor, SdkVendorSettings } from './vendor.ts';
import { blackForestLabsMedia } from './vendors/black-forest-labs.ts';
import { deepgramMedia } from './vendors/deepgram.ts';
import { elevenLabsSpeech } from './vendors/elevenlabs.ts';
import { falMedia } from './vendors/fal.ts';
import { googleMedia } from './vendors/google.ts';
import { openaiMedia } from './vendors/openai.ts';
import { replicateMedia } from './vendors/replicate.ts';

const apiKey = 'sdk-canary-8f1c2d3e4b5a69788796a5b4c3d2e1f0';
let fake: VendorFake;
afterEach(() => fake.close());

async function asked(
  starting: Promise<VendorFake>,
  vendor: (settings: SdkVendorSettings) => SdkVendor,
  path = '',
): Promise<MediaProvider> {
  fake = await starting;
  return aiSdkMediaProvider(vendor({ apiKey, baseUrl: `${fake.url}${path}` }));
}

const order = (more: Partial<MediaRequest>): MediaRequest => ({
  action: 'txt2img',
  model: null,
  prompt: 'a lake',
  params: {},
  inputs: [],
  idempotencyKey: 'order-1',
  ...more,
});

test('OpenAI: our words become the vendor’s; what it used is what it cost', async () => {
  const openai = await asked(startOpenAiMediaFake(), openaiMedia, '/v1');
  const params = { aspect_ratio: '16:9', quality: 'low', num_images: 2, output_format: 'webp', background: 'opaque' };
  const context = testContext({ apiKey });
  const { result } = await carryOut(openai, order({ params }), context);
  expect(fake.creates[0]!.body).toEqual({
    model: 'gpt-image-2',
    prompt: 'a lake',
    n: 2,
    size: '1536x864',
    quality: 'low',
    background: 'opaque',
    output_format: 'webp',
  });
  expect(result.outputs.length).toBe(2);
  // 10 tokens of text at 5, 50 of pictures at 8, 1000 out at 30, by the million.
  expect(result.cost).toEqual({ amount: '0.030450', unit: 'USD' });
  expect(context.calls[0]).toMatchObject({ target: expect.stringContaining('/v1/images/generations'), error: null });
  expect(JSON.stringify(context.calls).length).toBeLessThan(2_000);
});

test('OpenAI: a picture is edited within its mask, as a form', async () => {
  const openai = await asked(startOpenAiMediaFake(), openaiMedia, '/v1');
  const inputs = [sampleInput('source'), sampleInput('source'), sampleInput('mask')];
  await carryOut(openai, order({ action: 'img2img', inputs }), testContext({ apiKey }));
  expect(fake.creates[0]!.path).toBe('/v1/images/edits');
  const { parts } = fake.creates[0]!.body as { parts: string[] };
  expect(parts.filter((part) => part.startsWith('image'))).toHaveLength(2);
  expect(parts).toContain('mask');
});

test.each([
  ['OpenAI', () => asked(startOpenAiMediaFake(), openaiMedia, '/v1')],
  ['ElevenLabs', () => asked(startElevenLabsFake(), elevenLabsSpeech)],
  ['Deepgram', () => asked(startDeepgramFake(), deepgramMedia)],
  ['fal', () => asked(startFalFake(), falMedia)],
])('%s writes down what is said', async (_name, start) => {
  const provider = await start();
  const inputs = [sampleInput('audio', 'audio')];
  const { result } = await carryOut(
    provider,
    order({ action: 'transcribe', prompt: '', inputs }),
    testContext({ apiKey }),
  );
  expect([result.text, result.outputs]).toEqual(['A lake at dusk.', []]);
  expect(fake.creates).toHaveLength(1);
});

test('Google: a video opens to the key alone, which stands in no address', async () => {
  const google = await asked(startGoogleFake(), googleMedia, '/v1beta');
  const context = testContext({ apiKey });
  const { result } = await carryOut(google, order({ action: 'txt2vid', params: { duration: 6 } }), context);
  expect(fake.creates[0]!.body).toMatchObject({
    instances: [{ prompt: 'a lake' }],
    parameters: { aspectRatio: '16:9', durationSeconds: 6, resolution: '720p', sampleCount: 1 },
  });
  expect(result.outputs[0]!.source).toHaveProperty('data');
  const paths = fake.requests.map(({ path }) => path).join(' ');
  expect(paths).toContain(':download?alt=media');
  expect(paths).not.toContain(apiKey);
});

test('Google: a picture that is not made for safety is a refusal', async () => {
  const google = await asked(startGoogleFake(), googleMedia, '/v1beta');
  const fault = await faultOf(google.submit(order({ prompt: '!fail:policy a lake' }), testContext({ apiKey })));
  expect([fault.code, fault.transient, fault.params['reason']]).toEqual(['provider_failed', false, 'policy']);
  expect(fault.message).toContain('IMAGE_SAFETY');
});

test('Google: Veo gets the first and the last frame', async () => {
  const google = await asked(startGoogleFake(), googleMedia, '/v1beta');
  const inputs = [sampleInput('source'), sampleInput('last')];
  await google.submit(order({ action: 'img2vid', inputs }), testContext({ apiKey }));
  const { instances } = fake.creates[0]!.body as { instances: Record<string, unknown>[] };
  expect(Object.keys(instances[0]!).toSorted()).toEqual(['image', 'lastFrame', 'prompt']);
});

test('fal: everything goes through its queue, which tells the place in it; a running order can be cancelled', async () => {
  const fal = await asked(startFalFake({ polls: 4 }), falMedia);
  const inputs = [sampleInput('source')];
  const context = testContext({ apiKey });
  const submitted = await fal.submit(order({ action: 'img2vid', params: { duration: 10 }, inputs }), context);
  if (submitted.kind !== 'started') throw new Error('expected an operation');
  expect(fake.creates[0]!).toMatchObject({
    path: '/fal-ai/kling-video/v2.5-turbo/pro/image-to-video',
    body: { prompt: 'a lake', duration: '10', image_url: expect.stringMatching(/^data:image\/png;base64,/) },
  });
  expect(submitted.operation).toMatchObject({ id: 'job-0001', app: 'fal-ai/kling-video' });
  const looked = await fal.poll!(submitted.operation, context);
  expect(looked).toMatchObject({ kind: 'pending', progress: { phase: 'queued', position: 2 } });
  expect(await fal.cancel!(submitted.operation, context)).toBe('cancelled');
  expect(JSON.stringify(context.calls)).not.toContain('base64');
});

test('Replicate: a request is not held open, and no address of a reply is followed', async () => {
  const replicate = await asked(startReplicateFake(), replicateMedia, '/v1');
  const params = { resolution: '480p', duration: 7, seed: 3 };
  const context = testContext({ apiKey });
  const { result, operation } = await carryOut(replicate, order({ action: 'txt2vid', params }), context);
  expect(fake.creates[0]!.body).toEqual({
    input: { prompt: 'a lake', aspect_ratio: '16:9', resolution: '480p', duration: 7, seed: 3, camera_fixed: false },
  });
  expect(fake.requests[0]!.headers['prefer']).toBeUndefined();
  expect(fake.requests[0]!.headers['idempotency-key']).toBe('order-1');
  expect(JSON.stringify(operation)).not.toContain('://');
  // Of the looks the last one is kept.
  expect(context.calls.map((call) => call.target.split(' ')[0])).toEqual(['POST', 'GET']);
  expect(result).toMatchObject({ vendorJobId: 'job-0001', response: { metrics: { predict_time: 2.5 } } });
});

test('Black Forest Labs: what the vendor says is what it cost', async () => {
  const labs = await asked(startBlackForestLabsFake(), blackForestLabsMedia, '/v1');
  const { result } = await carryOut(labs, order({ params: { width: 512, height: 768 } }), testContext({ apiKey }));
  expect(fake.creates[0]!.body).toMatchObject({ prompt: 'a lake', width: 512, height: 768, output_format: 'png' });
  expect(result).toMatchObject({
    cost: { amount: '4', unit: 'credits', usd_per_unit: '0.01' },
    outputs: [{ seed: 42 }],
  });
});

test('S13 Black Forest Labs: the key goes to no host that is not the vendor’s', async () => {
  const labs = await asked(
    startBlackForestLabsFake({ pollingOrigin: 'https://bfl.ai.evil.example' }),
    blackForestLabsMedia,
    '/v1',
  );
  const context = testContext({ apiKey });
  const submitted = await labs.submit(order({}), context);
  if (submitted.kind !== 'started') throw new Error('expected an operation');
  const fault = await faultOf(labs.poll!(submitted.operation, context));
  expect([fault.code, fault.params['reason']]).toEqual(['provider_failed', 'malformed']);
  expect(fault.message).toContain('bfl.ai.evil.example');
});

test('15.1 OpenAI’s video is refused before anybody is asked, with who can do it', async () => {
  const openai = await asked(startOpenAiMediaFake(), openaiMedia, '/v1');
  const inputs = [sampleInput('source')];
  const fault = await faultOf(openai.submit(order({ action: 'img2vid', inputs }), testContext({ apiKey })));
  expect(fault.code).toBe('provider_action_unsupported');
  expect(fault.message).toContain('2026-09-24');
  expect(fault.params['alternatives']).toContain('google');
  expect(fake.requests).toEqual([]);
});
