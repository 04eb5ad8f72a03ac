import type {
  HttpClient,
  MediaContext,
  MediaInput,
  MediaProvider,
  MediaProviderInfo,
  MediaResult,
  Money,
} from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import { checkChoice, checkRequest } from '../support/check-request.ts';
import { objectForRecord } from '../support/for-record.ts';
import { plainPromptSchema, promptSchema } from '../support/param-schema.ts';
import { publicModels } from '../support/public-models.ts';
import { callVendor, faultContextOf } from '../support/vendor-call.ts';
import { faultOfJob, providerFault } from '../support/vendor-fault.ts';
import { estimateOrder } from './estimate.ts';
import { leonardoMetadata } from './metadata.ts';
import { leonardoModels } from './models.ts';
import { orderFor, type UploadedInputs } from './requests.ts';
import { uploadPicture } from './upload.ts';
import { acceptedSchema, type Generation, generationSchema, leonardoSite } from './wire.ts';

export interface LeonardoSettings {
  /** The server's own key; users may bring theirs. */
  apiKey: string | undefined;
  /** `https://cloud.leonardo.ai/api/rest` */
  baseUrl: string;
}

const firstLookMs = 4_000;
const nextLookMs = 2_000;

const info: Omit<MediaProviderInfo, 'ready' | 'reason' | 'models'> = {
  id: 'leonardo',
  label: 'Leonardo.Ai',
  promptSchemas: {
    txt2img: plainPromptSchema,
    img2vid: promptSchema({
      positive_prompt: { type: 'string', description: 'What happens in the video.' },
      negative_prompt: { type: 'string', description: 'What must not be seen.' },
      motion_strength: { enum: ['subtle', 'moderate', 'dynamic'], description: 'How much moves.' },
      motion_notes: { type: 'string', description: 'How camera and subject move.' },
    }),
  },
  // Of the 10 that the vendor allows, what format.md 15.1 has; 100 orders a minute (docs.leonardo.ai, rate limits).
  limits: { atOnce: 3, perMinute: 100 },
  jobTimeoutMs: 600_000,
};

/** What waits between two looks; any process can go on from it. `makes`: the vendor's addresses do not always say. */
const operationSchema = z.object({
  generation_id: z.string(),
  makes: z.enum(['image', 'video']),
  cost: z.custom<Money | null>(),
});
type Operation = z.infer<typeof operationSchema>;

/**
 * Leonardo.Ai, v1 for its own models and v2 for partners' (docs.leonardo.ai). Both are looked at by
 * `GET /v1/generations/{id}`. It has no way to end an order and no idempotency key. `http` sends sources to the
 * vendor's storage; it must refuse private addresses.
 */
export function createLeonardo(settings: LeonardoSettings, http: HttpClient): MediaProvider {
  const site = leonardoSite(settings.baseUrl);
  const ready = settings.apiKey !== undefined;
  const entry = { ...info, ready, ...(ready ? {} : { reason: 'No key: set LEONARDO_API_KEY.' }) };
  const offer = { ...entry, models: leonardoModels };
  return {
    info: () => ({ ...structuredClone(entry), models: publicModels(leonardoModels) }),
    metadata: async (action, context) => leonardoMetadata(action, context.now),
    estimate: async (request, context) => {
      const { model, params } = checkChoice(offer, request, context.now);
      return estimateOrder(site, model, params, context);
    },
    submit: async (request, context) => {
      const { model, params } = checkRequest(offer, request, context.now);
      const uploads = await uploadAll(request.inputs, (input) => uploadPicture(site, http, input, context));
      const { path, body } = orderFor(model, request.prompt, params, uploads);
      const job = await callVendor(site, { method: 'POST', path, json: body, starts: true }, acceptedSchema, context);
      const makes = model.action.endsWith('vid') ? 'video' : 'image';
      const operation: Operation = { generation_id: job.generationId, makes, cost: job.cost };
      return { kind: 'started', operation: { ...operation }, pollAfterMs: firstLookMs };
    },
    poll: async (raw, context) => {
      const operation = operationSchema.parse(raw);
      const path = `/v1/generations/${encodeURIComponent(operation.generation_id)}`;
      const reply = await callVendor(
        site,
        { method: 'GET', path, keep: (seen) => seen.generations_by_pk?.status !== 'PENDING' },
        generationSchema,
        context,
      );
      const generation = reply.generations_by_pk;
      const fault = faultContextOf(site, context);
      if (generation === null)
        throw providerFault('provider_failed', 'Leonardo does not know this order any more.', 'unknown_job', fault);
      if (generation.status === 'FAILED') throw faultOfJob(wordsOf(generation), fault);
      if (generation.status === 'PENDING')
        return { kind: 'pending', progress: { phase: 'running' }, pollAfterMs: nextLookMs };
      const result = resultOf(operation, generation, context);
      if (result.outputs.length === 0)
        throw providerFault('provider_failed', 'Leonardo finished this order without a file.', 'no_output', fault);
      return { kind: 'done', result };
    },
    cancel: async () => 'unsupported',
    mayRepeat: false,
  };
}

async function uploadAll(
  inputs: MediaInput[],
  upload: (input: MediaInput) => Promise<string>,
): Promise<UploadedInputs> {
  const ids: UploadedInputs = { references: [] };
  for (const input of inputs) {
    const id = await upload(input);
    if (input.role === 'source') ids.source = id;
    else if (input.role === 'last') ids.last = id;
    else ids.references.push(id);
  }
  return ids;
}

function resultOf(operation: Operation, generation: Generation, context: MediaContext): MediaResult {
  const { seed } = generation;
  const images = generation.generated_images ?? [];
  const outputs = images.flatMap((image) => {
    const url = operation.makes === 'video' ? (image.motionMP4URL ?? image.url) : image.url;
    if (typeof url !== 'string' || url === '') return [];
    const mime = operation.makes === 'video' ? 'video/mp4' : mimeOf(url);
    return [{ source: { url }, mime, ...(typeof seed === 'number' ? { seed } : {}) }];
  });
  const risky = images.filter((image) => image.nsfw === true).length;
  return {
    outputs,
    warnings: risky === 0 ? [] : [`Leonardo marks ${risky} of ${images.length} results as not safe for work.`],
    ...(operation.cost === null ? {} : { cost: operation.cost }),
    vendorJobId: operation.generation_id,
    response: objectForRecord(generation, context.apiKey === null ? [] : [context.apiKey]),
  };
}

function mimeOf(url: string): string {
  const path = url.split(/[?#]/)[0]!.toLowerCase();
  if (path.endsWith('.png')) return 'image/png';
  return path.endsWith('.webp') ? 'image/webp' : 'image/jpeg';
}

/** A failed order has no message in the documented reply; some carry one all the same. */
function wordsOf(generation: Generation): string {
  const words = [generation['errorMessage'], generation['failureReason'], generation['moderation']];
  return words
    .map((word) => (typeof word === 'string' ? word : ''))
    .join(' ')
    .trim();
}
