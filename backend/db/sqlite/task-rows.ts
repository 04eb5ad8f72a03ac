import {
  type Clock,
  type Instant,
  instantIn,
  isHeld,
  type NewTask,
  queuedTask,
  type TaskHold,
  type TaskRow,
} from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { parseJson } from './json.ts';
import { requireRunNo } from './run-rows.ts';

/** Rows of `tasks` as SQLite holds them, and the way to ours and back. */

const taskColumns = `no, task, status, attempts, not_before, not_before_ms, not_before_boot, lease_owner, lease_until_ms,
  lease_boot, fence, expiries, submitting, operation, progress, result, error, reported, started_at, finished_at`;

interface SqlTask {
  no: number;
  task: string;
  status: TaskRow['status'];
  attempts: number;
  not_before: string;
  not_before_ms: number;
  not_before_boot: string;
  lease_owner: string | null;
  lease_until_ms: number | null;
  lease_boot: string | null;
  fence: number;
  expiries: number;
  submitting: number;
  operation: string | null;
  progress: string | null;
  result: string | null;
  error: string | null;
  reported: number;
  started_at: string | null;
  finished_at: string | null;
}

/** A task with what its row holds beside ours. */
export interface StoredTask {
  no: number;
  row: TaskRow;
  lease: { untilMs: number | null; boot: string | null };
  /** What `not_before` says, on both clocks. */
  ready: Instant;
}

/** The tasks that a condition finds; it may end in ORDER BY and LIMIT. */
export function findTasks(connection: Connection, where: string, ...values: (string | number | null)[]): StoredTask[] {
  return connection.all<SqlTask>(`SELECT ${taskColumns} FROM tasks WHERE ${where}`, ...values).map(toStored);
}

export function findTask(connection: Connection, taskId: string): StoredTask | undefined {
  return findTasks(connection, 'task_id = ?', taskId)[0];
}

/** The task when the holder may write to it. */
export function findHeld(connection: Connection, clock: Clock, { taskId, fence }: TaskHold): StoredTask | undefined {
  const task = findTask(connection, taskId);
  return task && isHeld(task.row, task.lease, fence, clock) ? task : undefined;
}

/** Adds a task, or answers the first one under its key; inside a write. Throws `run_not_found`. */
export function insertTask(connection: Connection, clock: Clock, task: NewTask): TaskRow {
  const runNo = requireRunNo(connection, task.workflow_run_id);
  const [known] = findTasks(connection, 'idempotency_key = ?', task.idempotency_key);
  if (known) return known.row;
  const ready = instantIn(clock);
  connection.run(
    `INSERT INTO tasks (task_id, run_no, idempotency_key, actor, provider, priority, created_at, task, status, attempts,
       not_before, not_before_ms, not_before_boot, fence, expiries, submitting, reported, settled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0, ?, ?, ?, 0, 0, 0, 0, 0)`,
    task.task_id,
    runNo,
    task.idempotency_key,
    task.actor,
    task.provider,
    task.priority,
    task.created_at,
    JSON.stringify(task),
    ready.at,
    ready.ms,
    ready.boot,
  );
  return queuedTask(task, ready.at);
}

/** Writes what may have changed when a task has moved; `lease` and `ready` only where they have. */
export function saveTask(
  connection: Connection,
  no: number,
  row: TaskRow,
  { lease, ready }: { lease?: StoredTask['lease']; ready?: Instant } = {},
): void {
  const more = [
    ...(lease ? ['lease_until_ms = ?, lease_boot = ?'] : []),
    ...(ready ? ['not_before = ?, not_before_ms = ?, not_before_boot = ?'] : []),
  ];
  connection.run(
    `UPDATE tasks SET ${[moved, ...more].join(', ')} WHERE no = ?`,
    row.status,
    row.attempts,
    row.lease_owner,
    row.fence,
    row.expiries,
    row.submitting ? 1 : 0,
    toJson(row.operation),
    toJson(row.result),
    toJson(row.error),
    row.started_at,
    row.finished_at,
    ...(lease ? [lease.untilMs, lease.boot] : []),
    ...(ready ? [ready.at, ready.ms, ready.boot] : []),
    no,
  );
}

const moved = `status = ?, attempts = ?, lease_owner = ?, fence = ?, expiries = ?, submitting = ?, operation = ?, result = ?,
  error = ?, started_at = ?, finished_at = ?`;

function toStored(sql: SqlTask): StoredTask {
  const row: TaskRow = {
    ...parseJson<NewTask>(sql.task),
    status: sql.status,
    attempts: sql.attempts,
    not_before: sql.not_before,
    lease_owner: sql.lease_owner,
    fence: sql.fence,
    expiries: sql.expiries,
    submitting: sql.submitting === 1,
    operation: fromJson(sql.operation),
    progress: fromJson(sql.progress),
    result: fromJson(sql.result),
    error: fromJson(sql.error),
    reported: sql.reported === 1,
    started_at: sql.started_at,
    finished_at: sql.finished_at,
  };
  return {
    no: sql.no,
    row,
    lease: { untilMs: sql.lease_until_ms, boot: sql.lease_boot },
    ready: { at: sql.not_before, ms: sql.not_before_ms, boot: sql.not_before_boot },
  };
}

function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function fromJson<T>(text: string | null): T | null {
  return text === null ? null : parseJson<T>(text);
}
