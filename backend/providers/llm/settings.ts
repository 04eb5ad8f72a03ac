import { WfmError } from '@wfm/workflow-engine/errors';
import type { FetchSettings } from '../safe-fetch/safe-fetch.ts';
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
  fetch: Required<FetchSettings>;
}

export const providerNames = ['openai', 'anthropic', 'compatible', 'local'] as const;
export type ProviderName = (typeof providerNames)[number];

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The settings of this package from the environment (api.md, "Configuration"): OPENAI_API_KEY, OPENAI_BASE_URL,
 * ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, WFM_LLM_COMPATIBLE_BASE_URL, WFM_LLM_COMPATIBLE_API_KEY,
 * WFM_LLM_COMPATIBLE_MODELS, WFM_LLM_PROVIDER, WFM_LLM_MODEL, WFM_LLM_LOCAL_DELAY_MS, WFM_FETCH_ONLY, WFM_FETCH_ALLOW.
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
  if (known === undefined) throw invalid('WFM_LLM_PROVIDER', `Set it to one of: ${providerNames.join(', ')}.`);
  if (known === 'compatible' && valueOf(env, 'WFM_LLM_COMPATIBLE_BASE_URL') === undefined) {
    throw invalid(
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
    throw invalid('WFM_LLM_LOCAL_DELAY_MS', 'Set it to 0 to 1000 milliseconds.');
  return delay;
}

/** Without a slash at the end: the SDK appends paths. Credentials in an address would end up in error messages. */
function urlOf(env: Env, setting: string): string | undefined {
  const text = valueOf(env, setting);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.search === '';
  if (!plain) throw invalid(setting, 'Set it to an http or https address without a user name, password or query.');
  return url.href.replace(/[/#]+$/, '');
}

function hostsOf(env: Env, setting: string): string[] {
  const entries = listOf(env, setting);
  try {
    parseHostList(entries);
  } catch (thrown) {
    throw invalid(setting, thrown instanceof Error ? thrown.message : 'It is no list of hosts.');
  }
  return entries;
}

function listOf(env: Env, setting: string): string[] {
  return (valueOf(env, setting) ?? '')
    .split(/[\s,]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function valueOf(env: Env, setting: string): string | undefined {
  const value = env[setting]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

function invalid(setting: string, advice: string): WfmError {
  return new WfmError('request_invalid', `${setting} cannot be used. ${advice}`, { params: { setting } });
}
