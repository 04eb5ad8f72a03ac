import { startElevenLabsFake } from '../../testing/fakes/elevenlabs-fake.ts';
import { type MediaRig, mediaProviderTestsuite } from '../../testing/media-provider.testsuite.ts';
import { createMediaDownload } from '../support/download.ts';
import { createElevenLabs } from './elevenlabs.ts';

async function start(): Promise<MediaRig> {
  const fake = await startElevenLabsFake();
  return {
    provider: () => createElevenLabs({ apiKey: undefined, baseUrl: fake.url }),
    download: createMediaDownload({ allow: [fake.host] }),
    creates: () => fake.creates.length,
    cancels: () => fake.cancels.length,
    requests: () => fake.requests.length,
    open: fake.open,
    close: fake.close,
  };
}

const retired = 'ElevenLabs names no day on which an older model ends.';
const common = {
  start,
  apiKey: 'xi-canary-5a69788796a5b4c3d2e1f00f1e2d3c4b',
  way: 'held',
  results: 'data',
  media: 'audio',
} as const;

mediaProviderTestsuite({
  ...common,
  name: 'ElevenLabs, music',
  order: { action: 'txt2audio', model: null, params: {} },
  growing: [{ music_length_ms: 3_000 }, {}, { music_length_ms: 60_000 }, { music_length_ms: 600_000 }],
  lacks: { retired },
});

mediaProviderTestsuite({
  ...common,
  name: 'ElevenLabs, sound effects',
  order: { action: 'txt2audio', model: 'eleven_text_to_sound_v2', params: { loop: true } },
  growing: [{ duration_seconds: 0.5 }, {}, { duration_seconds: 30 }],
  lacks: { retired, prompt_limit: 'ElevenLabs documents none for effects.' },
});
