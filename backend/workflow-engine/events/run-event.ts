import { z } from 'zod';
import { executionModeSchema, storedErrorSchema } from '../models/execution.ts';
import { interactionRequestSchema } from '../models/interaction.ts';
import { jsonObjectSchema } from '../models/json.ts';

/** The events of a run (format.md 8): the only truth about it. One schema each; the types are inferred from them. */

export const warningSchema = z.object({
  code: z.string(),
  params: jsonObjectSchema,
  place: z.string().optional(),
  message: z.string(),
});
/** A warning that only a run can see; it rides on the module's events. */
export type Warning = z.infer<typeof warningSchema>;

export const originSchema = z.object({
  kind: z.enum(['executed', 'reused', 'answer_reapplied', 'mocked', 'pinned']),
  reason: z.string(),
  from: z.object({ branch_id: z.string(), seq: z.number().int() }).optional(),
  /** Which parts of what is compared differ from the record (format.md 10.9). */
  inputs: z.array(z.string()).optional(),
});
export type Origin = z.infer<typeof originSchema>;

export const usageSchema = z.object({
  input_tokens: z.number().optional(),
  output_tokens: z.number().optional(),
  total_tokens: z.number().optional(),
  cached_input_tokens: z.number().optional(),
  reasoning_tokens: z.number().optional(),
  /** US dollars; absent where the price is not known. */
  cost_usd: z.number().optional(),
  calls: z.number().int().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/** A value kept by reference because it is over 256 KiB: the hash of its JSON, to be read from the content store. */
export const valueRefSchema = z.object({ sha256: z.string(), bytes: z.number().int() });
export type ValueRef = z.infer<typeof valueRefSchema>;

const envelope = {
  workflow_run_id: z.string(),
  branch_id: z.string(),
  seq: z.number().int().min(0),
  /** ISO 8601, UTC. */
  time: z.string(),
  version_id: z.string(),
  step_id: z.string().optional(),
  module_name: z.string().optional(),
  attempt: z.number().int().optional(),
};

const target = z.object({ step_id: z.string(), module_name: z.string() });

function event<T extends string, D extends z.ZodType>(type: T, data: D) {
  return z.looseObject({ ...envelope, type: z.literal(type), data });
}

export const runEventSchema = z.discriminatedUnion('type', [
  event(
    'workflow_created',
    z.looseObject({
      project_name: z.string(),
      template_id: z.string().optional(),
      template_name: z.string(),
      initial_state: jsonObjectSchema,
      config: jsonObjectSchema,
      mode: executionModeSchema,
      ai_config: jsonObjectSchema,
      /** As the start named them (format.md 20). */
      capabilities: z.array(z.string()).optional(),
      parent: z
        .looseObject({
          workflow_run_id: z.string(),
          interaction_id: z.string(),
          sub_action_id: z.string(),
          /** The parent's branch on which the sub-action was started. */
          branch_id: z.string().optional(),
          kind: z.enum(['self', 'target']).optional(),
          /** What the person said; a turn of the conversation of every module of the child (format.md 12.4). */
          feedback: z.string().optional(),
        })
        .optional(),
    }),
  ),
  event('workflow_resumed', z.looseObject({ reason: z.enum(['user', 'crash', 'error']), by: z.string() })),
  event(
    'workflow_completed',
    z.looseObject({ result: jsonObjectSchema.optional(), result_ref: valueRefSchema.optional() }),
  ),
  event('workflow_error', z.looseObject({ error: storedErrorSchema })),
  event('workflow_cancelled', z.looseObject({ by: z.string(), reason: z.string().optional() })),
  event(
    'branch_created',
    z.looseObject({
      kind: z.enum(['retry', 'jump', 'reopen', 'reconcile']),
      parent_branch_id: z.string(),
      fork_seq: z.number().int(),
      state_seq: z.number().int().optional(),
      target: target.optional(),
      feedback: z.string().optional(),
      groups: z.array(z.string()).optional(),
      option_id: z.string().optional(),
      plan_id: z.string().optional(),
      inputs_override: jsonObjectSchema.optional(),
      /** Of a reopened question: what was answered before, offered and never applied. */
      previous_answer: jsonObjectSchema.optional(),
      /** Of a reconciled line: false asks every question again. */
      auto_reapply: z.boolean().optional(),
      /** Of a reconciled line: paths of modules that run again whatever holds. */
      force: z.array(z.string()).optional(),
    }),
  ),
  event('branch_resumed', z.looseObject({ by: z.string() })),
  event(
    'version_switched',
    z.looseObject({
      from: z.string(),
      to: z.string(),
      plan_id: z.string(),
      /** What the new version starts from, where it differs; the line is then forked at event 0. */
      initial_state: jsonObjectSchema.optional(),
      config: jsonObjectSchema.optional(),
    }),
  ),
  event('step_started', z.looseObject({ index: z.number().int(), name: z.string() })),
  event('step_completed', z.looseObject({ index: z.number().int(), name: z.string() })),
  event(
    'module_started',
    z.looseObject({
      module_id: z.string(),
      revision: z.number().int(),
      kind: z.enum(['compute', 'effect', 'interactive', 'job']),
      index: z.number().int(),
      input_hash: z.string(),
      /** Names of inputs edited by hand, for this execution alone (format.md 10.5). */
      edited_inputs: z.array(z.string()).optional(),
      inputs: jsonObjectSchema.optional(),
      inputs_ref: valueRefSchema.optional(),
      reason: z.string(),
      /** Which parts of the key differ from the record that it might have reused (format.md 10.9). */
      inputs_changed: z.array(z.string()).optional(),
      /** Digests of what the module reads besides its inputs, by name (format.md 10.6). */
      reads: z.record(z.string(), z.string()).optional(),
      warnings: z.array(warningSchema),
    }),
  ),
  event(
    'module_completed',
    z.looseObject({
      outputs: jsonObjectSchema.optional(),
      outputs_ref: valueRefSchema.optional(),
      /** Root keys of flat state as they are after this module; absent with `state_mapped_ref`. */
      state_mapped: jsonObjectSchema.optional(),
      state_mapped_ref: valueRefSchema.optional(),
      input_hash: z.string(),
      /** Of a reused record, which has no `module_started` of its own: what it was, when it began, and digests of its key. */
      module_id: z.string().optional(),
      revision: z.number().int().optional(),
      started_at: z.string().optional(),
      parts: z.record(z.string(), z.string()).optional(),
      origin: originSchema,
      duration_ms: z.number(),
      usage: usageSchema.optional(),
      warnings: z.array(warningSchema),
    }),
  ),
  event('module_error', z.looseObject({ error: storedErrorSchema, attempt: z.number().int(), transient: z.boolean() })),
  event(
    'interaction_requested',
    z.looseObject({
      interaction_id: z.string(),
      module_id: z.string(),
      /** Absent with `request_ref`. */
      request: interactionRequestSchema.optional(),
      request_ref: valueRefSchema.optional(),
      question_hash: z.string(),
      prepared: z.unknown().optional(),
      prepared_ref: valueRefSchema.optional(),
      previous_answer: z.unknown().optional(),
      /** On a reconciled line: why an earlier answer does not stand (format.md 10.9, `asked_again`). */
      reason: z.string().optional(),
      /** Which parts of the question differ from the one that was answered. */
      inputs_changed: z.array(z.string()).optional(),
    }),
  ),
  event(
    'interaction_response',
    z.looseObject({
      interaction_id: z.string(),
      response: jsonObjectSchema,
      action_id: z.string(),
      by: z.string(),
      idempotency_key: z.string().optional(),
      origin: originSchema,
      /** What intake and rules have to say about it; told again when the module completes. */
      warnings: z.array(warningSchema).optional(),
    }),
  ),
  event('retry_requested', departure()),
  event('jump_requested', departure()),
  event(
    'sub_action_started',
    z.looseObject({
      interaction_id: z.string(),
      sub_action_id: z.string(),
      execution_id: z.string(),
      params: jsonObjectSchema,
      expected: z.number().int(),
      feedback: z.string().optional(),
      idempotency_key: z.string().optional(),
    }),
  ),
  event(
    'sub_action_completed',
    z.looseObject({
      interaction_id: z.string(),
      sub_action_id: z.string(),
      execution_id: z.string(),
      child_run_id: z.string().optional(),
      result: z.unknown(),
      result_ref: valueRefSchema.optional(),
      /** Absent with `state_mapped_ref`. */
      state_mapped: jsonObjectSchema.optional(),
      state_mapped_ref: valueRefSchema.optional(),
      late: z.boolean().optional(),
      usage: usageSchema.optional(),
      warnings: z.array(warningSchema).optional(),
    }),
  ),
  event(
    'sub_action_failed',
    z.looseObject({
      interaction_id: z.string(),
      sub_action_id: z.string(),
      execution_id: z.string(),
      error: storedErrorSchema,
    }),
  ),
  event(
    'task_enqueued',
    z.looseObject({
      task_id: z.string(),
      actor: z.string(),
      purpose: z.enum(['module', 'sub_action']),
      idempotency_key: z.string(),
      /** What the module noticed; told again when it completes. */
      warnings: z.array(warningSchema).optional(),
    }),
  ),
  event(
    'task_finished',
    z.looseObject({
      task_id: z.string(),
      status: z.enum(['succeeded', 'failed', 'cancelled']),
      result: z.unknown().optional(),
      error: storedErrorSchema.optional(),
    }),
  ),
]);

function departure() {
  return z.looseObject({
    interaction_id: z.string().optional(),
    target,
    feedback: z.string().optional(),
    groups: z.array(z.string()).optional(),
    option_id: z.string().optional(),
    inputs_override: jsonObjectSchema.optional(),
    /** A jump back to a question, which is open again as it was (format.md 9.7). */
    kind: z.literal('reopen').optional(),
    previous_answer: jsonObjectSchema.optional(),
    new_branch_id: z.string(),
    /** Where the new branch forks, decided when the branch is left, so that creating it is mechanical. */
    fork_seq: z.number().int(),
    idempotency_key: z.string().optional(),
    by: z.string(),
  });
}

export type RunEvent = z.infer<typeof runEventSchema>;
export type EventType = RunEvent['type'];
/** The event of one type. */
export type EventOf<T extends EventType> = Extract<RunEvent, { type: T }>;
/** An event before the log gives it run, branch, seq, version and time. */
export type EventDraft = {
  [T in EventType]: Pick<EventOf<T>, 'type' | 'data' | 'step_id' | 'module_name' | 'attempt'>;
}[EventType];
