import { startBlackForestLabsFake } from '../../testing/fakes/black-forest-labs-fake.ts';
import { startDeepgramFake } from '../../testing/fakes/deepgram-fake.ts';
import { startElevenLabsFake } from '../../testing/fakes/elevenlabs-fake.ts';
import { startFalFake } from '../../testing/fakes/fal-fake.ts';
import { startGoogleFake } from '../../testing/fakes/google-fake.ts';
import { startLumaFake } from '../../testing/fakes/luma-fake.ts';
import { startOpenAiMediaFake } from '../../testing/fakes/openai-media-fake.ts';
import { startReplicateFake } from '../../testing/fakes/replicate-fake.ts';
import type { VendorFake } from '../../testing/fakes/vendor-fake.ts';
import {
  type MediaRig,
  mediaProviderTestsuite,
  type MediaSuiteOptions,
} from '../../testing/media-provider.testsuite.ts';
import { sampleInput } from '../../testing/media-rig.ts';
import { createMediaDownload } from '../support/download.ts';
import { aiSdkMediaProvider } from './provider.ts';
import type { SdkVendor, SdkVendorSettings } from './vendor.ts';
import { blackForestLabsMedia } from './vendors/black-forest-labs.ts';
import { deepgramMedia } from './vendors/deepgram.ts';
import { elevenLabsSpeech } from './vendors/elevenlabs.ts';
import { falMedia } from './vendors/fal.ts';
import { googleMedia } from './vendors/google.ts';
import { lumaMedia } from './vendors/luma.ts';
import { openaiMedia } from './vendors/openai.ts';
import { replicateMedia } from './vendors/replicate.ts';

function rigOf(
  start: () => Promise<VendorFake>,
  vendor: (settings: SdkVendorSettings) => SdkVendor,
  path = '',
): () => Promise<MediaRig> {
  return async () => {
    const fake = await start();
    return {
      provider: () => aiSdkMediaProvider(vendor({ apiKey: undefined, baseUrl: `${fake.url}${path}` })),
      download: createMediaDownload({ allow: [fake.host] }),
      creates: () => fake.creates.length,
      cancels: () => fake.cancels.length,
      requests: () => fake.requests.length,
      open: fake.open,
      close: fake.close,
    };
  };
}

const apiKey = 'sdk-canary-8f1c2d3e4b5a69788796a5b4c3d2e1f0';
const noRetired = { retired: 'no model of this vendor is known to retire' };
const held = { apiKey, way: 'held', results: 'data' } as const;
const started = { apiKey, way: 'started', results: 'url' } as const;

const openai: Pick<MediaSuiteOptions, 'start' | 'retired'> = {
  start: rigOf(startOpenAiMediaFake, openaiMedia, '/v1'),
  retired: { action: 'txt2img', model: 'gpt-image-1', now: new Date('2026-10-23T00:00:00Z') },
};

mediaProviderTestsuite({
  ...held,
  ...openai,
  name: 'OpenAI, pictures',
  order: { action: 'txt2img', model: 'gpt-image-2', params: { num_images: 2 } },
  media: 'image',
  growing: [
    { quality: 'low', num_images: 1 },
    { quality: 'low', num_images: 1, aspect_ratio: '16:9' },
    { quality: 'medium', num_images: 1 },
    { quality: 'high', num_images: 1 },
    { quality: 'high', num_images: 10 },
  ],
});

mediaProviderTestsuite({
  ...held,
  ...openai,
  name: 'OpenAI, edited pictures',
  order: {
    action: 'img2img',
    model: 'gpt-image-2',
    params: {},
    inputs: [sampleInput('source'), sampleInput('mask')],
  },
  media: 'image',
  growing: [{ num_images: 1 }, { num_images: 3 }],
});

mediaProviderTestsuite({
  ...held,
  ...openai,
  name: 'OpenAI, speech',
  order: { action: 'txt2audio', model: 'tts-1', params: {} },
  media: 'audio',
  growing: [{}],
});

const google: Pick<MediaSuiteOptions, 'start' | 'retired'> = {
  start: rigOf(startGoogleFake, googleMedia, '/v1beta'),
  retired: { action: 'txt2img', model: 'gemini-2.5-flash-image', now: new Date('2026-11-22T00:00:00Z') },
};

mediaProviderTestsuite({
  ...held,
  ...google,
  name: 'Google, pictures',
  order: { action: 'txt2img', model: 'gemini-nano-banana-2.1', params: { aspect_ratio: '16:9' } },
  media: 'image',
  growing: [{}],
});

