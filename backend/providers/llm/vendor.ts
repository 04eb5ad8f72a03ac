import type { LanguageModel, streamText } from 'ai';
import type { LlmProviderInfo, LlmRequest } from '@wfm/workflow-engine/ports';
import type { SchemaDialect } from './schema-for-vendor.ts';
import type { PriceList } from './usage.ts';

type StreamTextSettings = Parameters<typeof streamText>[0];

/** The settings of a call that differ from vendor to vendor. */
export type VendorOptions = Pick<StreamTextSettings, 'reasoning' | 'providerOptions'>;

/** What the AI SDK needs to speak with one vendor; the rest is the same for all (ai-sdk-provider.ts). */
export interface Vendor {
  provider: string;
  title: string;
  /** The setting that holds the key, and the one that holds the address. */
  keySetting: string;
  urlSetting: string;
  /** The server's own key; absent: only a request that brings one can be served. */
  apiKey: string | undefined;
  /** Whether the vendor answers without a key at all, as local servers do. */
  keyOptional: boolean;
  defaultModel: string;
  models: LlmProviderInfo['models'];
  dialect: SchemaDialect;
  /** Whether parts can ask to be cached. */
  cacheHints: boolean;
  /** Whether a refused request is tried again with the schema as text: not every compatible server knows schemas. */
  schemaMayBeUnknown: boolean;
  prices: PriceList;
  /** Loads the vendor's package, which a process that asks nobody need not carry. */
  model: (model: string, apiKey: string, fetch: typeof globalThis.fetch) => Promise<LanguageModel>;
  options: (request: LlmRequest, schema: { strict: boolean } | undefined) => VendorOptions;
}

/** How a vendor appears in the list of providers. */
export function vendorInfo(vendor: Vendor): LlmProviderInfo {
  return {
    provider: vendor.provider,
    title: vendor.title,
    configured: vendor.apiKey !== undefined || vendor.keyOptional,
    default_model: vendor.defaultModel,
    models: vendor.models,
    demo: false,
  };
}
