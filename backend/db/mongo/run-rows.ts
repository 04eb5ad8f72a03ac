import type { RunRow } from '@wfm/workflow-engine/ports';
import type { StoredLease } from '@wfm/workflow-engine/ports';
import type { RunDoc } from './documents.ts';
import { parseJson } from './packing.ts';

/** The row as the port has it. */
export function toRunRow(doc: RunDoc): RunRow {
  return {
    workflow_run_id: doc._id,
    user_id: doc.user_id,
    template_id: doc.template_id,
    template_name: doc.template_name,
    version_id: doc.version_id,
    project_name: doc.project_name,
    active_name: doc.active_name,
    parent_run_id: doc.parent_run_id,
    mode: doc.mode,
    engine: doc.engine,
    status: doc.status,
    current_branch_id: doc.current_branch_id,
    last_seq: doc.last_seq,
    progress: parseJson(doc.progress),
    status_fields: parseJson(doc.status_fields),
    error: doc.error === null ? null : parseJson(doc.error),
    interaction_id: doc.interaction_id,
    fence: doc.fence,
    executor: doc.executor,
    created_at: doc.created_at,
    updated_at: doc.updated_at,
  };
}

export function leaseOf(doc: RunDoc): StoredLease {
  return { executor: doc.executor, untilMs: doc.lease_until_ms, boot: doc.lease_boot };
}
