import type { FetchSettings } from '../safe-fetch/safe-fetch.ts';
import { type Env, invalidSetting, listOf, urlOf, valueOf } from '../environment.ts';
import { type MediaSettings, readMediaSettings } from '../media/settings.ts';
import { parseHostList } from '../safe-fetch/host-list.ts';

export interface VendorSettings {
  apiKey: string | undefined;
  baseUrl: string;
  /** The model of a request that names none; the vendor's own default when absent. */
  model: string | undefined;
}

export interface CompatibleSettings extends VendorSettings {
  models: string[];
}

export interface LlmSettings {
  /** The provider of a request that names none. */
  provider: ProviderName;
  openai: VendorSettings;
  anthropic: VendorSettings;
  /** Absent: there is no such endpoint. */
  compatible: CompatibleSettings | undefined;
  /** How long the offline provider waits before each chunk, in ms. */
  localDelayMs: number;
}

export interface ProviderSettings {
  llm: LlmSettings;
  media: MediaSettings;
  fetch: Required<FetchSettings>;
}

export const providerNames = ['openai', 'anthropic', 'compatible', 'local'] as const;
export type ProviderName = (typeof providerNames)[number];

/**
 * The settings of this package from the environment (api.md, "Configuration"): OPENAI_API_KEY, OPENAI_BASE_URL,
 * ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, WFM_LLM_COMPATIBLE_BASE_URL, WFM_LLM_COMPATIBLE_API_KEY,
 * WFM_LLM_COMPATIBLE_MODELS, WFM_LLM_PROVIDER, WFM_LLM_MODEL, WFM_LLM_LOCAL_DELAY_MS, WFM_FETCH_ONLY, WFM_FETCH_ALLOW, and those
 * of media vendors (`readMediaSettings`).
 * With no key at all the default provider is `local`. Throws `request_invalid` { setting } for a value that cannot be
 * meant, so that the start stops with a sentence that says what to set; values that may hold secrets are not quoted.
 */
export function readProviderSettings(env: Env): ProviderSettings {
  const openaiKey = valueOf(env, 'OPENAI_API_KEY');
  const anthropicKey = valueOf(env, 'ANTHROPIC_API_KEY');
  const compatibleUrl = urlOf(env, 'WFM_LLM_COMPATIBLE_BASE_URL');
  const provider = providerOf(env) ?? firstUsable(openaiKey, anthropicKey, compatibleUrl);
  const model = (of: ProviderName) => (of === provider ? valueOf(env, 'WFM_LLM_MODEL') : undefined);
  return {
    llm: {
      provider,
      openai: {
        apiKey: openaiKey,
        baseUrl: urlOf(env, 'OPENAI_BASE_URL') ?? 'https://api.openai.com/v1',
        model: model('openai'),
      },
      anthropic: {
        apiKey: anthropicKey,
        baseUrl: urlOf(env, 'ANTHROPIC_BASE_URL') ?? 'https://api.anthropic.com/v1',
        model: model('anthropic'),
      },
      compatible:
        compatibleUrl === undefined
          ? undefined
          : {
              apiKey: valueOf(env, 'WFM_LLM_COMPATIBLE_API_KEY'),
              baseUrl: compatibleUrl,
              model: model('compatible'),
              models: listOf(env, 'WFM_LLM_COMPATIBLE_MODELS'),
            },
      localDelayMs: delayOf(env),
    },
    media: readMediaSettings(env),
    fetch: { only: hostsOf(env, 'WFM_FETCH_ONLY'), allow: hostsOf(env, 'WFM_FETCH_ALLOW') },
  };
}

function firstUsable(
  openaiKey: string | undefined,
  anthropicKey: string | undefined,
  compatibleUrl: string | undefined,
): ProviderName {
  if (openaiKey !== undefined) return 'openai';
  if (anthropicKey !== undefined) return 'anthropic';
  return compatibleUrl === undefined ? 'local' : 'compatible';
}

function providerOf(env: Env): ProviderName | undefined {
  const name = valueOf(env, 'WFM_LLM_PROVIDER');
  if (name === undefined) return undefined;
  const known = providerNames.find((entry) => entry === name.toLowerCase());
  if (known === undefined) throw invalidSetting('WFM_LLM_PROVIDER', `Set it to one of: ${providerNames.join(', ')}.`);
  if (known === 'compatible' && valueOf(env, 'WFM_LLM_COMPATIBLE_BASE_URL') === undefined) {
    throw invalidSetting(
      'WFM_LLM_COMPATIBLE_BASE_URL',
      'Set it to the address of the endpoint, because WFM_LLM_PROVIDER is "compatible".',
    );
  }
  return known;
}

function delayOf(env: Env): number {
  const text = valueOf(env, 'WFM_LLM_LOCAL_DELAY_MS');
  const delay = Number(text ?? 0);
  if (!Number.isInteger(delay) || delay < 0 || delay > 1000)
    throw invalidSetting('WFM_LLM_LOCAL_DELAY_MS', 'Set it to 0 to 1000 milliseconds.');
  return delay;
}

function hostsOf(env: Env, setting: string): string[] {
  const entries = listOf(env, setting);
  try {
    parseHostList(entries);
  } catch (thrown) {
    throw invalidSetting(setting, thrown instanceof Error ? thrown.message : 'It is no list of hosts.');
  }
  return entries;
}
