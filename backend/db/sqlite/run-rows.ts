import { branchNotFoundError, type RunRow, runNotFoundError, type StoredLease } from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { parseJson } from './json.ts';

/** Rows of `runs` and `branches` as SQLite holds them, and the way to ours. */

export const runColumns = `workflow_run_id, user_id, template_id, template_name, version_id, project_name, active_name,
  parent_run_id, mode, engine, status, current_branch_id, last_seq, progress, status_fields, error, interaction_id, fence,
  executor, created_at, updated_at`;

type Json = 'progress' | 'status_fields' | 'error';
export type SqlRun = Omit<RunRow, Json> & { progress: string; status_fields: string; error: string | null };

export function toRunRow(row: SqlRun): RunRow {
  return {
    ...row,
    progress: parseJson(row.progress),
    status_fields: parseJson(row.status_fields),
    error: row.error === null ? null : parseJson(row.error),
  };
}

/** The part of a run that every append looks at; kept small, since it is read for each. */
export interface RunHead {
  no: number;
  status: string;
  interaction_id: string | null;
  current_branch_id: string;
  current_branch_no: number;
  last_seq: number;
  event_count: number;
  branch_count: number;
  fence: number;
  executor: string | null;
  lease_until_ms: number | null;
  lease_boot: string | null;
  updated_minute: string;
}

const headSql = `SELECT no, status, interaction_id, current_branch_id, current_branch_no, last_seq, event_count,
  branch_count, fence, executor, lease_until_ms, lease_boot, updated_minute FROM runs WHERE workflow_run_id = ?`;

/** The run's head; throws `run_not_found`. */
export function requireHead(connection: Connection, runId: string): RunHead {
  const head = connection.getRaw<RunHead>(headSql, runId);
  if (!head) throw runNotFoundError(runId);
  return head;
}

/** What a run is called, for whom, and whether it holds that name. */
export interface RunNames {
  no: number;
  user_id: string;
  template_key: string;
  template_name: string;
  project_name: string;
  active_name: string | null;
  parent_run_id: string | null;
}

/** The run's names; throws `run_not_found`. */
export function requireNames(connection: Connection, runId: string): RunNames {
  const names = connection.get<RunNames>(
    `SELECT no, user_id, template_key, template_name, project_name, active_name, parent_run_id FROM runs
      WHERE workflow_run_id = ?`,
    runId,
  );
  if (!names) throw runNotFoundError(runId);
  return names;
}

/** True when no other run of that user and template holds the name. */
export function isNameFree(connection: Connection, names: RunNames, projectName: string): boolean {
  const holder = connection.get(
    'SELECT no FROM runs WHERE user_id = ? AND template_key = ? AND active_name = ?',
    names.user_id,
    names.template_key,
    projectName,
  );
  return holder === undefined;
}

/** The run's number; throws `run_not_found`. */
export function requireRunNo(connection: Connection, runId: string): number {
  const row = connection.get<{ no: number }>('SELECT no FROM runs WHERE workflow_run_id = ?', runId);
  if (!row) throw runNotFoundError(runId);
  return row.no;
}

export function leaseOf(head: RunHead): StoredLease {
  return { executor: head.executor, untilMs: head.lease_until_ms, boot: head.lease_boot };
}

export interface SqlBranch {
  no: number;
  branch_id: string;
  parent_no: number | null;
  /** As text, for `lineSegments`. */
  parent_branch_id: string | null;
  fork_seq: number;
}

const branchSql =
  'SELECT no, branch_id, parent_no, CAST(parent_no AS TEXT) AS parent_branch_id, fork_seq FROM branches';

/** The branch of a run; throws `branch_not_found`. */
export function requireBranch(connection: Connection, runNo: number, branchId: string): SqlBranch {
  const branch = connection.get<SqlBranch>(`${branchSql} WHERE run_no = ? AND branch_id = ?`, runNo, branchId);
  if (!branch) throw branchNotFoundError(branchId);
  return branch;
}

/** A branch by its number, given as text. */
export function branchByNo(connection: Connection, no: string): SqlBranch | undefined {
  return connection.get<SqlBranch>(`${branchSql} WHERE no = ?`, Number(no));
}

/** `batches.id` of a batch whose first event is `seq`; a run's 100 000 events fit into 2^20. */
export function batchId(branchNo: number, seq: number): number {
  return branchNo * 2 ** 20 + seq;
}

/** `seq` of a batch's first event. */
function firstSeqOf(id: number): number {
  return id % 2 ** 20;
}

/** Last `seq` of a branch's line. */
export function lastSeqOf(connection: Connection, branch: Pick<SqlBranch, 'no' | 'fork_seq'>): number {
  const last = connection.get<{ id: number; count: number }>(
    'SELECT id, count FROM batches WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1',
    batchId(branch.no, 0),
    batchId(branch.no + 1, 0),
  );
  return last ? firstSeqOf(last.id) + last.count - 1 : branch.fork_seq;
}
