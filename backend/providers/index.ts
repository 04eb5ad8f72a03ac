export { createLlmProvider } from './llm/registry.ts';
export { type LlmSettings, type ProviderSettings, readProviderSettings } from './llm/settings.ts';
export { createSafeFetch, type FetchSettings } from './safe-fetch/safe-fetch.ts';
