import type { RunEvent } from '@wfm/workflow-engine/events';
import {
  type BranchRow,
  type Checkpoint,
  checkpointsKept,
  lineSegments,
  type RunStore,
} from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { parseJson } from './json.ts';
import { batchId, branchByNo, requireBranch, requireRunNo } from './run-rows.ts';

/** Reads along a line (format.md 9.1), by ranges of the log's key; nothing here grows with what is not asked for. */

const batchesSql = `SELECT events FROM batches
  WHERE id >= coalesce((SELECT max(id) FROM batches WHERE id >= ?1 AND id <= ?2), ?2) AND id <= ?3 ORDER BY id`;

export function readLine(connection: Connection, params: Parameters<RunStore['readLine']>[0]): RunEvent[] {
  const { afterSeq, limit = Number.MAX_SAFE_INTEGER } = params;
  const upToSeq = Math.min(params.upToSeq ?? maxSeq, maxSeq);
  const leaf = requireBranch(connection, requireRunNo(connection, params.runId), params.branchId);
  const events: RunEvent[] = [];
  for (const { branch, first, last } of lineSegments(leaf, (no) => branchByNo(connection, no), { afterSeq, upToSeq })) {
    // The batch that holds `first` may begin before it.
    const ids = [batchId(branch.no, 0), batchId(branch.no, first), batchId(branch.no, last)];
    for (const row of connection.iterate<{ events: string }>(batchesSql, ...ids)) {
      for (const event of parseJson<RunEvent[]>(row.events)) {
        if (event.seq < first || event.seq > last) continue;
        events.push(event);
        if (events.length >= limit) return events;
      }
    }
  }
  return events;
}

/** The greatest `seq` that `batchId` can hold. */
const maxSeq = 2 ** 20 - 1;

export function listBranches(connection: Connection, runId: string): BranchRow[] {
  return connection
    .all<Omit<BranchRow, 'workflow_run_id'>>(
      `SELECT b.branch_id, p.branch_id AS parent_branch_id, b.fork_seq, b.kind, b.name, b.created_at,
       coalesce((SELECT id % 1048576 + count - 1 FROM batches
         WHERE id >= b.no * 1048576 AND id < (b.no + 1) * 1048576 ORDER BY id DESC LIMIT 1), b.fork_seq) AS last_seq
     FROM branches b LEFT JOIN branches p ON p.no = b.parent_no WHERE b.run_no = ? ORDER BY b.no`,
      requireRunNo(connection, runId),
    )
    .map((row) => ({
      branch_id: row.branch_id,
      workflow_run_id: runId,
      parent_branch_id: row.parent_branch_id,
      fork_seq: row.fork_seq,
      last_seq: row.last_seq,
      kind: row.kind,
      name: row.name,
      created_at: row.created_at,
    }));
}

export function loadCheckpoint(
  connection: Connection,
  params: Parameters<RunStore['loadCheckpoint']>[0],
): Checkpoint | null {
  const leaf = requireBranch(connection, requireRunNo(connection, params.runId), params.branchId);
  const range = { afterSeq: -1, upToSeq: params.upToSeq };
  for (const { branch, last } of lineSegments(leaf, (no) => branchByNo(connection, no), range).reverse()) {
    const found = connection.get<{ seq: number; state: string }>(
      'SELECT seq, state FROM checkpoints WHERE branch_no = ? AND seq <= ? ORDER BY seq DESC LIMIT 1',
      branch.no,
      last,
    );
    if (found) return { branch_id: branch.branch_id, seq: found.seq, state: found.state };
  }
  return null;
}

/** Inside a write. A checkpoint of a run or branch that is gone is dropped: it saves time and means nothing. */
export function saveCheckpoint(connection: Connection, params: Parameters<RunStore['saveCheckpoint']>[0]): void {
  const { branch_id: branchId, seq, state } = params.checkpoint;
  const branch = connection.get<{ no: number }>(
    'SELECT b.no FROM branches b JOIN runs r ON r.no = b.run_no WHERE r.workflow_run_id = ? AND b.branch_id = ?',
    params.runId,
    branchId,
  );
  if (!branch) return;
  connection.run('INSERT OR REPLACE INTO checkpoints (branch_no, seq, state) VALUES (?, ?, ?)', branch.no, seq, state);
  connection.run(
    `DELETE FROM checkpoints WHERE branch_no = ?1 AND seq <=
       (SELECT seq FROM checkpoints WHERE branch_no = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)`,
    branch.no,
    checkpointsKept,
  );
}
