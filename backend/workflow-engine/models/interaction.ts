import { z } from 'zod';
import { annotationSchema } from './annotation.ts';
import { jsonObjectSchema } from './json.ts';
import { retryOptionSchema, validationRuleSchema } from './workflow.ts';

/** Questions and answers (format.md 11). */

export const interactionTypes = [
  'select_from_structured',
  'review_grouped',
  'text_input',
  'form_input',
  'confirm',
  'file_input',
  'file_download',
  'media_generation',
] as const;
export type InteractionType = (typeof interactionTypes)[number];

const common = {
  interaction_id: z.string(),
  title: z.string(),
  help: z.string().optional(),
  step_context: z.object({
    step_id: z.string(),
    step_name: z.string(),
    module_name: z.string(),
    module_index: z.number().int(),
  }),
  data: z.unknown().optional(),
  schema: z.unknown().optional(),
  retryable: z.object({ default_option: z.string(), options: z.array(retryOptionSchema) }).optional(),
  sub_actions: z.array(jsonObjectSchema).optional(),
  annotations: z.record(z.string(), z.array(annotationSchema)).optional(),
  previous_answer: z.unknown().optional(),
  rules: z.object({ answer_schema: z.unknown().optional(), validations: z.array(validationRuleSchema) }),
  extra_options: z.array(jsonObjectSchema),
  context: jsonObjectSchema,
  /** For readers of older clients: `{ data, schema, multi_select?, mode?, retryable, sub_actions }`. */
  display_data: jsonObjectSchema.optional(),
};

const selection = {
  ...common,
  multi_select: z.boolean(),
  min_selections: z.number().int(),
  /** -1 means no limit. */
  max_selections: z.number().int(),
};

export const interactionRequestSchema = z.discriminatedUnion('interaction_type', [
  z.object({ interaction_type: z.literal('select_from_structured'), ...selection }),
  z.object({ interaction_type: z.literal('review_grouped'), ...selection }),
  z.object({
    interaction_type: z.literal('text_input'),
    ...common,
    default_value: z.string(),
    placeholder: z.string().optional(),
    allow_empty: z.boolean(),
    multiline: z.boolean(),
    validation: z
      .object({
        pattern: z.string(),
        separator: z.string().optional(),
        separator_is_regex: z.boolean().optional(),
        error: z.string().optional(),
        require_at_least_one_match: z.boolean().optional(),
      })
      .optional(),
  }),
  z.object({
    interaction_type: z.literal('form_input'),
    ...common,
    form_schema: z.unknown(),
    form_type: z.enum(['table', 'list', 'stack']),
    form_defaults: z.array(jsonObjectSchema),
  }),
  z.object({ interaction_type: z.literal('confirm'), ...common, message: z.string(), yes_label: z.string() }),
  z.object({
    interaction_type: z.literal('file_input'),
    ...common,
    extensions: z.array(z.string()),
    max_bytes: z.number(),
  }),
  z.object({
    interaction_type: z.literal('file_download'),
    ...common,
    file_name: z.string(),
    file_content: z.unknown(),
    file_content_type: z.enum(['text', 'json']),
    file_destination: z.enum(['root', 'ws']),
  }),
  z.object({
    interaction_type: z.literal('media_generation'),
    ...common,
    blocks: z.array(jsonObjectSchema),
    action_type: z.string(),
    generations: jsonObjectSchema,
  }),
]);
export type InteractionRequest = z.infer<typeof interactionRequestSchema>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** What a module returns; the engine adds who, where and which id. */
export type InteractionDraft = DistributiveOmit<
  InteractionRequest,
  | 'interaction_id'
  | 'step_context'
  | 'display_data'
  | 'retryable'
  | 'sub_actions'
  | 'previous_answer'
  | 'rules'
  | 'extra_options'
  | 'context'
  | 'annotations'
> & { extra_options?: Record<string, unknown>[]; context?: Record<string, unknown>; answer_schema?: unknown };

/** An answer as a client sends it. Unknown fields are dropped on intake. */
export const interactionAnswerSchema = z.object({
  action_id: z.string().optional(),
  cancelled: z.boolean().optional(),
  confirmed_warnings: z.array(z.string()).max(200).optional(),
  retry_requested: z.boolean().optional(),
  retry_feedback: z.string().max(100_000).nullish(),
  retry_groups: z.array(z.string()).max(1000).nullish(),
  jump_back_requested: z.boolean().optional(),
  jump_back_target: z.string().nullish(),
  custom_value: z.unknown().optional(),
  selected_indices: z.array(z.unknown()).optional(),
  selected_options: z.array(z.unknown()).optional(),
  value: z.unknown().optional(),
  form_data: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
  filename: z.string().max(255).optional(),
  file_written: z.boolean().optional(),
  file_path: z.string().max(1024).nullish(),
  file_error: z.string().max(10_000).nullish(),
  selected_content_id: z.string().nullish(),
  selected_content: z.unknown().optional(),
  generations: z.unknown().optional(),
});
export type InteractionAnswer = z.infer<typeof interactionAnswerSchema>;