mediaProviderTestsuite({
  ...held,
  ...google,
  name: 'Google, speech',
  order: { action: 'txt2audio', model: 'gemini-3.8-flash-tts', params: {} },
  media: 'audio',
  growing: [{}],
});

mediaProviderTestsuite({
  ...google,
  apiKey,
  way: 'started',
  results: 'data',
  name: 'Google, videos by Veo',
  order: { action: 'img2vid', model: 'veo-3.1-lite-generate-preview', params: {}, inputs: [sampleInput('source')] },
  media: 'video',
  growing: [{ duration: 4 }, { duration: 8 }, { duration: 8, resolution: '1080p' }],
});

const fal = rigOf(startFalFake, falMedia);

mediaProviderTestsuite({
  ...started,
  name: 'fal, pictures',
  start: fal,
  cancels: true,
  order: { action: 'txt2img', model: 'fal-ai/flux/dev', params: { num_images: 2 } },
  media: 'image',
  growing: [{ num_images: 1 }, { num_images: 4 }],
  lacks: noRetired,
});

mediaProviderTestsuite({
  ...started,
  name: 'fal, videos',
  start: fal,
  cancels: true,
  order: {
    action: 'img2vid',
    model: 'fal-ai/kling-video/v2.5-turbo/pro/image-to-video',
    params: {},
    inputs: [sampleInput('source')],
  },
  media: 'video',
  growing: [{ duration: 5 }, { duration: 10 }],
  lacks: noRetired,
});

mediaProviderTestsuite({
  ...started,
  name: 'fal, speech',
  start: fal,
  cancels: true,
  order: { action: 'txt2audio', model: 'fal-ai/minimax/speech-02-hd', params: {} },
  media: 'audio',
  growing: [{}],
  lacks: noRetired,
});

const replicate = rigOf(startReplicateFake, replicateMedia, '/v1');

mediaProviderTestsuite({
  ...started,
  name: 'Replicate, pictures',
  start: replicate,
  cancels: true,
  order: { action: 'txt2img', model: 'black-forest-labs/flux-dev', params: { num_images: 2 } },
  media: 'image',
  growing: [{ num_images: 1 }, { num_images: 4 }],
  lacks: noRetired,
});

mediaProviderTestsuite({
  ...started,
  name: 'Replicate, videos',
  start: replicate,
  cancels: true,
  order: { action: 'img2vid', model: 'bytedance/seedance-1-pro', params: {}, inputs: [sampleInput('source')] },
  media: 'video',
  growing: [{ resolution: '480p' }, {}, { duration: 12 }, { duration: 12, resolution: '1080p' }],
  lacks: noRetired,
});

mediaProviderTestsuite({
  ...started,
  name: 'Luma, pictures',
  start: rigOf(startLumaFake, lumaMedia),
  order: { action: 'txt2img', model: 'photon-1', params: {} },
  media: 'image',
  growing: [{}],
  lacks: noRetired,
});

const blackForestLabs = rigOf(startBlackForestLabsFake, blackForestLabsMedia, '/v1');

mediaProviderTestsuite({
  ...started,
  name: 'Black Forest Labs, pictures',
  start: blackForestLabs,
  order: { action: 'txt2img', model: 'flux-2-pro', params: {} },
  media: 'image',
  growing: [{ width: 256, height: 256 }, {}, { width: 2048, height: 2048 }],
  lacks: noRetired,
});

mediaProviderTestsuite({
  ...started,
  name: 'Black Forest Labs, videos',
  start: blackForestLabs,
  order: {
    action: 'img2vid',
    model: 'flux-3-video',
    params: {},
    inputs: [sampleInput('source'), sampleInput('last')],
  },
  media: 'video',
  growing: [{}, { resolution: 'fhd' }, { resolution: 'fhd', duration: 20 }],
  lacks: noRetired,
});

mediaProviderTestsuite({
  ...held,
  name: 'ElevenLabs, speech',
  start: rigOf(startElevenLabsFake, elevenLabsSpeech),
  order: { action: 'txt2audio', model: 'eleven_v3', params: {} },
  media: 'audio',
  growing: [{}],
  lacks: noRetired,
});

mediaProviderTestsuite({
  ...held,
  name: 'Deepgram, speech',
  start: rigOf(startDeepgramFake, deepgramMedia),
  order: { action: 'txt2audio', model: 'aura-2', params: {} },
  media: 'audio',
  growing: [{}],
  lacks: { ...noRetired, policy: 'it says whatever it is given' },
});
