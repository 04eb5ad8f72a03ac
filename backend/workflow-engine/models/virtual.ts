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
  /** Which parts of what is compared differ from the record: inputs, `state.<key>`, `conversation`; of a question its fields. */
  inputs: z.array(z.string()).optional(),
  /** In a plan: what running it is likely to cost, in US dollars; absent where nothing tells. */
  cost_usd: z.number().optional(),
});
/** What became of one module in a request. */
export type PlanEntry = z.infer<typeof planEntrySchema>;

export const planSchema = z.object({
  /** To be sent back to carry out this very plan. */
  plan_id: z.string(),
  modules: z.array(planEntrySchema),
  /** Sum over the modules that will run and have a record of what they cost. */
  likely_cost_usd: z.number(),
  /** Modules that will call a model or an address and have no such record. */
  cost_unknown: z.number().int(),
});
/** What moving a run to a version would do; nothing has been done (format.md 10.7). */
export type Plan = z.infer<typeof planSchema>;

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
