import { startBlackForestLabsFake } from './fakes/black-forest-labs-fake.ts';
import { startDeepgramFake } from './fakes/deepgram-fake.ts';
import { startElevenLabsFake } from './fakes/elevenlabs-fake.ts';
import { startFalFake } from './fakes/fal-fake.ts';
import { startGoogleFake } from './fakes/google-fake.ts';
import { startLeonardoFake } from './fakes/leonardo-fake.ts';
import { startLumaFake } from './fakes/luma-fake.ts';
import { startMidapiFake } from './fakes/midapi-fake.ts';
import { startOpenAiMediaFake } from './fakes/openai-media-fake.ts';
import { startReplicateFake } from './fakes/replicate-fake.ts';
import type { FakeOptions, VendorFake } from './fakes/vendor-fake.ts';
import { startWebuiFake } from './fakes/webui-fake.ts';

/** Provider, its fake, the setting of its address, and what of the address is the vendor's own. */
const vendors = [
  ['midjourney', startMidapiFake, 'MIDAPI_BASE_URL', '/api/v1/mj'],
  ['leonardo', startLeonardoFake, 'LEONARDO_BASE_URL', '/api/rest'],
  ['openai', startOpenAiMediaFake, 'OPENAI_BASE_URL', '/v1'],
  ['stable_diffusion', startWebuiFake, 'SD_WEBUI_URL', ''],
  ['elevenlabs', startElevenLabsFake, 'ELEVENLABS_BASE_URL', ''],
  ['google', startGoogleFake, 'GOOGLE_GENERATIVE_AI_BASE_URL', '/v1beta'],
  ['fal', startFalFake, 'FAL_BASE_URL', ''],
  ['replicate', startReplicateFake, 'REPLICATE_BASE_URL', '/v1'],
  ['black_forest_labs', startBlackForestLabsFake, 'BFL_BASE_URL', '/v1'],
  ['luma', startLumaFake, 'LUMA_BASE_URL', ''],
  ['deepgram', startDeepgramFake, 'DEEPGRAM_BASE_URL', ''],
] as const;

export type FarmVendor = (typeof vendors)[number][0];

/** A fake of every vendor, and the environment in which the programs find them. No key is in it. */
export interface VendorFarm {
  fakes: Record<FarmVendor, VendorFake>;
  env: Record<string, string>;
  close(): Promise<void>;
}

export async function startVendorFarm(options: FakeOptions = {}): Promise<VendorFarm> {
  const started = await Promise.all(
    vendors.map(async ([id, start, setting, path]) => ({ id, setting, path, fake: await start(options) })),
  );
  return {
    fakes: Object.fromEntries(started.map(({ id, fake }) => [id, fake])) as VendorFarm['fakes'],
    env: Object.fromEntries(started.map(({ setting, path, fake }) => [setting, fake.url + path])),
    close: async () => void (await Promise.all(started.map(({ fake }) => fake.close()))),
  };
}
