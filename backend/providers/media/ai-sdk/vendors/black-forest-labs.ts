import { blackForestLabsCatalogue } from '../../catalogue/black-forest-labs.ts';
import { blackForestLabsJobs } from '../jobs/black-forest-labs.ts';
import type { SdkVendor, SdkVendorSettings } from '../vendor.ts';

/** Black Forest Labs' pictures and videos. */
export function blackForestLabsMedia({ apiKey, baseUrl }: SdkVendorSettings): SdkVendor {
  return {
    catalogue: blackForestLabsCatalogue,
    apiKey,
    site: {
      provider: 'black_forest_labs',
      title: 'Black Forest Labs',
      baseUrl,
      keySetting: 'BFL_API_KEY',
      urlSetting: 'BFL_BASE_URL',
      authHeaders: (key) => ({ 'x-key': key }),
    },
    optionsName: 'blackForestLabs',
    optionCase: 'camel',
    jobs: blackForestLabsJobs,
    models: async (key, fetch) => {
      const { createBlackForestLabs } = await import('@ai-sdk/black-forest-labs');
      return createBlackForestLabs({ apiKey: key, baseURL: baseUrl, fetch });
    },
  };
}
