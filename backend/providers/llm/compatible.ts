import { readEffort } from './reasoning.ts';
import type { CompatibleSettings } from './settings.ts';
import type { Vendor } from './vendor.ts';

/** Any server that speaks OpenAI's chat completions: Ollama, llama.cpp, vLLM, LM Studio, and most hosted ones. */
export function compatibleVendor(settings: CompatibleSettings): Vendor {
  return {
    provider: 'compatible',
    title: 'OpenAI-compatible endpoint',
    keySetting: 'WFM_LLM_COMPATIBLE_API_KEY',
    urlSetting: 'WFM_LLM_COMPATIBLE_BASE_URL',
    apiKey: settings.apiKey,
    keyOptional: true,
    defaultModel: settings.model ?? settings.models[0] ?? '',
    models: settings.models.map((model) => ({ model, title: model, vision: true, structured_output: true })),
    dialect: 'openai',
    cacheHints: false,
    schemaMayBeUnknown: true,
    prices: { baseUrl: settings.baseUrl },
    model: async (model, apiKey, fetch) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({
        name: 'compatible',
        baseURL: settings.baseUrl,
        ...(apiKey === '' ? {} : { apiKey }),
        fetch,
        includeUsage: true,
        supportsStructuredOutputs: true,
      }).chatModel(model);
    },
    options: (request, schema) => {
      const reasoningEffort = readEffort(request.reasoningEffort);
      return {
        providerOptions: {
          compatible: {
            ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
            ...(schema === undefined ? {} : { strictJsonSchema: schema.strict }),
          },
        },
      };
    },
  };
}
