import { jsonObjectSchema, progressSchema, runStatuses, storedErrorSchema } from '@wfm/workflow-engine/models';
import type { BranchRow, RunRow } from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import { usageSchema } from './common.ts';

export const runSchema = z.object({
  workflow_run_id: z.string(),
  project_name: z.string(),
  template_id: z.string().nullable(),
  template_name: z.string(),
  version_id: z.string(),
  status: z.enum(runStatuses),
  mode: z.enum(['real', 'mock']),
  engine: z.string(),
  branch_id: z.string(),
  last_seq: z.number().int(),
  progress: progressSchema,
  status_fields: z.array(z.object({ id: z.string(), label: z.string(), value: z.string() })),
  error: storedErrorSchema.nullable(),
  /** The open question, or null. */
  interaction_id: z.string().nullable(),
  /** False once another run has taken the name over, and after the end. */
  active: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** A run as lists show it. */
export function runView(run: RunRow): z.output<typeof runSchema> {
  return {
    workflow_run_id: run.workflow_run_id,
    project_name: run.project_name,
    template_id: run.template_id,
    template_name: run.template_name,
    version_id: run.version_id,
    status: run.status,
    mode: run.mode,
    engine: run.engine,
    branch_id: run.current_branch_id,
    last_seq: run.last_seq,
    progress: run.progress,
    status_fields: run.status_fields,
    error: run.error,
    interaction_id: run.interaction_id,
    active: run.active_name !== null,
    created_at: run.created_at,
    updated_at: run.updated_at,
  };
}

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

export function branchView(branch: BranchRow, currentBranchId: string): z.output<typeof branchSchema> {
  return {
    branch_id: branch.branch_id,
    parent_branch_id: branch.parent_branch_id,
    fork_seq: branch.fork_seq,
    last_seq: branch.last_seq,
    kind: branch.kind,
    name: branch.name,
    current: branch.branch_id === currentBranchId,
    created_at: branch.created_at,
  };
}

/** A run without its values: what a page shows beside the question. */
export const overviewSchema = z.object({
  run: runSchema,
  branch_id: z.string(),
  last_seq: z.number().int(),
  modules: z.array(
    z.object({
      step_id: z.string(),
      module_name: z.string(),
      phase: z.enum(['started', 'asked', 'answered', 'waiting', 'task_finished', 'completed', 'failed']),
      attempt: z.number().int(),
      started_seq: z.number().int(),
      started_at: z.string(),
      ended_at: z.string().nullable(),
      duration_ms: z.number().nullable(),
      reason: z.string().nullable(),
      origin: jsonObjectSchema.nullable(),
      edited_inputs: z.array(z.string()),
      usage: usageSchema.nullable(),
      warnings: z.array(
        z.object({ code: z.string(), params: jsonObjectSchema, place: z.string().optional(), message: z.string() }),
      ),
    }),
  ),
  executions: z.array(
    z.object({
      execution_id: z.string(),
      sub_action_id: z.string(),
      interaction_id: z.string(),
      params: jsonObjectSchema,
      expected: z.number().int(),
      started_at: z.string(),
      ended_at: z.string().nullable(),
      status: z.enum(['running', 'completed', 'late', 'failed']),
      error: storedErrorSchema.nullable(),
    }),
  ),
});
