import type { LlmRequest } from '@wfm/workflow-engine/ports';
import { openaiModels } from './catalogue.ts';
import { readEffort } from './reasoning.ts';
import type { VendorSettings } from './settings.ts';
import type { Vendor } from './vendor.ts';

/** OpenAI by its Responses API. */
export function openaiVendor(settings: VendorSettings): Vendor {
  return {
    provider: 'openai',
    title: 'OpenAI',
    keySetting: 'OPENAI_API_KEY',
    urlSetting: 'OPENAI_BASE_URL',
    apiKey: settings.apiKey,
    keyOptional: false,
    defaultModel: settings.model ?? openaiModels.default,
    models: openaiModels.models,
    dialect: 'openai',
    cacheHints: false,
    schemaMayBeUnknown: false,
    prices: { vendor: 'openai' },
    model: async (model, apiKey, fetch) => {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI({ apiKey, baseURL: settings.baseUrl, fetch }).responses(model);
    },
    options: (request, schema) => {
      const metadata = vendorMetadata(request.metadata);
      return {
        providerOptions: {
          openai: {
            // Nothing is kept at the vendor unless the author labels the call, which only makes sense when it is kept.
            store: metadata !== undefined,
            ...(metadata === undefined ? {} : { metadata }),
            ...effort(request),
            ...(schema === undefined ? {} : { strictJsonSchema: schema.strict }),
          },
        },
      };
    },
  };
}

function effort(request: LlmRequest): { reasoningEffort?: string } {
  const reasoningEffort = readEffort(request.reasoningEffort);
  return reasoningEffort === undefined ? {} : { reasoningEffort };
}

/** OpenAI's limits for labels: 16 of them, names of 64 and values of 512 characters. */
function vendorMetadata(metadata: Record<string, unknown> | undefined): Record<string, string> | undefined {
  const entries = Object.entries(metadata ?? {})
    .filter(([key, value]) => key !== '__proto__' && value != null)
    .slice(0, 16)
    .map(([key, value]): [string, string] => [
      key.slice(0, 64),
      (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 512),
    ]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
