import { WfmError } from '@wfm/workflow-engine/errors';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaContext, MediaProvider, MediaProviderInfo, MediaResult } from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import { checkChoice, checkRequest } from '../support/check-request.ts';
import { objectForRecord } from '../support/for-record.ts';
import { promptSchema } from '../support/param-schema.ts';
import { callVendor, faultContextOf, type VendorSite } from '../support/vendor-call.ts';
import { malformedFault } from '../support/vendor-fault.ts';
import { webuiMetadata } from './metadata.ts';
import { stableDiffusionModels } from './models.ts';
import { webuiBody } from './requests.ts';
import { imagesSchema, progressSchema, readInfo, webuiSite } from './wire.ts';

export interface StableDiffusionSettings {
  /** `http://192.168.1.20:7860`; undefined: there is none. */
  baseUrl: string | undefined;
  /** How often progress is asked for beside the held request, in ms. */
  progressEveryMs?: number;
}

/** Eight pictures of 4 megapixels in base64. */
const maxReplyBytes = 128 * 1024 * 1024;
const jobTimeoutMs = 600_000;
const advice = 'Set SD_WEBUI_URL to a Stable Diffusion WebUI that was started with --api.';
const interruptMs = 5_000;

const info: Omit<MediaProviderInfo, 'ready' | 'reason'> = {
  id: 'stable_diffusion',
  label: 'Stable Diffusion (WebUI, Forge)',
  models: [...stableDiffusionModels],
  promptSchemas: {
    txt2img: promptSchema({
      tag_prompt: { type: 'string', description: 'The picture as comma-separated tags.' },
      natural_prompt: { type: 'string', description: 'The picture in sentences.' },
      negative_prompt: { type: 'string', description: 'What must not be seen, as tags.' },
      style_notes: { type: 'string', description: 'Style, light, colours and mood.' },
    }),
  },
  // Progress and interruption are the server's, not an order's: two at once could not be told apart.
  limits: { atOnce: 1 },
  jobTimeoutMs,
};

/**
 * A Stable Diffusion WebUI or Forge of one's own, by its stock API. An order is one held request without an id: after
 * a crash it is ordered again, which costs nothing. The key of a context is `user:password`, where the server wants it.
 */
export function createStableDiffusion(settings: StableDiffusionSettings): MediaProvider {
  const ready = settings.baseUrl !== undefined;
  const site = (): VendorSite => {
    if (settings.baseUrl !== undefined) return webuiSite(settings.baseUrl);
    const params = { provider: info.id, setting: 'SD_WEBUI_URL' };
    throw new WfmError('provider_not_configured', `There is no WebUI to ask. ${advice}`, { params });
  };
  const offer: MediaProviderInfo = {
    ...info,
    ready,
    ...(ready ? {} : { reason: advice }),
  };
  return {
    info: () => structuredClone(offer),
    metadata: async (_action, context) => webuiMetadata(site(), context),
    estimate: async (request, context) => {
      const { params } = checkChoice(offer, request, context.now);
      const [width = 0, height = 0] = String(params['resolution']).split('x').map(Number);
      const output = { count: Number(params['num_images']), width, height };
      return { cost: null, basis: 'free', output, notes: ['Made on your own server.'] };
    },
    submit: async (request, context) => {
      const { params } = checkRequest(offer, request, context.now);
      const webui = site();
      const json = await webuiBody(request.prompt, params, request.inputs);
      const path = `/sdapi/v1/${request.action}`;
      const reply = await beside(webui, context, settings.progressEveryMs ?? 1_000, () =>
        callVendor(
          webui,
          { method: 'POST', path, json, timeoutMs: jobTimeoutMs, maxBytes: maxReplyBytes },
          imagesSchema,
          context,
        ),
      );
      return { kind: 'done', result: resultOf(webui, reply, params, context) };
    },
    mayRepeat: true,
  };
}

/**
 * Holds a request and tells its progress meanwhile. On an abort the server is told to stop, but only when it was seen
 * at work: a request that still waits there would otherwise stop somebody else's.
 */
async function beside<T>(site: VendorSite, context: MediaContext, everyMs: number, work: () => Promise<T>): Promise<T> {
  let seenAtWork = false;
  let looking = false;
  const look = async () => {
    if (looking || context.signal.aborted) return;
    looking = true;
    const query = { skip_current_image: 'true' };
    const call = { method: 'GET', path: '/sdapi/v1/progress', query, timeoutMs: 5_000 } as const;
    // Progress is a courtesy: without it the order goes on all the same.
    const seen = await callVendor(site, call, progressSchema, quiet(context)).catch(() => null);
    looking = false;
    if (seen === null || context.signal.aborted) return;
    seenAtWork = (seen.state?.job_count ?? 0) > 0 || seen.progress > 0;
    const percent = Math.min(99, Math.max(0, Math.round(seen.progress * 100)));
    context.report(seenAtWork ? { phase: 'running', percent } : { phase: 'queued' });
  };
  const timer = setInterval(() => void look(), everyMs);
  try {
    return await work();
  } catch (thrown) {
    if (context.signal.aborted && seenAtWork) await interrupt(site, context);
    throw thrown;
  } finally {
    clearInterval(timer);
  }
}

async function interrupt(site: VendorSite, context: MediaContext): Promise<void> {
  const call = { method: 'POST', path: '/sdapi/v1/interrupt', timeoutMs: interruptMs } as const;
  const own = { ...context, signal: AbortSignal.timeout(interruptMs) };
  await callVendor(site, call, z.unknown(), own).catch(() => undefined);
}

/** Looks at progress are no calls worth keeping. */
function quiet(context: MediaContext): MediaContext {
  return { ...context, recordCall: () => undefined };
}

function resultOf(
  site: VendorSite,
  reply: z.infer<typeof imagesSchema>,
  params: JsonObject,
  context: MediaContext,
): MediaResult {
  const fault = faultContextOf(site, context);
  const { seeds, first, info: made } = readInfo(reply.info);
  // A grid comes before the pictures; what scripts add (masks, poses) after them.
  const wanted = seeds.length === 0 ? Number(params['num_images']) : seeds.length;
  const images = (reply.images ?? []).slice(first, first + wanted);
  const outputs = images.map((image, index) => {
    const data = new Uint8Array(Buffer.from(image.replace(/^data:[^,]{0,100},/, ''), 'base64'));
    if (data.byteLength === 0) throw malformedFault('an empty picture', fault);
    const seed = seeds[index];
    return { source: { data }, mime: mimeOf(data), ...(seed === undefined ? {} : { seed }) };
  });
  if (outputs.length === 0) throw malformedFault('no picture', fault);
  return { outputs, warnings: [], response: objectForRecord({ info: made }, fault.secrets) };
}

/** The server's setting decides the format and no header tells it. */
function mimeOf(data: Uint8Array): string {
  if (data[0] === 0x89) return 'image/png';
  return data[0] === 0xff ? 'image/jpeg' : 'image/webp';
}
