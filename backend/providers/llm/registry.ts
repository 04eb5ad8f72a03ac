import { WfmError } from '@wfm/workflow-engine/errors';
import type { HttpClient, LlmProvider } from '@wfm/workflow-engine/ports';
import { createSafeFetch } from '../safe-fetch/safe-fetch.ts';
import { anthropicVendor } from './anthropic.ts';
import { compatibleVendor } from './compatible.ts';
import { askLocal, localInfo } from './local-provider.ts';
import { openaiVendor } from './openai.ts';
import type { LlmSettings } from './settings.ts';
import { type Vendor, vendorInfo } from './vendor.ts';

/** What names a provider that is not there, and the setting that would bring it. */
const settingOf: Record<string, string> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  compatible: 'WFM_LLM_COMPATIBLE_BASE_URL',
};

/**
 * All language models behind one port. A request whose provider is empty gets the default one. `http` fetches pictures
 * for vendors that take no addresses; by default it reaches public addresses alone.
 */
export function createLlmProvider(settings: LlmSettings, http: HttpClient = createSafeFetch({})): LlmProvider {
  const vendors: Vendor[] = [openaiVendor(settings.openai), anthropicVendor(settings.anthropic)];
  if (settings.compatible !== undefined) vendors.push(compatibleVendor(settings.compatible));
  const infos = [...vendors.map(vendorInfo), localInfo];
  return {
    defaultProvider: settings.provider,
    list: () => structuredClone(infos),
    generate: async (request, options) => {
      const provider = request.provider === '' ? settings.provider : request.provider;
      if (provider === localInfo.provider) return askLocal(request, options, settings.localDelayMs);
      const vendor = vendors.find((entry) => entry.provider === provider);
      const usable = vendor !== undefined && (vendor.keyOptional || (options.apiKey ?? vendor.apiKey) !== undefined);
      if (!usable)
        throw notConfigured(
          provider,
          infos.filter((info) => info.configured).map((info) => info.provider),
        );
      // Loaded with the first call: the SDK takes longer to start than the rest of the program.
      const { askVendor } = await import('./ai-sdk-provider.ts');
      return askVendor(vendor, request, options, http);
    },
  };
}

function notConfigured(provider: string, configured: string[]): WfmError {
  const name = provider.slice(0, 60);
  const setting = Object.hasOwn(settingOf, provider) ? settingOf[provider] : undefined;
  const advice = setting === undefined ? '' : `Set ${setting} on the server, or `;
  const others = `use a provider that is configured: ${configured.join(', ')}.`;
  const message = `The language model provider "${name}" is not configured. ${advice}${setting === undefined ? 'U' : 'u'}${others.slice(1)}`;
  return new WfmError('provider_not_configured', message, {
    params: { provider: name, configured, setting: setting ?? null },
  });
}
