import { type Block, blockCount, type FormSource } from '@wfm/workflow-engine/display';
import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import type { MediaRequest } from './generation-types.ts';

/** A block of a question, with all that its form and its button stand on (format.md 18.4). */
export interface BlockSource {
  id: string;
  label: string;
  /** Undefined: the person says who shall make it. */
  provider: string | undefined;
  kind: 'image' | 'video' | 'audio';
  subAction: JsonObject | undefined;
  subActionId: string;
  promptId: string;
  /** Under which its results are grouped (format.md 15.4). */
  promptKey: string;
  /** How many to make; undefined where the form or the provider says. */
  count: number | undefined;
  form: FormSource | undefined;
  /** The data that it is about, as it is sent along. */
  sourceData: JsonObject;
  /** The provider can no longer do this. */
  retired: { explanation: string; alternatives: string[] } | undefined;
}

/** The blocks of a question, by what stands on each. Two of one provider and prompt keep their results apart. */
export function blockSources(blocks: readonly Block[], request: MediaRequest): BlockSource[] {
  const taken = new Set<string>();
  return blocks.map((block) => {
    const source = sourceOf(block, request);
    const promptKey = taken.has(source.promptKey) ? `${source.promptKey}:${block.path.join('.')}` : source.promptKey;
    taken.add(promptKey);
    return { ...source, promptKey };
  });
}

/** A block's name among those of its question: an older display may have one block for each item of a list. */
export const blockKey = ({ id, path }: Pick<Block, 'id' | 'path'>): string => `${id}@${path.join('.')}`;

function sourceOf(
  block: Block,
  { data, state, sub_actions: subActions = [] }: MediaRequest & { state?: unknown },
): BlockSource {
  const { path, generate } = block;
  const node = at(data, path);
  const values = isJsonObject(node) ? node : {};
  const metadata = nearest(data, path, '_provider_metadata');
  const { provider, action, kind, prompt_id: own, prompt_id_field: field } = generate;
  const promptId = textOf(own) ?? textOf(typeof field === 'string' ? values[field] : undefined) ?? 'default';
  const subAction = subActions.find(({ id }) => id === action) ?? subActions[0];
  const retired = isJsonObject(metadata) && isJsonObject(metadata.retired) ? metadata.retired : undefined;
  const providerId = typeof provider === 'string' ? provider : undefined;
  return {
    id: blockKey(block),
    label: block.label ?? providerId ?? block.id,
    provider: providerId,
    kind: kind === 'video' || kind === 'audio' ? kind : 'image',
    subAction,
    subActionId: textOf(subAction?.id) ?? textOf(action) ?? '',
    promptId,
    promptKey: `${providerId ?? ''}:${promptId}`,
    count: blockCount(block, values, state),
    form: block.form && { schema: inColumns(block.form), data: { ...values, _provider_metadata: metadata }, state },
    sourceData: Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('_'))),
    retired: retired && {
      explanation: textOf(retired.explanation) ?? '',
      alternatives: Array.isArray(retired.alternatives) ? retired.alternatives.map(String) : [],
    },
  };
}

/** A form of many settings stands in two columns, unless its author laid it out; a text takes the whole width. */
function inColumns(form: JsonObject): JsonObject {
  const ui = isJsonObject(form['ui']) ? form['ui'] : {};
  const { properties } = form;
  if (ui['layout'] !== undefined || !isJsonObject(properties) || Object.keys(properties).length < 4) return form;
  const widened = Object.entries(properties).map(([name, field]) => {
    const own = isJsonObject(field) && isJsonObject(field['ui']) ? field['ui'] : {};
    const isText = own['input'] === 'textarea' && own['layout'] === undefined;
    return [name, isText && isJsonObject(field) ? { ...field, ui: { ...own, layout: { span: 'full' } } } : field];
  });
  return { ...form, ui: { ...ui, layout: { columns: 2 } }, properties: Object.fromEntries(widened) as JsonObject };
}

function at(data: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, key)
        ? (node as Record<string | number, unknown>)[key]
        : undefined,
    data,
  );
}

/** A member of the node itself or of the nearest node around it (format.md 15.3). */
function nearest(data: unknown, path: readonly (string | number)[], name: string): unknown {
  for (let length = path.length; length >= 0; length -= 1) {
    const found = at(data, [...path.slice(0, length), name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
