import { interactionRequestSchema, jsonObjectSchema } from '@wfm/workflow-engine/models';
import type { BranchRow } from '@wfm/workflow-engine/ports';
import { z } from 'zod';

/** Rows as pages see them, in the same shapes as on the production server. */

const branchSchema = z.object({
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
