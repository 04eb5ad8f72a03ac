import {
  type AppendEvents,
  assertDense,
  assertRoom,
  branchNotFoundError,
  conflictError,
  describesRun,
  leaseLostError,
  type RunProjection,
} from '@wfm/workflow-engine/ports';
import type { SQLInputValue } from 'node:sqlite';
import type { Connection } from './connection.ts';
import type { SqliteContext } from './context.ts';
import { insertBatch, insertCalls, insertValues, minuteOf } from './run-create.ts';
import { claimLease } from './run-lease.ts';
import { isNameFree, lastSeqOf, requireBranch, requireHead, requireNames, type RunHead } from './run-rows.ts';
import { insertTask } from './task-rows.ts';

type Fork = NonNullable<AppendEvents['newBranch']>;

/**
 * `RunStore.append`, inside a write: one look at the run, one row of events, one change of the run. The head holds
 * where the current branch ends, so that the usual append looks at nothing else.
 */
export function appendEvents({ connection, clock }: SqliteContext, params: AppendEvents): { fence: number | null } {
  const { runId, branchId, expectedSeq, events, newBranch, projection } = params;
  const head = requireHead(connection, runId);
  assertFence(head, params);
  const target = newBranch ? planBranch(connection, head, params, newBranch) : findBranch(connection, head, branchId);
  const expectedId = params.expectCurrent ?? head.current_branch_id;
  if (target.lastSeq !== expectedSeq || expectedId !== head.current_branch_id)
    throw conflictError(runId, expectedSeq, target.lastSeq);
  const currentId = newBranch ? branchId : (projection.current_branch_id ?? head.current_branch_id);
  if (currentId !== branchId && describesRun(projection)) throw conflictError(runId, expectedSeq, target.lastSeq);
  assertDense(events, { runId, branchId, afterSeq: expectedSeq });
  assertRoom({
    events,
    storedEvents: head.event_count,
    storedBranches: head.branch_count,
    newBranch: newBranch !== undefined,
  });

  const time = events.at(-1)?.time ?? clock.now().toISOString();
  const branchNo = newBranch
    ? insertBranch(connection, head, params, newBranch, { parentNo: target.no, time })
    : target.no;
  insertBatch(connection, branchNo, events);
  insertCalls(connection, head.no, params.calls ?? []);
  insertValues(connection, head.no, params.values ?? []);
  for (const task of params.tasks ?? []) insertTask(connection, clock, task);
  const release = params.release === true && params.fence !== undefined;
  const update = new RunUpdate();
  update.set('event_count', head.event_count + events.length);
  update.set('updated_at', time);
  if (minuteOf(time) !== head.updated_minute) update.set('updated_minute', minuteOf(time));
  if (currentId === branchId) update.set('last_seq', expectedSeq + events.length);
  if (currentId !== head.current_branch_id) {
    update.set('current_branch_id', currentId);
    update.set('current_branch_no', branchNo);
  }
  if (newBranch) update.set('branch_count', head.branch_count + 1);
  if (release) for (const column of ['executor', 'lease_until_ms', 'lease_boot']) update.set(column, null);
  project(connection, { runId, head }, projection, update);
  update.apply(connection, head.no);
  const held = release ? { ...head, executor: null } : head;
  const fence = params.claim ? claimLease(connection, clock, held, params.claim) : null;
  return { fence };
}

/** An executor's append names the fence of a lease that somebody holds; a released one is stale too. */
function assertFence(head: ReturnType<typeof requireHead>, { runId, fence }: AppendEvents): void {
  if (fence !== undefined && (head.executor === null || head.fence !== fence)) throw leaseLostError(runId);
}

/** Columns that really change; an index whose columns are not named is not touched. */
class RunUpdate {
  readonly #columns: string[] = [];
  readonly #values: SQLInputValue[] = [];

  set(column: string, value: SQLInputValue): void {
    this.#columns.push(`${column} = ?`);
    this.#values.push(value);
  }

  apply(connection: Connection, runNo: number): void {
    connection.run(`UPDATE runs SET ${this.#columns.join(', ')} WHERE no = ?`, ...this.#values, runNo);
  }
}

function project(
  connection: Connection,
  { runId, head }: { runId: string; head: RunHead },
  projection: RunProjection,
  update: RunUpdate,
): void {
  const { status, progress, status_fields, error, interaction_id, version_id, active_name } = projection;
  if (status !== undefined && status !== head.status) update.set('status', status);
  if (progress !== undefined) update.set('progress', JSON.stringify(progress));
  if (status_fields !== undefined) update.set('status_fields', JSON.stringify(status_fields));
  if (error !== undefined) update.set('error', error === null ? null : JSON.stringify(error));
  if (interaction_id !== undefined && interaction_id !== head.interaction_id)
    update.set('interaction_id', interaction_id);
  if (version_id !== undefined) update.set('version_id', version_id);
  if (active_name === 'release') update.set('active_name', null);
  if (active_name === 'take') {
    const names = requireNames(connection, runId);
    const mayTake = names.active_name === null && names.parent_run_id === null;
    if (mayTake && isNameFree(connection, names, names.project_name)) update.set('active_name', names.project_name);
  }
}

function findBranch(connection: Connection, head: RunHead, branchId: string): { no: number; lastSeq: number } {
  if (branchId === head.current_branch_id) return { no: head.current_branch_no, lastSeq: head.last_seq };
  const branch = requireBranch(connection, head.no, branchId);
  return { no: branch.no, lastSeq: lastSeqOf(connection, branch) };
}

/** Checks a fork; the parent's number, and where the new line ends before its first own event. */
function planBranch(
  connection: Connection,
  head: RunHead,
  params: AppendEvents,
  fork: Fork,
): { no: number; lastSeq: number } {
  const { runId, branchId, expectedSeq } = params;
  const known = connection.get('SELECT no FROM branches WHERE run_no = ? AND branch_id = ?', head.no, branchId);
  if (known) throw conflictError(runId, expectedSeq, findBranch(connection, head, branchId).lastSeq);
  if (fork.parent_branch_id === null) throw branchNotFoundError('');
  const parent = findBranch(connection, head, fork.parent_branch_id);
  if (fork.fork_seq > parent.lastSeq || fork.fork_seq < 0) throw conflictError(runId, fork.fork_seq, parent.lastSeq);
  return { no: parent.no, lastSeq: fork.fork_seq };
}

function insertBranch(
  connection: Connection,
  head: RunHead,
  params: AppendEvents,
  fork: Fork,
  at: { parentNo: number; time: string },
): number {
  return connection.run(
    'INSERT INTO branches (run_no, branch_id, parent_no, fork_seq, kind, name, created_at) VALUES (?, ?, ?, ?, ?, NULL, ?)',
    head.no,
    params.branchId,
    at.parentNo,
    fork.fork_seq,
    fork.kind,
    params.events[0]?.time ?? at.time,
  ).rowId;
}
