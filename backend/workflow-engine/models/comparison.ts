import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';

/** What comparing two lines of events says (format.md 9.11). */

/** Why two lines part at a module. */
const partingSchema = z.enum(['missing', 'inputs', 'answer', 'error', 'outputs']);

const changeSchema = z.object({
  type: z.enum(['added', 'removed', 'changed']),
  /** `result[2].name`; empty for the whole value. */
  path: z.string(),
  a: z.unknown().optional(),
  b: z.unknown().optional(),
});

const usageSchema = z.object({
  input_tokens: z.number().optional(),
  output_tokens: z.number().optional(),
  total_tokens: z.number().optional(),
  cached_input_tokens: z.number().optional(),
  reasoning_tokens: z.number().optional(),
  /** US dollars. */
  cost_usd: z.number().optional(),
  calls: z.number().int().optional(),
});

/** One line's side of a module. */
const sideSchema = z.object({
  status: z.enum(['started', 'asked', 'answered', 'waiting', 'task_finished', 'completed', 'failed']),
  /** How often it was begun after the common point. */
  tries: z.number().int(),
  input_hash: z.string().nullable(),
  /** Names of inputs edited by hand (format.md 10.5). */
  edited_inputs: z.array(z.string()),
  origin: jsonObjectSchema.nullable(),
  answer: z.object({ response: z.unknown(), action_id: z.string() }).nullable(),
  outputs_hash: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  usage: usageSchema,
  duration_ms: z.number(),
});

const pairSchema = z.object({
  step_id: z.string(),
  module_name: z.string(),
  module_id: z.string(),
  a: sideSchema.nullable(),
  b: sideSchema.nullable(),
  /** How the sides differ; empty where they do not. */
  parts: z.array(partingSchema),
  /** Values over 2 KB as `sha256:<hex>`, here and in changes. */
  inputs: z.array(z.object({ name: z.string(), a: z.unknown(), b: z.unknown() })),
  /** Where the outputs differ, and how many changes more there are; null where they are equal, or too large for it. */
  outputs: z.object({ changes: z.array(changeSchema), more: z.number().int() }).nullable(),
});

const lineSchema = z.object({
  last_seq: z.number().int(),
  /** What made the line, where that lies after the common point. */
  fork: z
    .object({
      kind: z.string(),
      target: z.unknown(),
      feedback: z.string().nullable(),
      inputs_override: z.unknown(),
    })
    .nullable(),
  /** Since the common point; what was reused costs nothing again. */
  usage: usageSchema,
  duration_ms: z.number(),
});

export const lineComparisonSchema = z.object({
  /** The last event that both lines share; -1 for two runs. */
  common_seq: z.number().int(),
  first_difference: z.object({ step_id: z.string(), module_name: z.string(), reason: partingSchema }).nullable(),
  /** Modules with events after the common point, in order. */
  modules: z.array(pairSchema),
  a: lineSchema,
  b: lineSchema,
});
export type LineComparison = z.infer<typeof lineComparisonSchema>;
