import { z } from 'zod';
import { interactionRequestSchema } from './interaction.ts';
import { jsonObjectSchema } from './json.ts';

export const runStatuses = [
  'created',
  'processing',
  'awaiting_input',
  'awaiting_task',
  'completed',
  'cancelled',
  'error',
] as const;
/** What a run's fold says (format.md 10.1). */
export type RunStatus = (typeof runStatuses)[number];

export const responseStatusSchema = z.enum([...runStatuses, 'target_reached', 'validation_failed']);
/** What an answer to a request says: a run's status, or one that belongs to that request alone. */
export type ResponseStatus = z.infer<typeof responseStatusSchema>;

export const executionModeSchema = z.enum(['real', 'mock']);
export type ExecutionMode = z.infer<typeof executionModeSchema>;

export const progressSchema = z.object({
  current_step: z.string().nullable(),
  current_module: z.string().nullable(),
  completed_steps: z.array(z.string()),
  total_steps: z.number().int(),
  /** 0-based index of the current step; `total_steps` once the run has completed. */
  step_index: z.number().int(),
});
export type Progress = z.infer<typeof progressSchema>;

export const storedErrorSchema = z.object({
  code: z.string(),
  params: jsonObjectSchema,
  title: z.string(),
  message: z.string(),
  place: z.string().optional(),
  module_id: z.string().optional(),
  attempt: z.number().int().optional(),
  transient: z.boolean(),
  details: z.unknown().optional(),
  errors: z
    .array(z.object({ path: z.string(), code: z.string(), params: jsonObjectSchema, message: z.string() }))
    .optional(),
});

export const ruleFailureSchema = z.object({
  id: z.string(),
  field: z.string().optional(),
  rule: z.string(),
  message: z.string(),
  severity: z.enum(['error', 'warning']),
  params: jsonObjectSchema.optional(),
});
/** One rule that an answer does not pass (format.md 12.2). */
export type RuleFailure = z.infer<typeof ruleFailureSchema>;

export const workflowResponseSchema = z.object({
  workflow_run_id: z.string().nullable(),
  status: responseStatusSchema,
  mode: executionModeSchema,
  replayed: z.boolean().optional(),
  engine: z.string(),
  message: z.string(),
  progress: progressSchema,
  interaction_request: interactionRequestSchema.optional(),
  result: z.unknown().optional(),
  error: storedErrorSchema.optional(),
  validation_errors: z.array(ruleFailureSchema),
  validation_warnings: z.array(ruleFailureSchema),
  branch_id: z.string().nullable(),
  last_seq: z.number().int(),
});
/** The answer of every execution route (api.md). */
export type WorkflowResponse = z.infer<typeof workflowResponseSchema>;
