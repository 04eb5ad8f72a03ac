import { WfmError } from '@wfm/workflow-engine/errors';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type {
  MediaContext,
  MediaEstimate,
  MediaInput,
  MediaProvider,
  MediaProviderInfo,
  MediaResult,
} from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import { checkChoice, checkRequest } from '../support/check-request.ts';
import { objectForRecord } from '../support/for-record.ts';
import { plainPromptSchema } from '../support/param-schema.ts';
import { publicModels } from '../support/public-models.ts';
import { callVendor, faultContextOf } from '../support/vendor-call.ts';
import { faultOfJob, providerFault } from '../support/vendor-fault.ts';
import { aspectRatios, type MidjourneyModel, midjourneyModels, speeds, versions } from './models.ts';
import { acceptedSchema, midapiSite, type MidapiRecord, recordSchema } from './wire.ts';

export interface MidjourneySettings {
  /** The server's own key; users may bring theirs. */
  apiKey: string | undefined;
  /** `https://api.midapi.ai/api/v1/mj` */
  baseUrl: string;
  /** A public https address of a source, where the server can give one: MidAPI takes no bytes. Null: not this one. */
  publicUrl?: ((input: MediaInput) => Promise<string | null>) | undefined;
}

const firstLookMs = 10_000;
const nextLookMs = 5_000;
const priceRead = '2026-11-22';

const operationSchema = z.object({ task_id: z.string(), makes: z.enum(['image', 'video']) });

/**
 * Midjourney through MidAPI, a reseller: Midjourney itself has no API (docs.midapi.ai, read 2026-11). No progress, no
 * way to end an order, no idempotency key; results are kept for 15 days. Without `publicUrl` it offers only what needs
 * no source, and says why.
 */
export function createMidjourney(settings: MidjourneySettings): MediaProvider {
  const site = midapiSite(settings.baseUrl);
  const entry = entryFor(settings);
  const models = midjourneyModels.filter((model) => settings.publicUrl !== undefined || model.inputs === undefined);
  const offer = { ...entry, models };
  return {
    info: () => ({ ...structuredClone(entry), models: publicModels(models) }),
    metadata: async () => ({ aspect_ratio: [...aspectRatios], speed: [...speeds], versions: [...versions] }),
    estimate: async (request, context) => {
      const { model, params } = checkChoice(offer, request, context.now);
      return estimateOf(model, params);
    },
    submit: async (request, context) => {
      const { model, params } = checkRequest(offer, request, context.now);
      const fileUrls = await Promise.all(request.inputs.map((input, index) => addressOf(settings, input, index)));
      const json = bodyOf(model, request.prompt, params, fileUrls);
      const call = { method: 'POST', path: '/generate', json, starts: true } as const;
      const accepted = await callVendor(site, call, acceptedSchema, context);
      const makes = model.action === 'img2vid' ? 'video' : 'image';
      return { kind: 'started', operation: { task_id: accepted.data.taskId, makes }, pollAfterMs: firstLookMs };
    },
    poll: async (raw, context) => {
      const operation = operationSchema.parse(raw);
      const query = { taskId: operation.task_id };
      const { data } = await callVendor(
        site,
        { method: 'GET', path: '/record-info', query, keep: (seen) => seen.data?.successFlag !== 0 },
        recordSchema,
        context,
      );
      const fault = faultContextOf(site, context);
      if (!data)
        throw providerFault('provider_failed', 'MidAPI does not know this order any more.', 'unknown_job', fault);
      if (data.successFlag === 0) return { kind: 'pending', progress: { phase: 'running' }, pollAfterMs: nextLookMs };
      if (data.successFlag !== 1) throw faultOfJob(data.errorMessage ?? '', fault);
      const result = resultOf(operation, data, context);
      if (result.outputs.length === 0)
        throw providerFault('provider_failed', 'MidAPI finished this order without a file.', 'no_output', fault);
      return { kind: 'done', result };
    },
    cancel: async () => 'unsupported',
    mayRepeat: false,
  };
}

function entryFor(settings: MidjourneySettings): Omit<MediaProviderInfo, 'models'> {
  const ready = settings.apiKey !== undefined;
  const sources = settings.publicUrl !== undefined;
  const explanation =
    'MidAPI fetches sources from a public address, and this server has none for its files. Use another provider.';
  const elsewhere = { explanation, alternatives: ['leonardo', 'stable_diffusion'] };
  return {
    id: 'midjourney',
    label: 'Midjourney (MidAPI)',
    ready,
    ...(ready ? {} : { reason: 'No key: set MIDAPI_API_KEY.' }),
    promptSchemas: { txt2img: plainPromptSchema },
    // Not retired by the vendor, but as gone here; a workflow that names one gets the same explanation.
    ...(sources
      ? {}
      : {
          retiredActions: {
            img2img: elsewhere,
            img2vid: { explanation, alternatives: ['leonardo'] },
          },
        }),
    limits: { atOnce: 1 },
    jobTimeoutMs: 900_000,
  };
}

async function addressOf(settings: MidjourneySettings, input: MediaInput, index: number): Promise<string> {
  const url = (await settings.publicUrl?.(input)) ?? null;
  if (url !== null && url.startsWith('https://')) return url;
  const message = 'MidAPI takes a source only by a public https address, and this file has none.';
  throw new WfmError('input_invalid', message, {
    place: `inputs[${index}]`,
    params: { provider: 'midjourney', reason: 'no_public_address' },
  });
}

function bodyOf(model: MidjourneyModel, prompt: string, params: JsonObject, fileUrls: string[]): JsonObject {
  const names: Record<string, string> = {
    aspect_ratio: 'aspectRatio',
    watermark: 'waterMark',
    enable_translation: 'enableTranslation',
    omni_weight: 'ow',
    videos: 'videoBatchSize',
  };
  const given = Object.entries(params).map(([name, value]) => [names[name] ?? name, value] as const);
  const files = fileUrls.length === 0 ? {} : { fileUrls };
  return { taskType: model.taskType, prompt, ...Object.fromEntries(given), ...files };
}

function estimateOf(model: MidjourneyModel, params: JsonObject): MediaEstimate {
  const speed = typeof params['speed'] === 'string' ? params['speed'] : 'relaxed';
  const videos = typeof params['videos'] === 'number' ? params['videos'] : 1;
  const amount = String((model.credits[speed] ?? 0) * videos);
  return {
    cost: { amount, unit: 'credits', usd_per_unit: '0.005' },
    basis: 'table',
    as_of: priceRead,
    output: model.action === 'img2vid' ? { count: videos, seconds: 5 } : { count: 4 },
    notes: ['From a table that users of MidAPI keep; it publishes none.'],
  };
}

function resultOf(operation: z.infer<typeof operationSchema>, data: MidapiRecord, context: MediaContext): MediaResult {
  const urls = (data.resultInfoJson?.resultUrls ?? []).map((entry) => entry.resultUrl).filter((url) => url !== '');
  const mimeOf = (url: string) => (/\.png(?:[?#]|$)/i.test(url) ? 'image/png' : 'image/jpeg');
  return {
    outputs: urls.map((url) => ({ source: { url }, mime: operation.makes === 'video' ? 'video/mp4' : mimeOf(url) })),
    warnings: [],
    vendorJobId: operation.task_id,
    response: objectForRecord(data, context.apiKey === null ? [] : [context.apiKey]),
  };
}
