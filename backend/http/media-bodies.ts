import { jsonObjectSchema, mediaActionSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';

/** What both servers say about the cost of media. */

/** Fields of a request for an estimate. */
export const mediaPreviewFields = {
  provider: z.string().max(100),
  action_type: mediaActionSchema,
  model: z.string().max(200).nullable().default(null),
  prompt: z.string().max(100_000).default(''),
  params: jsonObjectSchema.default({}),
};

/** An amount as the provider counts it. */
export const moneySchema = z.object({
  amount: z.string(),
  unit: z.enum(['USD', 'credits']),
  usd_per_unit: z.string().optional(),
});

/** What generating would give and cost; `unknown` where nobody says, never 0. */
export const estimateSchema = z.object({
  cost: moneySchema.nullable(),
  basis: z.enum(['exact', 'table', 'remote', 'free', 'unknown']),
  as_of: z.string().optional(),
  output: z
    .object({
      count: z.number().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      seconds: z.number().optional(),
    })
    .optional(),
  notes: z.array(z.string()),
});
