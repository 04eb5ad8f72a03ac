import { lumaCatalogue } from '../../catalogue/luma.ts';
import { lumaJobs } from '../jobs/luma.ts';
import type { SdkVendor, SdkVendorSettings } from '../vendor.ts';

/** Luma's Photon. */
export function lumaMedia({ apiKey, baseUrl }: SdkVendorSettings): SdkVendor {
  return {
    catalogue: lumaCatalogue,
    apiKey,
    site: {
      provider: 'luma',
      title: 'Luma',
      baseUrl,
      keySetting: 'LUMA_API_KEY',
      urlSetting: 'LUMA_BASE_URL',
      authHeaders: (key) => ({ authorization: `Bearer ${key}` }),
    },
    optionsName: 'luma',
    optionCase: 'camel',
    jobs: lumaJobs,
    models: async (key, fetch) => {
      const { createLuma } = await import('@ai-sdk/luma');
      return createLuma({ apiKey: key, baseURL: baseUrl, fetch });
    },
  };
}
