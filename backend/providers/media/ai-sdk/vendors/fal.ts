import { falCatalogue } from '../../catalogue/fal.ts';
import { falJobs } from '../jobs/fal.ts';
import type { SdkVendor, SdkVendorSettings } from '../vendor.ts';

/**
 * fal, always through its queue: the SDK would hold a request open for pictures and speech, and ask for transcripts in
 * a loop, so that a process that dies would have to order again.
 */
export function falMedia({ apiKey, baseUrl }: SdkVendorSettings): SdkVendor {
  return {
    catalogue: falCatalogue,
    apiKey,
    site: {
      provider: 'fal',
      title: 'fal',
      baseUrl,
      keySetting: 'FAL_API_KEY',
      urlSetting: 'FAL_BASE_URL',
      authHeaders: (key) => ({ authorization: `Key ${key}` }),
    },
    optionsName: 'fal',
    optionCase: 'snake',
    // "5s" is one model's spelling; others want 5, or refuse a ratio beside a picture.
    ownOptions: ['duration'],
    rewrite: { 'https://queue.fal.run': baseUrl, 'https://fal.run': baseUrl },
    jobs: falJobs,
    models: async (key, fetch) => {
      const { createFal } = await import('@ai-sdk/fal');
      return createFal({ apiKey: key, fetch });
    },
  };
}
