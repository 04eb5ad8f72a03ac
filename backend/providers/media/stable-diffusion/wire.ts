import type { JsonObject } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import type { VendorSite } from '../support/vendor-call.ts';

/**
 * The stock API of Stable Diffusion WebUI and Forge, started with `--api`
 * (AUTOMATIC1111/stable-diffusion-webui, modules/api/api.py and models.py). With `--api-auth` it wants HTTP Basic:
 * then the key is `user:password`.
 */
export function webuiSite(baseUrl: string): VendorSite {
  return {
    provider: 'stable_diffusion',
    title: 'Stable Diffusion WebUI',
    baseUrl,
    keySetting: null,
    urlSetting: 'SD_WEBUI_URL',
    authHeaders: (apiKey) => ({ authorization: `Basic ${Buffer.from(apiKey).toString('base64')}` }),
  };
}

/** `info` is JSON in a text. */
export const imagesSchema = z.object({ images: z.array(z.string()).max(200).nullable(), info: z.string() });

const infoSchema = z.looseObject({
  all_seeds: z.array(z.number()).optional(),
  index_of_first_image: z.number().int().min(0).optional(),
});

export const progressSchema = z.object({
  progress: z.number(),
  state: z.looseObject({ job_count: z.number().optional(), interrupted: z.boolean().optional() }).optional(),
});

export const namesSchema = z.array(z.looseObject({ name: z.string().optional(), label: z.string().optional() }));
export const checkpointsSchema = z.array(z.looseObject({ title: z.string(), model_name: z.string() }));
export const vaesSchema = z.array(z.looseObject({ model_name: z.string() }));

/** What a text of `info` says; nothing when it cannot be read. */
export function readInfo(text: string): { seeds: number[]; first: number; info: JsonObject } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = {};
  }
  const read = infoSchema.safeParse(parsed);
  if (!read.success) return { seeds: [], first: 0, info: {} };
  return { seeds: read.data.all_seeds ?? [], first: read.data.index_of_first_image ?? 0, info: read.data };
}
