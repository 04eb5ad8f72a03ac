import { z } from 'zod';
import { workflowResponseSchema } from './execution.ts';
import { jsonObjectSchema } from './json.ts';

/** What previews answer beside runs (api.md, Virtual server). */

export const planActions = [
  'executed',
  'reused',
  'answer_reapplied',
  'asked_again',
  'mocked',
  'pinned',
  'not_reached',
] as const;

export const planEntrySchema = z.object({
  step_id: z.string(),
  module_name: z.string(),
  action: z.enum(planActions),
  /** Table 10.9 of format.md. */
  reason: z.string(),
  duration_ms: z.number(),
});
/** What became of one module in a request. */
export type PlanEntry = z.infer<typeof planEntrySchema>;

export const stateTreeSchema = z.object({
  steps: jsonObjectSchema,
  state_mapped: jsonObjectSchema,
  files: jsonObjectSchema,
});
/** Steps as a tree, flat state, and files (format.md 7). */
export type StateTree = z.infer<typeof stateTreeSchema>;

export const virtualWorkflowResponseSchema = workflowResponseSchema.extend({
  virtual_run_id: z.string(),
  /** The signed state, to be sent back as it is. */
  virtual_db: z.string(),
  state: stateTreeSchema,
  mock: z.boolean(),
  plan: z.array(planEntrySchema),
});
/** The answer of every execution route of previews (api.md). */
export type VirtualWorkflowResponse = z.infer<typeof virtualWorkflowResponseSchema>;
