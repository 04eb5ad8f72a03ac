import { deepgramCatalogue } from '../../catalogue/deepgram.ts';
import type { SdkVendor, SdkVendorSettings } from '../vendor.ts';

/** Deepgram's speech and transcripts. */
export function deepgramMedia({ apiKey, baseUrl }: SdkVendorSettings): SdkVendor {
  return {
    catalogue: deepgramCatalogue,
    apiKey,
    site: {
      provider: 'deepgram',
      title: 'Deepgram',
      baseUrl,
      keySetting: 'DEEPGRAM_API_KEY',
      urlSetting: 'DEEPGRAM_BASE_URL',
      authHeaders: (key) => ({ authorization: `Token ${key}` }),
    },
    optionsName: 'deepgram',
    optionCase: 'camel',
    rewrite: { 'https://api.deepgram.com': baseUrl },
    models: async (key, fetch) => {
      const { createDeepgram } = await import('@ai-sdk/deepgram');
      return createDeepgram({ apiKey: key, fetch });
    },
  };
}
