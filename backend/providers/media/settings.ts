import { type Env, invalidSetting, urlOf, valueOf } from '../environment.ts';

/** How one vendor is reached. */
export interface MediaVendorSettings {
  /** The server's own key; users may bring theirs. */
  apiKey: string | undefined;
  /** Without a slash at the end. */
  baseUrl: string;
}

/** By provider id: the setting of the key, the setting of the address, and the address by default. */
const vendors = {
  openai: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'https://api.openai.com/v1'],
  google: [
    'GOOGLE_GENERATIVE_AI_API_KEY',
    'GOOGLE_GENERATIVE_AI_BASE_URL',
    'https://generativelanguage.googleapis.com/v1beta',
  ],
  fal: ['FAL_API_KEY', 'FAL_BASE_URL', 'https://queue.fal.run'],
  replicate: ['REPLICATE_API_TOKEN', 'REPLICATE_BASE_URL', 'https://api.replicate.com/v1'],
  luma: ['LUMA_API_KEY', 'LUMA_BASE_URL', 'https://api.lumalabs.ai'],
  black_forest_labs: ['BFL_API_KEY', 'BFL_BASE_URL', 'https://api.bfl.ai/v1'],
  elevenlabs: ['ELEVENLABS_API_KEY', 'ELEVENLABS_BASE_URL', 'https://api.elevenlabs.io'],
  deepgram: ['DEEPGRAM_API_KEY', 'DEEPGRAM_BASE_URL', 'https://api.deepgram.com'],
  leonardo: ['LEONARDO_API_KEY', 'LEONARDO_BASE_URL', 'https://cloud.leonardo.ai/api/rest'],
  midjourney: ['MIDAPI_API_KEY', 'MIDAPI_BASE_URL', 'https://api.midapi.ai/api/v1/mj'],
} as const;

/** Every setting that `readMediaSettings` reads. */
export const mediaSettingNames: readonly string[] = [
  ...Object.values(vendors).flatMap(([key, address]) => [key, address]),
  'SD_WEBUI_URL',
  'SD_WEBUI_AUTH',
];

export type MediaVendorId = keyof typeof vendors;

export interface MediaSettings {
  vendors: Record<MediaVendorId, MediaVendorSettings>;
  /** A Stable Diffusion WebUI; `auth` is `user:password`. Without an address there is none. */
  stableDiffusion: { baseUrl: string | undefined; auth: string | undefined };
  /** Where the local renderer looks for programs: the machine's PATH. */
  programPath: string;
  /** Hosts from which results may be fetched though they are private: those of configured addresses, `host:port`. */
  downloadHosts: string[];
}

/**
 * The settings of media vendors from the environment: for each a key and an address (docs/providers.md), SD_WEBUI_URL
 * and SD_WEBUI_AUTH. Throws `request_invalid` { setting } for an address that cannot be meant, for a key that HTTP
 * cannot carry, and for SD_WEBUI_AUTH without a colon; the value is not quoted.
 */
export function readMediaSettings(env: Env): MediaSettings {
  const own: string[] = [];
  const addressOf = (setting: string): string | undefined => {
    const url = urlOf(env, setting);
    if (url !== undefined) own.push(hostOf(url));
    return url;
  };
  const read = Object.entries(vendors).map(([id, [key, address, byDefault]]) => {
    const settings: MediaVendorSettings = { apiKey: keyOf(env, key), baseUrl: addressOf(address) ?? byDefault };
    return [id, settings] as const;
  });
  const auth = keyOf(env, 'SD_WEBUI_AUTH');
  if (auth !== undefined && !auth.includes(':'))
    throw invalidSetting('SD_WEBUI_AUTH', 'Set it to user:password, as given to the WebUI with --api-auth.');
  return {
    vendors: Object.fromEntries(read) as MediaSettings['vendors'],
    stableDiffusion: { baseUrl: addressOf('SD_WEBUI_URL'), auth },
    programPath: valueOf(env, 'PATH') ?? '',
    downloadHosts: [...new Set(own)],
  };
}

/** A key goes into a header as it is. */
function keyOf(env: Env, setting: string): string | undefined {
  const key = valueOf(env, setting);
  if (key !== undefined && !/^[\x21-\x7e]{1,1000}$/.test(key))
    throw invalidSetting(setting, 'It holds characters that a key cannot have.');
  return key;
}

/** With its port, also where that goes without saying: a private host is opened no further than it must be. */
function hostOf(address: string): string {
  const url = new URL(address);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return `${url.hostname}:${port}`;
}
