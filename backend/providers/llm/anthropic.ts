import { anthropicModels } from './catalogue.ts';
import { readEffort } from './reasoning.ts';
import type { VendorSettings } from './settings.ts';
import type { Vendor } from './vendor.ts';

/** Anthropic by its Messages API. */
export function anthropicVendor(settings: VendorSettings): Vendor {
  return {
    provider: 'anthropic',
    title: 'Anthropic',
    keySetting: 'ANTHROPIC_API_KEY',
    urlSetting: 'ANTHROPIC_BASE_URL',
    apiKey: settings.apiKey,
    keyOptional: false,
    defaultModel: settings.model ?? anthropicModels.default,
    models: anthropicModels.models,
    dialect: 'anthropic',
    cacheHints: true,
    schemaMayBeUnknown: false,
    prices: { vendor: 'anthropic' },
    model: async (model, apiKey, fetch) => {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ apiKey, baseURL: settings.baseUrl, fetch })(model);
    },
    options: (request) => {
      const effort = readEffort(request.reasoningEffort);
      const userId = request.metadata?.['user_id'];
      const anthropic = {
        ...(effort === 'max' ? { effort } : {}),
        ...(typeof userId === 'string' ? { metadata: { userId: userId.slice(0, 256) } } : {}),
      };
      return {
        // The adapter knows which models take an effort and which a budget of thinking tokens.
        ...(effort === undefined || effort === 'max' ? {} : { reasoning: effort }),
        providerOptions: { anthropic },
      };
    },
  };
}
