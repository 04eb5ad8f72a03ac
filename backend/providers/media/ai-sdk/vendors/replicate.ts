import { replicateCatalogue } from '../../catalogue/replicate.ts';
import { replicateJobs } from '../jobs/replicate.ts';
import type { SdkVendor, SdkVendorSettings } from '../vendor.ts';

/** Replicate's predictions. */
export function replicateMedia({ apiKey, baseUrl }: SdkVendorSettings): SdkVendor {
  return {
    catalogue: replicateCatalogue,
    apiKey,
    site: {
      provider: 'replicate',
      title: 'Replicate',
      baseUrl,
      keySetting: 'REPLICATE_API_TOKEN',
      urlSetting: 'REPLICATE_BASE_URL',
      authHeaders: (key) => ({ authorization: `Bearer ${key}` }),
    },
    optionsName: 'replicate',
    optionCase: 'snake',
    ownOptions: ['resolution'],
    // It would hold the request open for a minute, with the id of a job that may be running already.
    dropHeaders: ['prefer'],
    jobs: replicateJobs,
    models: async (key, fetch) => {
      const { createReplicate } = await import('@ai-sdk/replicate');
      return createReplicate({ apiToken: key, baseURL: baseUrl, fetch });
    },
  };
}
