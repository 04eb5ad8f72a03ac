import { openaiCatalogue } from '../../catalogue/openai.ts';
import type { SdkVendor, SdkVendorSettings } from '../vendor.ts';

/** OpenAI's pictures, speech and transcripts; each is one held request. */
export function openaiMedia({ apiKey, baseUrl }: SdkVendorSettings): SdkVendor {
  return {
    catalogue: openaiCatalogue,
    apiKey,
    site: {
      provider: 'openai',
      title: 'OpenAI',
      baseUrl,
      keySetting: 'OPENAI_API_KEY',
      urlSetting: 'OPENAI_BASE_URL',
      authHeaders: (key) => ({ authorization: `Bearer ${key}` }),
    },
    optionsName: 'openai',
    optionCase: 'camel',
    models: async (key, fetch) => {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI({ apiKey: key, baseURL: baseUrl, fetch });
    },
  };
}
