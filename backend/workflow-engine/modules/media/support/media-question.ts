import { importHints } from '../../../display/import-hints.ts';
import type { Block } from '../../../display/view-model.ts';
import { WfmError } from '../../../errors/index.ts';
import type { InteractionDraft } from '../../../models/interaction.ts';
import { isJsonObject, type JsonObject } from '../../../models/json.ts';
import { mediaActionSchema } from '../../../models/media.ts';
import type { MediaAction, MediaProviderInfo } from '../../../ports/media-provider.ts';
import type { ModuleContext } from '../../module.ts';
import { promptText } from '../../../models/prompt-text.ts';

type Context = ModuleContext<'catalogue'>;

/** A node of a question's data whose prompts one provider can carry out. */
interface ProviderNode {
  provider: string;
  path: (string | number)[];
  node: JsonObject;
}

const kinds: Partial<Record<MediaAction, string>> = {
  img2vid: 'video',
  txt2vid: 'video',
  compose: 'video',
  txt2audio: 'audio',
};

/** The question of a media module: its prompts with what each provider offers, and how to ask for more (format.md 15.3). */
export async function mediaQuestion(
  asked: { title: string; prompts: unknown; schema: JsonObject; actionType: string; sourceImage: unknown },
  context: Context,
): Promise<InteractionDraft> {
  const action = knownAction(asked.actionType);
  // The prompts are another module's outputs: what is added here must not show there.
  const data = structuredClone(asked.prompts);
  const nodes = providerNodes(data, context);
  for (const { provider, node } of nodes) {
    node._provider_metadata = await metadataOf(provider, action, context);
    node._generations = [];
  }
  if (isJsonObject(data) && asked.sourceImage !== undefined) data._source_image = asked.sourceImage;
  const read = importHints(asked.schema, { subActions: [...context.subActions] });
  const written = read.blocks.length > 0;
  return {
    interaction_type: 'media_generation',
    title: asked.title,
    data,
    schema: asked.schema,
    // Blocks that hints describe are read from the schema by whoever draws it.
    blocks: written ? [] : nodes.map((node) => ({ ...defaultBlock(node, action, context) })),
    action_type: action,
    generations: {},
  };
}

/** The providers of a question's prompts: keys of an object, of its `prompts`, or `provider` of an array's items. */
function providerNodes(data: unknown, context: Context): ProviderNode[] {
  if (Array.isArray(data)) {
    return data.flatMap((item: unknown, index) =>
      isJsonObject(item) && typeof item.provider === 'string'
        ? [{ provider: item.provider, path: [index], node: item }]
        : [],
    );
  }
  if (!isJsonObject(data)) return [];
  const inner = isJsonObject(data.prompts);
  const holder = inner ? (data.prompts as JsonObject) : data;
  const at = inner ? ['prompts'] : [];
  const known = (name: string): boolean => context.ports.catalogue.find(name) !== null;
  return Object.keys(holder).flatMap((name) => {
    if (name.startsWith('_') || !known(name)) return [];
    // A prompt that is only a text becomes a node that can hold what is offered (format.md 25.25).
    if (typeof holder[name] === 'string') holder[name] = { prompt: holder[name] };
    const node = holder[name];
    return isJsonObject(node) ? [{ provider: name, path: [...at, name], node }] : [];
  });
}

async function metadataOf(provider: string, action: MediaAction, context: Context): Promise<JsonObject> {
  const info = context.ports.catalogue.find(provider);
  const gone = info?.retiredActions?.[action];
  if (gone) {
    context.warn('provider_action_unsupported', gone.explanation, {
      provider,
      action,
      alternatives: gone.alternatives,
    });
    return { retired: { explanation: gone.explanation, alternatives: gone.alternatives } };
  }
  const { metadata, warning } = await context.ports.catalogue.metadata(provider, action);
  if (warning !== undefined) context.warn('provider_failed', warning, { provider, action });
  return metadata;
}

/** A block of a question whose schema describes none: the prompt and what the provider's model takes. */
function defaultBlock({ provider, path, node }: ProviderNode, action: MediaAction, context: Context): Block {
  const info = context.ports.catalogue.find(provider);
  const model = info?.models.find((candidate) => candidate.action === action && candidate.retired === undefined);
  const subAction = context.subActions.find(({ actions }) => isSelf(actions));
  return {
    id: path.join('.'),
    path,
    label: info?.label ?? provider,
    form: {
      type: 'object',
      properties: {
        prompt: { type: 'string', title: 'Prompt', default: promptText(node, node), ui: { input: 'textarea' } },
        ...(model?.params.properties as JsonObject | undefined),
      },
    },
    generate: {
      ...(typeof subAction?.id === 'string' ? { action: subAction.id } : {}),
      kind: kinds[action] ?? 'image',
      provider,
    },
  };
}

function isSelf(actions: unknown): boolean {
  return Array.isArray(actions) && actions.some((action) => isJsonObject(action) && action.type === 'self_sub_action');
}

function knownAction(actionType: string): MediaAction {
  const parsed = mediaActionSchema.safeParse(actionType);
  if (parsed.success) return parsed.data;
  const alternatives = [...mediaActionSchema.options];
  throw new WfmError(
    'provider_action_unsupported',
    `"${actionType.slice(0, 40)}" is not an action of media. There are: ${alternatives.join(', ')}.`,
    { place: 'inputs.action_type', params: { action: actionType.slice(0, 40), alternatives } },
  );
}

/**
 * Providers that can do an action, by the catalogue. Throws `provider_action_unsupported` with the alternatives for one
 * that never could; one whose action is retired passes, to be explained where it is shown (format.md 25.28).
 */
export function assertProviders(
  providers: readonly string[],
  actionType: string,
  context: Context,
): MediaProviderInfo[] {
  const action = knownAction(actionType);
  const all = context.ports.catalogue.list();
  const able = all.filter(({ models }) => models.some((model) => model.action === action));
  return providers.map((provider, index) => {
    const info = all.find(({ id }) => id === provider);
    if (info && (able.includes(info) || info.retiredActions?.[action])) return info;
    const alternatives = able.map(({ id }) => id);
    throw new WfmError(
      'provider_action_unsupported',
      `"${provider}" cannot do ${action}. Those that can: ${alternatives.join(', ') || 'none'}.`,
      { place: `inputs.providers[${index}]`, params: { provider, action, alternatives } },
    );
  });
}
