import { type Clock, isLeaseLive, type LeaseClaim } from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { leaseOf, type RunHead } from './run-rows.ts';

/** Leases (format.md 10.10.1); inside a write. Each changes the one row, by a statement that looks at nothing else. */

/** Takes the lease when nobody holds a live one; the new fence, or null. */
export function claimLease(connection: Connection, clock: Clock, head: RunHead, claim: LeaseClaim): number | null {
  if (isLeaseLive(leaseOf(head), clock)) return null;
  const fence = head.fence + 1;
  const until = clock.monotonicMs() + claim.ttlMs;
  connection.run(
    'UPDATE runs SET fence = ?, executor = ?, lease_until_ms = ?, lease_boot = ? WHERE no = ?',
    fence,
    claim.executor,
    until,
    clock.bootId,
    head.no,
  );
  return fence;
}

/** False when somebody else executes, or nobody. */
export function renewLease(
  connection: Connection,
  clock: Clock,
  params: { runId: string; fence: number; ttlMs: number },
): boolean {
  const { changes } = connection.run(
    'UPDATE runs SET lease_until_ms = ?, lease_boot = ? WHERE workflow_run_id = ? AND fence = ? AND executor IS NOT NULL',
    clock.monotonicMs() + params.ttlMs,
    clock.bootId,
    params.runId,
    params.fence,
  );
  return changes === 1;
}

export function releaseLease(connection: Connection, params: { runId: string; fence: number }): void {
  connection.run(
    'UPDATE runs SET executor = NULL, lease_until_ms = NULL, lease_boot = NULL WHERE workflow_run_id = ? AND fence = ?',
    params.runId,
    params.fence,
  );
}

/** Ids of runs that should be executing and are not, oldest first. */
export function abandonedRuns(connection: Connection, clock: Clock, limit: number): string[] {
  const rows = connection.all<{ workflow_run_id: string }>(
    `SELECT workflow_run_id FROM runs
      WHERE status = 'processing' AND (executor IS NULL OR lease_boot IS NOT ? OR lease_until_ms <= ?)
      ORDER BY created_at, workflow_run_id LIMIT ?`,
    clock.bootId,
    clock.monotonicMs(),
    limit,
  );
  return rows.map((row) => row.workflow_run_id);
}
