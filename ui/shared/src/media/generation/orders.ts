import type { FormState } from '@wfm/workflow-engine/display';
import { formAnswer } from '@wfm/workflow-engine/display';
import { promptText, withoutPrompt } from '@wfm/workflow-engine/models';
import type { BlockSource } from './block-source.ts';
import type { CropRegion } from '../crop-region.ts';
import type { EstimateWanted } from './generation-types.ts';
import type { MediaProvider } from './use-providers.ts';

/** Names under which providers know how many to make, as the server reads them. */
const countNames = ['num_images', 'count', 'n', 'quantity', 'num_outputs', 'batch_size'];

/** How many items parameters ask for, before the server says. */
export function countOf(params: unknown): number {
  const given = (typeof params === 'object' && params !== null ? params : {}) as Record<string, unknown>;
  const name = countNames.find((candidate) => Object.hasOwn(given, candidate));
  const count = name === undefined ? 1 : Number(given[name]);
  return Number.isInteger(count) && count >= 1 ? Math.min(count, 16) : 1;
}

export interface OrderInput {
  block: BlockSource;
  form: FormState | undefined;
  provider: string;
  crop: CropRegion | null;
  actionType: string;
  providers: readonly MediaProvider[];
}

/** The parameters as entered, under the names in which they are sent (format.md 18.6). */
function paramsOf({ block, form, crop }: OrderInput): Record<string, unknown> {
  return {
    ...(block.form && form ? formAnswer(form, block.form) : {}),
    ...(crop ? { crop_region: crop } : {}),
  };
}

/**
 * What a press of the button orders: one request as a rule; several of one item each where the block wants more than its
 * provider makes at a time (format.md 13.6, 18.4).
 */
export function ordersOf(input: OrderInput): Record<string, unknown>[] {
  const { block, provider, actionType } = input;
  const params = paramsOf(input);
  const { count } = block;
  const order = (own: Record<string, unknown>) => ({
    provider,
    action_type: actionType,
    prompt_id: block.promptId,
    prompt_key: block.provider === undefined ? `${provider}:${block.promptId}` : block.promptKey,
    params: own,
    source_data: block.sourceData,
  });
  if (count === undefined || count === 1 || countNames.some((name) => Object.hasOwn(params, name)))
    return [order(params)];
  const name = countNames.find((candidate) =>
    Object.hasOwn(modelOf(input, params)?.params.properties ?? {}, candidate),
  );
  if (name !== undefined) return [order({ ...params, [name]: count })];
  return Array.from({ length: count }, () => order(params));
}

/** What an order asks the server to reckon, before it is given. */
export function estimateOf(input: OrderInput): EstimateWanted {
  const { crop_region: _crop, model, source_image: _one, source_images: _several, ...rest } = paramsOf(input);
  return {
    provider: input.provider,
    action_type: input.actionType,
    model: typeof model === 'string' && model !== '' ? model : null,
    prompt: promptText(rest, input.block.sourceData),
    params: withoutPrompt(rest),
  };
}

function modelOf({ provider, actionType, providers }: OrderInput, params: Record<string, unknown>) {
  const models = providers.find((one) => one.provider === provider)?.models ?? [];
  const able = models.filter(({ action }) => action === actionType);
  return able.find(({ model }) => model === params.model) ?? able[0];
}
