import { z } from 'zod';
import { hasCode } from '@wfm/workflow-engine/errors';
import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import { objectForRecord } from '../../support/for-record.ts';
import { callVendor } from '../../support/vendor-call.ts';
import type { JobApi, JobFile } from '../vendor.ts';
import { jobIdSchema, readReply, textOf } from './job-id.ts';

const status = z.looseObject({
  status: z.enum(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELED']),
  queue_position: z.number().int().min(0).nullish(),
  error: z.unknown().optional(),
});
const file = z.looseObject({ url: z.string(), content_type: z.string().nullish() });
const result = z.looseObject({
  images: z.array(file).nullish(),
  image: file.nullish(),
  video: file.nullish(),
  audio: file.nullish(),
  text: z.string().nullish(),
  seed: z.number().nullish(),
});
const cancelled = z.looseObject({ status: z.string().nullish() });

/** A finished one is kept with its result. */
const hasFailed = (seen: z.infer<typeof status>) => seen.status === 'FAILED' || seen.status === 'CANCELED';

/**
 * fal's queue (docs.fal.ai/model-endpoints/queue, read 2026-11-22): a request is found by the first two parts of its
 * model's name and its id. The SDK's own look takes any failure of its call for the end of the order; this one does not.
 */
export const falJobs: JobApi = {
  begun: (reply, model, fault) => {
    const { request_id } = readReply(z.looseObject({ request_id: jobIdSchema }), reply, fault);
    const [owner = '', app = ''] = (model.includes('/') ? model : `fal-ai/${model}`).split('/');
    return { id: request_id, app: `${owner}/${app}` };
  },
  look: async (job, site, context) => {
    const path = pathOf(job);
    const found = await callVendor(site, { method: 'GET', path: `${path}/status`, keep: hasFailed }, status, context);
    if (found.status === 'IN_QUEUE') {
      const { queue_position: position } = found;
      return {
        state: 'pending',
        progress: { phase: 'queued', ...(typeof position === 'number' ? { position } : {}) },
      };
    }
    if (found.status === 'IN_PROGRESS') return { state: 'pending', progress: { phase: 'running' } };
    if (found.status !== 'COMPLETED') return { state: 'failed', message: JSON.stringify(found.error ?? '') };
    const made = await callVendor(site, { method: 'GET', path }, result, context);
    return {
      state: 'done',
      files: filesOf(made),
      ...(typeof made.text === 'string' ? { text: made.text } : {}),
      response: objectForRecord(made, []),
    };
  },
  cancel: async (job, site, context) => {
    try {
      const found = await callVendor(site, { method: 'PUT', path: `${pathOf(job)}/cancel` }, cancelled, context);
      return found.status === 'ALREADY_COMPLETED' ? 'too_late' : 'cancelled';
    } catch (thrown) {
      // 400 ALREADY_COMPLETED and 404 NOT_FOUND.
      if (hasCode(thrown, 'provider_failed') && [400, 404].includes(Number(thrown.params['status']))) return 'too_late';
      throw thrown;
    }
  },
};

function pathOf(job: JsonObject): string {
  return `/${textOf(job, 'app')}/requests/${textOf(job, 'id')}`;
}

function filesOf(made: z.infer<typeof result>): JobFile[] {
  const files = [...(made.images ?? []), made.image, made.video, made.audio];
  const seed = typeof made.seed === 'number' && Number.isSafeInteger(made.seed) ? made.seed : undefined;
  return files
    .filter((entry) => isJsonObject(entry))
    .map(({ url, content_type }) => ({ url, mime: content_type ?? undefined, seed }));
}
