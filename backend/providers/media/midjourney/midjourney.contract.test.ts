import { startMidapiFake } from '../../testing/fakes/midapi-fake.ts';
import { type MediaRig, mediaProviderTestsuite } from '../../testing/media-provider.testsuite.ts';
import { sampleInput } from '../../testing/media-rig.ts';
import { createMediaDownload } from '../support/download.ts';
import { createMidjourney } from './midjourney.ts';

async function start(): Promise<MediaRig> {
  const fake = await startMidapiFake();
  const baseUrl = `${fake.url}/api/v1/mj`;
  const publicUrl = async () => 'https://files.example.com/source.png';
  return {
    provider: () => createMidjourney({ apiKey: undefined, baseUrl, publicUrl }),
    download: createMediaDownload({ allow: [fake.host] }),
    creates: () => fake.creates.length,
    cancels: () => fake.cancels.length,
    requests: () => fake.requests.length,
    open: fake.open,
    close: fake.close,
  };
}

const common = {
  start,
  apiKey: 'mid-canary-0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  way: 'started',
  results: 'url',
  lacks: { retired: 'MidAPI has one model; its versions are a parameter, and none has a date.' },
} as const;

mediaProviderTestsuite({
  ...common,
  name: 'Midjourney, pictures',
  order: { action: 'txt2img', model: null, params: {} },
  media: 'image',
  growing: [{ speed: 'relaxed' }, { speed: 'fast' }, { speed: 'turbo' }],
});

mediaProviderTestsuite({
  ...common,
  name: 'Midjourney, video',
  order: { action: 'img2vid', model: 'midjourney-video', params: {}, inputs: [sampleInput('source')] },
  media: 'video',
  growing: [{ videos: 1 }, { videos: 2 }, { videos: 4 }],
});
