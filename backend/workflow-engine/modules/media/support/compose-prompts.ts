import type { JsonObject } from '../../../models/json.ts';
import type { MediaAction, MediaProviderInfo } from '../../../ports/media-provider.ts';

/** What a model is told and must answer so that each provider gets a prompt of its own (format.md 14.12). */

export interface PromptConfig {
  system?: unknown;
  shared_prompt?: string | undefined;
  provider_prompts?: Record<string, unknown> | undefined;
}

/** How long a vendor is asked to keep the part that all runs of a workflow share (format.md 14.12.1): 3 h. */
const CACHE_SECONDS = 3 * 60 * 60;
const SHARED = '{{shared_prompt_ref}}';

/** Where the catalogue names no schema for a provider's prompt (format.md 15.2). */
const plainPrompt: JsonObject = {
  type: 'object',
  properties: { prompt: { type: 'string' }, style_notes: { type: 'string' } },
  required: ['prompt', 'style_notes'],
  additionalProperties: false,
};

/** What the answer tells about the whole scene, by action. */
const sceneFields: Partial<Record<MediaAction, readonly string[]>> = {
  txt2img: ['scene_title', 'key_moment'],
  img2vid: ['scene_title', 'motion_summary'],
};

/** The system parts: the author's own, then one that says what each provider shall get. */
export function systemParts(config: PromptConfig, providers: readonly MediaProviderInfo[]): unknown[] {
  const own = config.system === undefined || config.system === null ? [] : [config.system].flat();
  const lines: string[] = [];
  const shared = config.shared_prompt?.trim() ?? '';
  if (shared !== '') {
    lines.push('# What holds for every provider', '', shared, '');
    lines.push(`Wherever ${SHARED} stands below, it means the text above.`, '');
  }
  for (const { id, label } of providers) {
    const written = config.provider_prompts?.[id];
    const body = typeof written === 'string' ? written.trim() : written === undefined ? '' : JSON.stringify(written);
    lines.push(`# ${label} (\`${id}\`)`, '', `Write an output for ${label} alone, as \`prompts.${id}\`.`, '');
    lines.push(body !== '' ? body : shared !== '' ? `Follow ${SHARED}.` : 'Follow what the user asks for.', '');
  }
  return [...own, { role: 'system', content: lines.join('\n').trim(), cache_ttl: CACHE_SECONDS }];
}

/** The schema of the model's answer: a prompt for each provider, and what is to be seen in one line. */
export function promptsSchema(providers: readonly MediaProviderInfo[], action: MediaAction): JsonObject {
  const properties: JsonObject = {};
  for (const name of sceneFields[action] ?? []) properties[name] = { type: 'string' };
  const ids = providers.map(({ id }) => id);
  properties.prompts = {
    type: 'object',
    properties: Object.fromEntries(providers.map((info) => [info.id, info.promptSchemas[action] ?? plainPrompt])),
    required: ids,
    additionalProperties: false,
  };
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** How the question is drawn where its author says nothing: one tab a provider (format.md 14.11). */
export function defaultDisplay(providers: readonly MediaProviderInfo[], action: MediaAction): JsonObject {
  const tabs = providers.map((info) => {
    const schema = info.promptSchemas[action] ?? plainPrompt;
    return [info.id, { ...schema, title: info.label, additionalProperties: false }] as const;
  });
  const scene = (sceneFields[action] ?? []).map((name) => [name, { type: 'string' }] as const);
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(scene),
      prompts: {
        type: 'object',
        ui: { as: 'tabs', label: false },
        properties: Object.fromEntries(tabs),
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  };
}
