import { afterEach, beforeEach, expect, test } from 'vitest';
import { validateAgainst } from '@wfm/workflow-engine/schema';
import { startElevenLabsFake } from '../../testing/fakes/elevenlabs-fake.ts';
import type { VendorFake } from '../../testing/fakes/vendor-fake.ts';
import { carryOut, faultOf, testContext } from '../../testing/media-rig.ts';
import { createElevenLabs } from './elevenlabs.ts';

const apiKey = 'xi-canary-5a69788796a5b4c3d2e1f00f1e2d3c4b';
let fake: VendorFake;
beforeEach(async () => {
  fake = await startElevenLabsFake();
});
afterEach(() => fake.close());

const provider = () => createElevenLabs({ apiKey, baseUrl: fake.url });
const order = (model: string | null, prompt = 'slow piano', params = {}) => ({
  action: 'txt2audio' as const,
  model,
  prompt,
  params,
  inputs: [],
  idempotencyKey: 'key-1',
});

test('music: prompt, length and format go where the vendor wants them', async () => {
  const { result } = await carryOut(
    provider(),
    order('music_v2_5', 'slow piano', { force_instrumental: true }),
    testContext({ apiKey }),
  );
  expect(fake.creates[0]).toMatchObject({ path: '/v1/music?output_format=mp3_44100_128', key: apiKey });
  expect(fake.creates[0]!.body).toEqual({
    prompt: 'slow piano',
    music_length_ms: 30_000,
    force_instrumental: true,
    model_id: 'music_v2_5',
  });
  expect(result).toMatchObject({ vendorJobId: 'job-0001', cost: { amount: '42', unit: 'credits' } });
});

test('sound effects: the prompt is a text', async () => {
  const request = order('eleven_text_to_sound_v2', 'a door', { loop: true, duration_seconds: 2.5 });
  await carryOut(provider(), request, testContext({ apiKey }));
  expect(fake.creates[0]!.body).toEqual({
    text: 'a door',
    duration_seconds: 2.5,
    prompt_influence: 0.3,
    loop: true,
    model_id: 'eleven_text_to_sound_v2',
  });
});

test('an answer without sound is no success', async () => {
  const fault = await faultOf(carryOut(provider(), order(null, '!none a lake'), testContext({ apiKey })));
  expect([fault.code, fault.params['maybe_billed']]).toEqual(['provider_failed', true]);
});

test('15.2 a model is asked for exactly three pieces', () => {
  const schema = provider().info().promptSchemas.txt2audio;
  const piece = {
    name: 'Dusk',
    description: 'An evening',
    prompt: 'slow piano',
    suggested_bpm: 70,
    instruments: ['piano', 'cello'],
    mood: ['calm', 'warm'],
    energy: 'low',
  };
  expect(validateAgainst(schema, { data: [piece, piece, piece] })).toEqual([]);
  expect(validateAgainst(schema, { data: [piece, piece] })).not.toEqual([]);
  expect(validateAgainst(schema, { data: [piece, piece, { ...piece, suggested_bpm: 121 }] })).not.toEqual([]);
  expect(validateAgainst(schema, { data: [piece, piece, { ...piece, mood: ['calm'] }] })).not.toEqual([]);
});
