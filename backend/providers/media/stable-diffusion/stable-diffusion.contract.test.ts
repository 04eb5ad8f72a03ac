import { startWebuiFake } from '../../testing/fakes/webui-fake.ts';
import { type MediaRig, mediaProviderTestsuite } from '../../testing/media-provider.testsuite.ts';
import { sampleInput } from '../../testing/media-rig.ts';
import { createMediaDownload } from '../support/download.ts';
import { createStableDiffusion } from './stable-diffusion.ts';

async function start(): Promise<MediaRig> {
  const fake = await startWebuiFake();
  return {
    provider: () => createStableDiffusion({ baseUrl: fake.url, progressEveryMs: 1_000 }),
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
  apiKey: null,
  way: 'held',
  results: 'data',
  media: 'image',
  lacks: {
    key: 'A WebUI of one’s own wants no key by default; its own tests have one with.',
    rate: 'It has no rate limit: requests wait.',
    busy: 'The same.',
    credits: 'It costs nothing.',
    policy: 'It refuses nothing.',
    failing_job: 'An order is one held request.',
    retired: 'Its models are the operator’s files.',
  },
} as const;

mediaProviderTestsuite({
  ...common,
  name: 'Stable Diffusion, pictures',
  order: { action: 'txt2img', model: null, params: { num_images: 2 } },
  growing: [{ num_images: 1 }, { num_images: 8 }],
});

mediaProviderTestsuite({
  ...common,
  name: 'Stable Diffusion, pictures from pictures',
  order: { action: 'img2img', model: null, params: {}, inputs: [sampleInput('source'), sampleInput('mask')] },
  growing: [{ num_images: 1 }, { num_images: 8 }],
});
