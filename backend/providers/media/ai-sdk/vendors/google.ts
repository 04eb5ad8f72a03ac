import { googleCatalogue } from '../../catalogue/google.ts';
import { limits } from '@wfm/workflow-engine/models';
import { createMediaDownload } from '../../support/download.ts';
import type { SdkVendor, SdkVendorSettings } from '../vendor.ts';

const fileMs = 300_000;

/** Google by the Gemini API: pictures and speech are held requests, Veo's videos operations that the SDK looks for. */
export function googleMedia({ apiKey, baseUrl }: SdkVendorSettings): SdkVendor {
  const { origin, host } = new URL(baseUrl);
  const download = createMediaDownload({ allow: isGoogles(host) ? [] : [host] });
  return {
    catalogue: googleCatalogue,
    apiKey,
    site: {
      provider: 'google',
      title: 'Google',
      baseUrl,
      keySetting: 'GOOGLE_GENERATIVE_AI_API_KEY',
      urlSetting: 'GOOGLE_GENERATIVE_AI_BASE_URL',
      authHeaders: (key) => ({ 'x-goog-api-key': key }),
    },
    optionsName: 'google',
    optionCase: 'camel',
    models: async (key, fetch) => {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ apiKey: key, baseURL: baseUrl, fetch });
    },
    // A video opens to the key alone, so it is fetched here. The SDK puts the key into its address; a header does not
    // end up in logs, and is left behind where the address leads elsewhere.
    fetchResult: (url, context) => {
      const bare = new URL(url);
      bare.searchParams.delete('key');
      const source = {
        provider: 'google',
        url: bare.href,
        credential: { headers: { 'x-goog-api-key': context.apiKey ?? '' }, origins: [origin] },
      };
      const options = { maxBytes: limits.generatedVideoBytes, timeoutMs: fileMs, signal: context.signal };
      return download.open(source, options, async (file) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of file.data) chunks.push(chunk);
        return new Uint8Array(Buffer.concat(chunks));
      });
    },
  };
}

function isGoogles(host: string): boolean {
  return host.endsWith('.googleapis.com');
}
