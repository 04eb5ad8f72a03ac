import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';

/** The definition as resolved: every `$ref` spliced in (format.md 2). Unknown keys are kept; format decides what they mean. */

export const validationRuleSchema = z.looseObject({
  id: z.string(),
  rule: z.string(),
  field: z.string().optional(),
  severity: z.enum(['error', 'warning']).default('error'),
  message: z.string().default(''),
  validator: z.array(z.enum(['webui', 'server'])).default(['webui', 'server']),
  value: z.unknown().optional(),
  min: z.number().optional(),
});
export type ValidationRule = z.infer<typeof validationRuleSchema>;

export const retryOptionSchema = z.looseObject({
  id: z.string().min(1),
  mode: z.enum(['continue', 'retry', 'jump']),
  label: z.string().default(''),
  shortcut: z.string().optional(),
  hidden: z.boolean().optional(),
  target_step: z.string().optional(),
  target_module: z.string().optional(),
  feedback: z
    .looseObject({
      enabled: z.boolean().default(false),
      prompt: z.string().optional(),
      default_message: z.string().optional(),
    })
    .optional(),
  validations: z.array(validationRuleSchema).optional(),
});
export type RetryOption = z.infer<typeof retryOptionSchema>;

export const retryableSchema = z.looseObject({
  default_option: z.string().optional(),
  options: z.array(retryOptionSchema).default([]),
});
export type Retryable = z.infer<typeof retryableSchema>;

export const moduleSchema = z.looseObject({
  module_id: z.string().min(1),
  name: z.string().min(1).optional(),
  inputs: jsonObjectSchema.default({}),
  outputs_to_state: z.record(z.string(), z.string()).default({}),
  retryable: retryableSchema.optional(),
  sub_actions: z.array(jsonObjectSchema).optional(),
  addons: z.array(jsonObjectSchema).optional(),
  mock_output: jsonObjectSchema.optional(),
});
export type ModuleNode = z.infer<typeof moduleSchema>;

export const stepSchema = z.looseObject({
  step_id: z.string().min(1),
  name: z.string().optional(),
  description: z.string().optional(),
  modules: z.array(moduleSchema),
});
export type StepNode = z.infer<typeof stepSchema>;

export const statusDisplaySchema = z.looseObject({
  fields: z.array(z.looseObject({ id: z.string(), label: z.string().default(''), value: z.string() })).default([]),
  layout: z.array(z.array(z.string())).default([]),
});
export type StatusDisplay = z.infer<typeof statusDisplaySchema>;

export const workflowSchema = z.looseObject({
  format: z.union([z.literal(1), z.literal(2)]).default(1),
  workflow_id: z.string().min(1).max(128),
  name: z.string().optional(),
  description: z.string().optional(),
  version: z.string().optional(),
  initial_state: jsonObjectSchema.default({}),
  config: jsonObjectSchema.default({}),
  status_display: statusDisplaySchema.optional(),
  steps: z.array(stepSchema),
});
/** A resolved definition that has the right shape. */
export type Workflow = z.infer<typeof workflowSchema>;
