import { isJsonObject } from '@wfm/workflow-engine/models';
import type { Money } from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import type { VendorSite } from '../support/vendor-call.ts';

/** Shapes of Leonardo's replies (OpenAPI of v1; v2 answers `generate` or, by its OpenAPI, the id at the top). */

const costSchema = z.object({ amount: z.coerce.string(), unit: z.string() });
const jobSchema = z.object({
  generationId: z.string().min(1).max(200),
  apiCreditCost: z.number().nullish(),
  cost: costSchema.nullish(),
});

/** The four envelopes of an accepted order, as one job. */
export const acceptedSchema = z
  .union([
    z.object({ sdGenerationJob: jobSchema }).transform((reply) => reply.sdGenerationJob),
    z.object({ motionVideoGenerationJob: jobSchema }).transform((reply) => reply.motionVideoGenerationJob),
    z.object({ generate: jobSchema }).transform((reply) => reply.generate),
    jobSchema,
  ])
  .transform((job) => ({ generationId: job.generationId, cost: moneyOf(job) }));

const imageSchema = z.looseObject({
  id: z.string().nullish(),
  url: z.string().nullish(),
  motionMP4URL: z.string().nullish(),
  nsfw: z.boolean().nullish(),
});

export const generationSchema = z.object({
  generations_by_pk: z
    .looseObject({
      status: z.enum(['PENDING', 'COMPLETE', 'FAILED']),
      seed: z.number().nullish(),
      generated_images: z.array(imageSchema).max(100).nullish(),
    })
    .nullable(),
});
export type Generation = NonNullable<z.infer<typeof generationSchema>['generations_by_pk']>;

/** `fields` is JSON in a text by the documentation, and an object in some replies (providers.md, section 5). */
const fieldsSchema = z.union([
  z.record(z.string(), z.string()),
  z.string().transform((text, context) => {
    try {
      return z.record(z.string(), z.string()).parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'no fields' });
      return z.NEVER;
    }
  }),
]);

export const uploadSchema = z.object({
  uploadInitImage: z.object({ id: z.string().min(1).max(200), url: z.url(), fields: fieldsSchema }),
});

export const priceSchema = z.object({
  calculateProductionApiServiceCost: z.object({ cost: z.number().nonnegative() }),
});

function moneyOf(job: z.infer<typeof jobSchema>): Money | null {
  const { cost } = job;
  if (cost && Number.isFinite(Number(cost.amount)))
    return { amount: cost.amount, unit: cost.unit === 'DOLLARS' ? 'USD' : 'credits' };
  return typeof job.apiCreditCost === 'number' ? { amount: String(job.apiCreditCost), unit: 'credits' } : null;
}

/** `baseUrl` without a version: `https://cloud.leonardo.ai/api/rest`. */
export function leonardoSite(baseUrl: string): VendorSite {
  return {
    provider: 'leonardo',
    title: 'Leonardo',
    baseUrl,
    keySetting: 'LEONARDO_API_KEY',
    urlSetting: 'LEONARDO_BASE_URL',
    authHeaders: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
    // v2 has been seen to fail with status 200: a list of messages, or `error`, in place of the job.
    statusInBody: (body) => (Array.isArray(body) || (isJsonObject(body) && 'error' in body) ? 400 : null),
  };
}
