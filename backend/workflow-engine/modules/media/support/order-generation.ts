import { hashOf } from '../../../definition/canonical-json.ts';
import { WfmError } from '../../../errors/index.ts';
import type { JsonObject } from '../../../models/json.ts';
import { cropRegionSchema, MEDIA_ACTOR, mediaActionSchema, type MediaTask } from '../../../models/media.ts';
import type { MediaAction, MediaCatalogue } from '../../../ports/media-provider.ts';
import type { ModuleContext, TaskDraft } from '../../module.ts';
import { derivedId } from './derived-id.ts';
import { promptText, withoutPrompt } from '../../../models/prompt-text.ts';
import { sourceFile } from './source-image.ts';

/** What is to be generated, as a form or a workflow asks for it. */
export interface Order {
  provider: string;
  actionType: string;
  promptId: string;
  promptKey: string;
  /** As entered: the prompt and the provider's parameters, with `model`, `crop_region` and `source_image` among them. */
  params: JsonObject;
  /** The data that the form was filled in for. */
  sourceData: JsonObject | null;
  /** Used where the parameters name none. */
  sourceImage: unknown;
  interactionId: string | null;
}

type Ports = 'catalogue' | 'media' | 'mediaFiles' | 'mediaHost';

/** Names under which providers know how many to make. */
const countNames = ['num_images', 'count', 'n', 'quantity', 'num_outputs', 'batch_size'] as const;

/** Actions that begin with a picture. */
const fromPicture: ReadonlySet<string> = new Set<MediaAction>(['img2vid', 'img2img']);

/**
 * Checks an order, keeps its record as `pending`, and says what a worker is to do (format.md 15.5). The same idempotency
 * key makes the same record. Throws `provider_action_unsupported`, `model_unknown`, `prompt_empty`, `input_invalid`,
 * `source_image_missing`, `content_not_found`, `crop_invalid`, `content_too_large`.
 */
export async function orderGeneration(order: Order, context: ModuleContext<Ports>): Promise<TaskDraft> {
  const { catalogue, media } = context.ports;
  const action = actionOf(order);
  const { model, crop_region: crop, source_image: own, source_images: several, ...rest } = order.params;
  const prompt = promptText(rest, order.sourceData);
  const checked = catalogue.check({
    provider: order.provider,
    action,
    model: typeof model === 'string' && model !== '' ? model : null,
    prompt,
    params: withoutPrompt(rest),
  });
  const inputs = await inputsOf(action, { own, several, fallback: order.sourceImage }, context);
  const task: MediaTask = {
    metadata_id: await recordId(order, context),
    workflow_run_id: context.rootRunId,
    provider: order.provider,
    action_type: action,
    model: checked.model,
    prompt,
    params: checked.params,
    inputs,
    crop_region: cropOf(crop),
    prompt_id: order.promptId,
    prompt_key: order.promptKey,
  };
  await media.create({
    generation: {
      metadata_id: task.metadata_id,
      workflow_run_id: context.rootRunId,
      branch_id: context.branchId,
      interaction_id: order.interactionId,
      step_id: context.stepId,
      module_name: context.moduleName,
      user_id: context.userId,
      provider: order.provider,
      vendor_job_id: null,
      prompt_id: order.promptId,
      prompt_key: order.promptKey,
      action_type: action,
      status: 'pending',
      request_params: withoutBytes(order.params),
      source_data: order.sourceData,
      response_data: null,
      error: null,
      cost: null,
      mock: context.ports.mediaHost.mock,
      created_at: context.now.toISOString(),
      completed_at: null,
    },
  });
  return { actor: MEDIA_ACTOR, provider: order.provider, payload: { ...task } };
}

/**
 * The same for the same order: in production by the idempotency key, so that a crash makes nothing twice. In a preview by
 * what was ordered and when, so that doing the preview again gives the same ids, and mocks of what is made from them.
 */
async function recordId(order: Order, context: ModuleContext<Ports>): Promise<string> {
  if (!context.ports.mediaHost.mock) return derivedId(context.idempotencyKey);
  const { provider, actionType, promptKey, params } = order;
  const { generations } = await context.ports.media.totals({ runId: context.rootRunId });
  const place = [context.stepId, context.moduleName, provider, actionType, promptKey];
  return derivedId(hashOf([...place, withoutBytes(params), generations]));
}

/** How many items an order asks for; 1 where it does not say. */
export function countOf(params: JsonObject): number {
  const name = countNames.find((candidate) => Object.hasOwn(params, candidate));
  const count = name === undefined ? 1 : Number(params[name]);
  return Number.isInteger(count) && count >= 1 ? Math.min(count, 16) : 1;
}

/**
 * Parameters that ask for `count` items, under the name by which the provider's model knows it. Throws `input_invalid`
 * where it makes one at a time.
 */
export function withCount(
  catalogue: MediaCatalogue,
  order: Pick<Order, 'provider' | 'actionType' | 'params'>,
  count: number,
): JsonObject {
  const { params } = order;
  if (count === 1 || countNames.some((name) => Object.hasOwn(params, name))) return params;
  const models = catalogue.find(order.provider)?.models.filter(({ action }) => action === order.actionType) ?? [];
  const model = models.find(({ id }) => id === params.model) ?? models[0];
  const known = (model?.params.properties ?? {}) as JsonObject;
  const name = countNames.find((candidate) => Object.hasOwn(known, candidate));
  if (name !== undefined) return { ...params, [name]: count };
  throw new WfmError('input_invalid', `${order.provider} makes one at a time; ask for each on its own.`, {
    place: 'inputs.count',
    params: { provider: order.provider, count },
  });
}

function actionOf({ provider, actionType }: Order): MediaAction {
  const parsed = mediaActionSchema.safeParse(actionType);
  if (parsed.success) return parsed.data;
  throw new WfmError('provider_action_unsupported', `"${actionType.slice(0, 40)}" is not an action of media.`, {
    params: { provider, action: actionType.slice(0, 40), alternatives: [...mediaActionSchema.options] },
  });
}

async function inputsOf(
  action: MediaAction,
  given: { own: unknown; several: unknown; fallback: unknown },
  context: ModuleContext<Ports>,
): Promise<MediaTask['inputs']> {
  if (action === 'compose') {
    const list = Array.isArray(given.several) ? given.several.slice(0, 64) : [];
    const files = [];
    for (const item of list) {
      const file = await sourceFile(item, 'still', context);
      files.push(file.mime.startsWith('audio/') ? { ...file, role: 'audio' as const } : file);
    }
    return files;
  }
  const source = given.own ?? given.fallback;
  if (action === 'transcribe') return [await sourceFile(source, 'audio', context)];
  if (fromPicture.has(action)) return [await sourceFile(source, 'source', context)];
  return [];
}

function cropOf(given: unknown): MediaTask['crop_region'] {
  if (given === undefined || given === null) return null;
  const parsed = cropRegionSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new WfmError('crop_invalid', 'A crop is given as x, y, width and height in whole pixels.', {
    place: 'params.crop_region',
  });
}

/** The record keeps what was entered, not the bytes of a picture. */
function withoutBytes(params: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' && value.startsWith('data:') ? `${value.slice(0, 40)}…` : value,
    ]),
  );
}
