export { createLlmProvider } from './llm/registry.ts';
export { type LlmSettings, type ProviderSettings, readProviderSettings } from './llm/settings.ts';
export { createMediaDownload, type MediaDownload } from './media/support/download.ts';
export { type MediaSettings, type MediaVendorSettings, readMediaSettings } from './media/settings.ts';
export { createStandardMedia } from './media/standard-providers.ts';
export { createMediaProviders, type MediaProviders, type MediaProvidersOptions } from './media/registry.ts';
export { createSafeFetch, type FetchSettings } from './safe-fetch/safe-fetch.ts';
export { createMediaInspect, type InspectedMedia, type MediaInspect } from './media/inspect/media-inspect.ts';
