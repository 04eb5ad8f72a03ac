import {
  type ClaimTask,
  type Clock,
  claimedTask,
  instantIn,
  rateWindowMs,
  type TaskRow,
} from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { findTasks, saveTask, type StoredTask } from './task-rows.ts';

/** Which task comes first, and taking it. Each look goes by an index that holds live tasks alone. */

interface Candidate {
  no: number;
  priority: number;
  created_at: string;
}

/** True once `not_before` has come; binds boot, monotonic ms, boot, wall time. */
const isReady = `((not_before_boot = ? AND not_before_ms <= ?) OR (not_before_boot <> ? AND not_before <= ?))`;

const inOrder = 'ORDER BY priority DESC, created_at, no LIMIT 1';

/** Leases the task that comes first; inside a write. */
export function claimTask(connection: Connection, clock: Clock, params: ClaimTask): TaskRow | null {
  const first = firstClaimable(connection, clock, params);
  const [task] = first ? findTasks(connection, 'no = ?', first.no) : [];
  if (!task) return null;
  const row = claimedTask(task.row, params.worker, clock.now().toISOString());
  const lease = { untilMs: clock.monotonicMs() + params.leaseMs, boot: clock.bootId };
  saveTask(connection, task.no, row, { lease });
  if (task.row.operation === null && limitOf(params.limits, row.provider)?.perMinute !== undefined)
    noteStart(connection, clock, row);
  return row;
}

/** What `claimTask` would take. */
export function firstClaimable(connection: Connection, clock: Clock, params: ClaimTask): Candidate | undefined {
  let first: Candidate | undefined;
  for (const provider of waitingProviders(connection)) {
    const found = firstOfProvider(connection, clock, params, provider);
    if (found && (!first || comesBefore(found, first))) first = found;
  }
  return first;
}

function comesBefore(a: Candidate, b: Candidate): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  return a.created_at === b.created_at ? a.no < b.no : a.created_at < b.created_at;
}

/** Providers that tasks wait for: one seek each, however many tasks there are. */
function waitingProviders(connection: Connection): string[] {
  const rows = connection.all<{ provider: string }>(
    `WITH RECURSIVE waiting (provider) AS (
       SELECT min(provider) FROM tasks WHERE status = 'queued'
       UNION ALL
       SELECT (SELECT min(t.provider) FROM tasks t WHERE t.status = 'queued' AND t.provider > waiting.provider)
         FROM waiting WHERE waiting.provider IS NOT NULL)
     SELECT provider FROM waiting WHERE provider IS NOT NULL`,
  );
  return rows.map(({ provider }) => provider);
}

function firstOfProvider(
  connection: Connection,
  clock: Clock,
  params: ClaimTask,
  provider: string,
): Candidate | undefined {
  const { busy, rated } = loadOf(connection, clock, provider, params.limits);
  const actors = params.actors ? JSON.stringify(params.actors) : null;
  const open = `provider = ? AND status = 'queued' AND ${isReady} AND (? IS NULL OR actor IN (SELECT value FROM json_each(?)))`;
  const values = [provider, ...readyValues(clock), actors, actors];
  // At its limit, a provider goes on with what has its place already.
  const held = busy || rated;
  const where = held ? `holds = 1 AND ${open} AND (? = 0 OR operation IS NOT NULL)` : open;
  // Named, since the planner knows nothing of how few hold a place and how many wait.
  const index = held ? 'tasks_holding' : 'tasks_queued';
  return connection.get<Candidate>(
    `SELECT no, priority, created_at FROM tasks INDEXED BY ${index} WHERE ${where} ${inOrder}`,
    ...values,
    ...(held ? [rated ? 1 : 0] : []),
  );
}

/** Whether a provider is at its limits. */
export function loadOf(
  connection: Connection,
  clock: Clock,
  provider: string,
  limits: ClaimTask['limits'],
): { busy: boolean; rated: boolean } {
  const limit = limitOf(limits, provider);
  if (!limit) return { busy: false, rated: false };
  const holding = countOf(connection, 'SELECT count(*) AS n FROM tasks WHERE holds = 1 AND provider = ?', provider);
  const rated =
    limit.perMinute !== undefined &&
    countOf(
      connection,
      `SELECT count(*) AS n FROM task_starts WHERE provider = ? AND ${isRecent}`,
      provider,
      ...recentValues(clock),
    ) >= limit.perMinute;
  return { busy: holding >= limit.atOnce, rated };
}

/** How many tasks of the same provider come before this one. */
export function countAhead(connection: Connection, { no, row }: StoredTask): number {
  return countOf(
    connection,
    `SELECT count(*) AS n FROM tasks WHERE provider = ?1 AND status = 'queued' AND holds = 0
        AND (priority > ?2 OR (priority = ?2 AND (created_at < ?3 OR (created_at = ?3 AND no < ?4))))`,
    row.provider,
    row.priority,
    row.created_at,
    no,
  );
}

const isRecent = '((at_boot = ? AND at_ms > ?) OR (at_boot <> ? AND at > ?))';

function recentValues(clock: Clock): (string | number)[] {
  return readyValues(clock, -rateWindowMs);
}

function readyValues(clock: Clock, delayMs = 0): (string | number)[] {
  const { boot, ms, at } = instantIn(clock, delayMs);
  return [boot, ms, boot, at];
}

/** Remembers a start, and forgets those of the provider that no longer count. */
function noteStart(connection: Connection, clock: Clock, { provider, task_id, fence }: TaskRow): void {
  connection.run(`DELETE FROM task_starts WHERE provider = ? AND NOT ${isRecent}`, provider, ...recentValues(clock));
  const { at, ms, boot } = instantIn(clock);
  connection.run(
    'INSERT INTO task_starts (provider, task_id, fence, at, at_ms, at_boot) VALUES (?, ?, ?, ?, ?, ?)',
    provider,
    task_id,
    fence,
    at,
    ms,
    boot,
  );
}

/** Takes a start back in which nothing was begun. */
export function forgetStart(connection: Connection, { provider, task_id, fence }: TaskRow): void {
  connection.run('DELETE FROM task_starts WHERE provider = ? AND task_id = ? AND fence = ?', provider, task_id, fence);
}

function limitOf(limits: ClaimTask['limits'], provider: string): ClaimTask['limits'][string] | undefined {
  return Object.hasOwn(limits, provider) ? limits[provider] : undefined;
}

function countOf(connection: Connection, sql: string, ...values: (string | number)[]): number {
  return connection.get<{ n: number }>(sql, ...values)?.n ?? 0;
}
