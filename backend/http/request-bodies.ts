import { interactionAnswerSchema, jsonObjectSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';

/** Parts of request bodies that both servers take alike (api.md: "the same paths and bodies without the run id"). */

export const idSchema = z.string().min(1).max(128);
/** Names a step or a module as a definition spells it. */
const nameSchema = z.string().min(1).max(300);

/** Model settings of one request; the key in them is used and never stored. */
export const aiConfigSchema = z.strictObject({
  provider: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.number().int().min(1).max(10_000_000).optional(),
  reasoning_effort: z.string().max(50).optional(),
  api_key: z.string().max(1000).optional(),
});

export const idempotencyKeySchema = z.string().min(1).max(200);

export const respondFields = {
  interaction_id: idSchema,
  response: interactionAnswerSchema,
  expected_seq: z.number().int().min(0).optional(),
  idempotency_key: idempotencyKeySchema.optional(),
};

export const jumpFields = {
  step_id: nameSchema,
  module_name: nameSchema,
  feedback: z.string().max(100_000).optional(),
  groups: z.array(z.string().max(300)).max(1000).optional(),
  idempotency_key: idempotencyKeySchema.optional(),
};

export const retryFields = { ...jumpFields, inputs_override: jsonObjectSchema.optional() };

/** What starts a sub-action of the open question (format.md 13.8). */
export const subActionFields = {
  interaction_id: idSchema,
  sub_action_id: nameSchema,
  params: jsonObjectSchema.default({}),
  feedback: z.string().max(100_000).optional(),
  idempotency_key: idempotencyKeySchema.optional(),
};
