import { savedPreviewSchema } from '@wfm/workflow-engine/mock';
import { interactionRequestSchema, jsonObjectSchema, virtualWorkflowResponseSchema } from '@wfm/workflow-engine/models';
import type { BranchRow } from '@wfm/workflow-engine/ports';
import { z } from 'zod';

/** Rows as pages see them, in the same shapes as on the production server. */

export const branchSchema = z.object({
  branch_id: z.string(),
  parent_branch_id: z.string().nullable(),
  fork_seq: z.number().int(),
  last_seq: z.number().int(),
  kind: z.string(),
  name: z.string().nullable(),
  current: z.boolean(),
  created_at: z.string(),
});

export const branchesSchema = z.object({ items: z.array(branchSchema), next_cursor: z.null() });

/** A branch, and the state in which it has its new name. */
export const namedBranchSchema = branchSchema.extend({ virtual_run_id: z.string(), virtual_db: z.string() });

export function branchView(branch: BranchRow, currentBranchId: string): z.output<typeof branchSchema> {
  const { workflow_run_id: _runId, ...row } = branch;
  return { ...row, current: branch.branch_id === currentBranchId };
}

export const historySchema = z.object({
  items: z.array(
    z.object({
      interaction_id: z.string(),
      step_id: z.string(),
      module_name: z.string(),
      request: interactionRequestSchema,
      requested_at: z.string(),
      status: z.enum(['open', 'answered', 'left', 'closed']),
      response: jsonObjectSchema.nullable(),
      action_id: z.string().nullable(),
      answered_at: z.string().nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

/** A preview of a production run, and what it was made from. */
export const openedSchema = virtualWorkflowResponseSchema.extend({
  definition: jsonObjectSchema,
  branches: z.array(branchSchema),
  /** The last event that was taken. */
  opened: z.object({ branch_id: z.string(), seq: z.number().int() }),
});

/** A preview in a file, and what a person should know of it. */
export const exportedSchema = z.object({
  /** The content of the file that `wfm replay` takes. */
  preview: savedPreviewSchema,
  /** Places from which a secret was removed. */
  redacted: z.array(z.string()),
  /** Modules that come out otherwise when all happens at one instant, `step/module`. */
  differs: z.array(z.string()),
});
