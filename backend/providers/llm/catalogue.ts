import type { LlmProviderInfo } from '@wfm/workflow-engine/ports';

type Models = LlmProviderInfo['models'];

function listed(entries: [string, string][]): Models {
  return entries.map(([model, title]) => ({ model, title, vision: true, structured_output: true }));
}

/**
 * Models offered in menus, as of 2026-11-22. Any other name is sent as it is: the vendor knows best what it has.
 * The default is the one that costs little and is good enough for texts; WFM_LLM_MODEL names another.
 */
export const openaiModels: { default: string; models: Models } = {
  default: 'gpt-5.4-mini',
  models: listed([
    ['gpt-6-astra', 'GPT-6 Astra'],
    ['gpt-6-sol', 'GPT-6 Sol'],
    ['gpt-6-luna', 'GPT-6 Luna'],
    ['gpt-5.6-terra', 'GPT-5.6 Terra'],
    ['gpt-5.5', 'GPT-5.5'],
    ['gpt-5.4-mini', 'GPT-5.4 mini'],
  ]),
};

/** The same for Anthropic. */
export const anthropicModels: { default: string; models: Models } = {
  default: 'claude-sonnet-5',
  models: listed([
    ['claude-opus-5-5', 'Claude Opus 5.5'],
    ['claude-sonnet-5', 'Claude Sonnet 5'],
    ['claude-haiku-4-5', 'Claude Haiku 4.5'],
  ]),
};
