import {
  assertDense,
  assertRoom,
  type CallRecord,
  type CreateRun,
  callUsage,
  conflictError,
  type KeptValue,
  type RunRow,
  type RunStore,
  searchText,
  takesActiveName,
  templateKey,
} from '@wfm/workflow-engine/ports';
import type { RunEvent } from '@wfm/workflow-engine/events';
import type { Connection } from './connection.ts';
import type { SqliteContext } from './context.ts';
import { claimLease } from './run-lease.ts';
import { batchId, requireHead, runColumns, type SqlRun, toRunRow } from './run-rows.ts';
import { insertTask } from './task-rows.ts';

/** `RunStore.create`, inside a write. */
export function createRun(
  { connection, clock }: SqliteContext,
  params: CreateRun,
): Awaited<ReturnType<RunStore['create']>> {
  const { run, branch_id: branchId, events } = params;
  const key = templateKey(run);
  const holder =
    run.parent_run_id === null
      ? findRun(connection, 'user_id = ? AND template_key = ? AND active_name = ?', run.user_id, key, run.project_name)
      : undefined;
  const started =
    params.idempotencyKey === undefined
      ? undefined
      : findRun(connection, 'user_id = ? AND idempotency_key = ?', run.user_id, params.idempotencyKey);
  const earlier = started ?? (params.forceNew ? undefined : holder);
  if (earlier) return { created: false, run: earlier, fence: null };

  const runId = run.workflow_run_id;
  const known = connection.get<{ last_seq: number }>('SELECT last_seq FROM runs WHERE workflow_run_id = ?', runId);
  if (known) throw conflictError(runId, -1, known.last_seq);
  assertDense(events, { runId, branchId, afterSeq: -1 });
  assertRoom({ events, storedEvents: 0, storedBranches: 0, newBranch: true });
  if (holder) connection.run('UPDATE runs SET active_name = NULL WHERE workflow_run_id = ?', holder.workflow_run_id);
  const lastSeq = events.length - 1;
  const activeName = takesActiveName(run) ? run.project_name : null;
  const { rowId: runNo } = connection.run(
    `INSERT INTO runs (workflow_run_id, user_id, template_id, template_key, template_name, version_id, project_name,
       active_name, parent_run_id, mode, engine, status, current_branch_id, current_branch_no, last_seq, event_count,
       branch_count, progress, status_fields, error, interaction_id, fence, search, idempotency_key, created_at, updated_at,
       updated_minute)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 1, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`,
    runId,
    run.user_id,
    run.template_id,
    key,
    run.template_name,
    run.version_id,
    run.project_name,
    activeName,
    run.parent_run_id,
    run.mode,
    run.engine,
    run.status,
    branchId,
    lastSeq,
    events.length,
    JSON.stringify(run.progress),
    JSON.stringify(run.status_fields),
    run.error === null ? null : JSON.stringify(run.error),
    run.interaction_id,
    searchText(run),
    params.idempotencyKey ?? null,
    run.created_at,
    run.updated_at,
    minuteOf(run.updated_at),
  );
  const { rowId: branchNo } = connection.run(
    "INSERT INTO branches (run_no, branch_id, parent_no, fork_seq, kind, name, created_at) VALUES (?, ?, NULL, -1, 'first', NULL, ?)",
    runNo,
    branchId,
    run.created_at,
  );
  connection.run('UPDATE runs SET current_branch_no = ? WHERE no = ?', branchNo, runNo);
  insertBatch(connection, branchNo, events);
  insertCalls(connection, runNo, params.calls ?? []);
  insertValues(connection, runNo, params.values ?? []);
  for (const task of params.tasks ?? []) insertTask(connection, clock, task);
  const fence = params.claim ? claimLease(connection, clock, requireHead(connection, runId), params.claim) : null;
  const row: RunRow = {
    ...run,
    active_name: activeName,
    current_branch_id: branchId,
    last_seq: lastSeq,
    fence: fence ?? 0,
    executor: fence === null ? null : (params.claim?.executor ?? null),
  };
  return { created: true, run: row, fence };
}

/** Stores one append as one row; nothing for no events. */
export function insertBatch(connection: Connection, branchNo: number, events: readonly RunEvent[]): void {
  const first = events[0];
  if (!first) return;
  connection.run(
    'INSERT INTO batches (id, count, events) VALUES (?, ?, ?)',
    batchId(branchNo, first.seq),
    events.length,
    JSON.stringify(events),
  );
}

export function insertCalls(connection: Connection, runNo: number, calls: readonly CallRecord[]): void {
  for (const call of calls) {
    const usage = callUsage(call);
    connection.run(
      `INSERT INTO calls (run_no, provider, target, created_at, input_tokens, output_tokens, total_tokens,
         cached_input_tokens, reasoning_tokens, cost_usd, calls, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      runNo,
      call.provider,
      call.target,
      call.created_at,
      usage.input_tokens ?? null,
      usage.output_tokens ?? null,
      usage.total_tokens ?? null,
      usage.cached_input_tokens ?? null,
      usage.reasoning_tokens ?? null,
      usage.cost_usd ?? null,
      usage.calls ?? null,
      JSON.stringify(call),
    );
  }
}

export function insertValues(connection: Connection, runNo: number, values: readonly KeptValue[]): void {
  for (const { sha256, json } of values) {
    connection.run('INSERT OR IGNORE INTO run_values (run_no, sha256, json) VALUES (?, ?, ?)', runNo, sha256, json);
  }
}

/** To the minute; see 0001-runs. */
export function minuteOf(time: string): string {
  return time.slice(0, 16);
}

function findRun(connection: Connection, where: string, ...values: string[]): RunRow | undefined {
  const row = connection.get<SqlRun>(`SELECT ${runColumns} FROM runs WHERE ${where}`, ...values);
  return row && toRunRow(row);
}
