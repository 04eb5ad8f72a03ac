import { z } from 'zod';
import type { StoredError } from '../../errors/index.ts';
import { storedErrorSchema } from '../../models/execution.ts';
import { jsonObjectSchema } from '../../models/json.ts';

/** Rows of generated media in a snapshot (format.md 15.4, 17.5): records only, never bytes. */

const text = z.string();
const count = z.number().int().min(0);

export const generationRowSchema = z.strictObject({
  metadata_id: text,
  workflow_run_id: text,
  branch_id: text,
  interaction_id: text.nullable(),
  step_id: text,
  module_name: text,
  user_id: text,
  provider: text,
  vendor_job_id: text.nullable(),
  prompt_id: text,
  prompt_key: text,
  action_type: text,
  status: z.enum(['pending', 'completed', 'failed', 'cancelled']),
  request_params: jsonObjectSchema,
  source_data: jsonObjectSchema.nullable(),
  response_data: jsonObjectSchema.nullable(),
  error: z.custom<StoredError>((value) => storedErrorSchema.safeParse(value).success).nullable(),
  cost: z.strictObject({ amount: text, unit: z.enum(['USD', 'credits']), usd_per_unit: text.optional() }).nullable(),
  mock: z.boolean(),
  created_at: text,
  completed_at: text.nullable(),
});

export const contentRowSchema = z.strictObject({
  content_id: text,
  metadata_id: text,
  workflow_run_id: text,
  index: count,
  content_type: z.enum(['image', 'video', 'audio', 'video.preview']),
  mime: text,
  extension: text,
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  width: count.nullable(),
  height: count.nullable(),
  duration_ms: count.nullable(),
  seed: z.number().nullable(),
  provider_url: text.nullable(),
  preview_content_id: text.nullable(),
  mock: z.boolean(),
  stored_at: text,
});
