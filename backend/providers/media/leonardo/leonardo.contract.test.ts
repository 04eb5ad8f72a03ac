import { createSafeFetch } from '../../safe-fetch/safe-fetch.ts';
import { startLeonardoFake } from '../../testing/fakes/leonardo-fake.ts';
import {
  type MediaRig,
  mediaProviderTestsuite,
  type MediaSuiteOptions,
} from '../../testing/media-provider.testsuite.ts';
import { sampleInput } from '../../testing/media-rig.ts';
import { createMediaDownload } from '../support/download.ts';
import { createLeonardo } from './leonardo.ts';

async function start(): Promise<MediaRig> {
  const fake = await startLeonardoFake();
  const settings = { apiKey: undefined, baseUrl: `${fake.url}/api/rest` };
  const http = createSafeFetch({ allow: [fake.host] });
  return {
    provider: () => createLeonardo(settings, http),
    download: createMediaDownload({ allow: [fake.host] }),
    creates: () => fake.creates.length,
    cancels: () => fake.cancels.length,
    requests: () => fake.requests.length,
    open: fake.open,
    close: fake.close,
  };
}

const common: Pick<MediaSuiteOptions, 'start' | 'apiKey' | 'way' | 'results' | 'retired'> = {
  start,
  apiKey: 'leo-canary-8f1c2d3e4b5a69788796a5b4c3d2e1f0',
  way: 'started',
  results: 'url',
  retired: { action: 'txt2img', model: 'gpt-image-1.5', now: new Date('2026-12-01T00:00:00Z') },
};

mediaProviderTestsuite({
  ...common,
  name: 'Leonardo v1, pictures',
  order: { action: 'txt2img', model: 'lucid-origin', params: { num_images: 2 } },
  media: 'image',
  growing: [{ num_images: 1, size: 'small' }, { num_images: 1 }, { num_images: 2 }, { num_images: 4, size: 'large' }],
});

mediaProviderTestsuite({
  ...common,
  name: 'Leonardo v2, pictures',
  order: { action: 'txt2img', model: 'nano-banana-2', params: {} },
  media: 'image',
  growing: [{ num_images: 1 }, { num_images: 3 }, { num_images: 8 }],
});

mediaProviderTestsuite({
  ...common,
  name: 'Leonardo v1, video from a picture',
  order: { action: 'img2vid', model: 'motion-2.0', params: {}, inputs: [sampleInput('source')] },
  media: 'video',
  growing: [{}],
});
