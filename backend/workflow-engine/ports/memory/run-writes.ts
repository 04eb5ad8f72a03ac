import type { RunEvent } from '../../events/run-event.ts';
import type { CallRecord } from '../call-store.ts';
import type { Clock } from '../clock.ts';
import type { AppendEvents, CreateRun, LeaseClaim, RunProjection, RunStore } from '../run-store.ts';
import {
  assertDense,
  assertRoom,
  branchNotFoundError,
  conflictError,
  describesRun,
  isLeaseLive,
  leaseLostError,
  takesActiveName,
  templateKey,
} from '../store-rules.ts';
import { addTask } from './tasks.ts';
import {
  joinKey,
  type MemoryState,
  notify,
  requireBranch,
  requireRun,
  type StoredBranch,
  type StoredCall,
  type StoredRun,
} from './state.ts';

/** `RunStore.create` and `RunStore.append` in memory: every check comes before the first change. */

export function nameKeyOf(run: StoredRun['row'], projectName: string): string {
  return joinKey(run.user_id, templateKey(run), projectName);
}

export function createRun(
  state: MemoryState,
  clock: Clock,
  params: CreateRun,
): Awaited<ReturnType<RunStore['create']>> {
  const { run, branch_id, events, idempotencyKey } = params;
  const startKey = idempotencyKey === undefined ? null : joinKey(run.user_id, idempotencyKey);
  const row: StoredRun['row'] = {
    ...run,
    active_name: takesActiveName(run) ? run.project_name : null,
    current_branch_id: branch_id,
    last_seq: events.length - 1,
    fence: 0,
    executor: null,
  };
  const nameKey = nameKeyOf(row, run.project_name);
  const holderId = run.parent_run_id === null ? state.activeNames.get(nameKey) : undefined;
  const earlierId =
    (startKey === null ? undefined : state.starts.get(startKey)) ?? (params.forceNew ? undefined : holderId);
  const earlier = earlierId === undefined ? undefined : state.runs.get(earlierId);
  if (earlier) return { created: false, run: { ...earlier.row }, fence: null };

  const known = state.runs.get(run.workflow_run_id);
  if (known) throw conflictError(run.workflow_run_id, -1, known.row.last_seq);
  assertDense(events, { runId: run.workflow_run_id, branchId: branch_id, afterSeq: -1 });
  assertRoom({ events, storedEvents: 0, storedBranches: 0, newBranch: true });
  if (holderId !== undefined) releaseName(state, requireRun(state, holderId));

  const branch: StoredBranch = {
    row: {
      branch_id,
      workflow_run_id: run.workflow_run_id,
      parent_branch_id: null,
      fork_seq: -1,
      last_seq: events.length - 1,
      kind: 'first',
      name: null,
      created_at: run.created_at,
    },
    events: [...events],
    checkpoints: [],
  };
  const stored: StoredRun = {
    row,
    lease: { untilMs: null, boot: null },
    idempotencyKey: idempotencyKey ?? null,
    branches: new Map([[branch_id, branch]]),
    eventCount: events.length,
    calls: (params.calls ?? []).map((call) => numbered(state, call)),
    values: new Map((params.values ?? []).map((value) => [value.sha256, value.json])),
    files: [],
    keywordSaves: new Map(),
    effects: [],
    generations: [],
  };
  state.runs.set(run.workflow_run_id, stored);
  if (startKey !== null) state.starts.set(startKey, run.workflow_run_id);
  if (row.active_name !== null) state.activeNames.set(nameKey, run.workflow_run_id);
  for (const task of params.tasks ?? []) addTask(state, clock, task);
  const fence = params.claim ? claimLease(stored, clock, params.claim) : null;
  notify(state, run.workflow_run_id);
  return { created: true, run: { ...stored.row }, fence };
}

export function appendEvents(state: MemoryState, clock: Clock, params: AppendEvents): { fence: number | null } {
  const { runId, branchId, expectedSeq, events, newBranch, projection } = params;
  const run = requireRun(state, runId);
  if (params.fence !== undefined && (run.row.executor === null || run.row.fence !== params.fence))
    throw leaseLostError(runId);
  const branch = newBranch ? planBranch(run, params, newBranch) : requireBranch(run, branchId);
  const lastSeq = newBranch ? newBranch.fork_seq : branch.row.last_seq;
  const expectedId = params.expectCurrent ?? run.row.current_branch_id;
  if (expectedId !== run.row.current_branch_id) throw conflictError(runId, expectedSeq, lastSeq);
  if (lastSeq !== expectedSeq) throw conflictError(runId, expectedSeq, lastSeq);
  const currentId = newBranch ? branchId : (projection.current_branch_id ?? run.row.current_branch_id);
  if (currentId !== branchId && describesRun(projection)) throw conflictError(runId, expectedSeq, lastSeq);
  assertDense(events, { runId, branchId, afterSeq: expectedSeq });
  assertRoom({
    events,
    storedEvents: run.eventCount,
    storedBranches: run.branches.size,
    newBranch: newBranch !== undefined,
  });

  if (newBranch) run.branches.set(branchId, branch);
  for (const event of events) branch.events.push(event);
  run.eventCount += events.length;
  branch.row = { ...branch.row, last_seq: expectedSeq + events.length };
  for (const call of params.calls ?? []) run.calls.push(numbered(state, call));
  for (const value of params.values ?? []) run.values.set(value.sha256, value.json);
  for (const task of params.tasks ?? []) addTask(state, clock, task);
  project(state, run, projection);
  run.row.current_branch_id = currentId;
  if (currentId === branchId) run.row.last_seq = branch.row.last_seq;
  run.row.updated_at = timeOf(events, clock);
  if (params.release && params.fence !== undefined) releaseLease(run);
  const fence = params.claim ? claimLease(run, clock, params.claim) : null;
  notify(state, runId);
  return { fence };
}

export function numbered(state: MemoryState, call: CallRecord): StoredCall {
  state.callCount += 1;
  return { no: state.callCount, call };
}

/** Takes the lease when nobody holds a live one; the new fence, or null. */
export function claimLease(run: StoredRun, clock: Clock, claim: LeaseClaim): number | null {
  if (isLeaseLive({ executor: run.row.executor, ...run.lease }, clock)) return null;
  run.row.executor = claim.executor;
  run.row.fence += 1;
  run.lease = { untilMs: clock.monotonicMs() + claim.ttlMs, boot: clock.bootId };
  return run.row.fence;
}

export function releaseLease(run: StoredRun): void {
  run.row.executor = null;
  run.lease = { untilMs: null, boot: null };
}

export function releaseName(state: MemoryState, run: StoredRun): void {
  if (run.row.active_name === null) return;
  state.activeNames.delete(nameKeyOf(run.row, run.row.active_name));
  run.row.active_name = null;
}

function timeOf(events: readonly RunEvent[], clock: Clock): string {
  return events.at(-1)?.time ?? clock.now().toISOString();
}

function planBranch(run: StoredRun, params: AppendEvents, fork: NonNullable<AppendEvents['newBranch']>): StoredBranch {
  const known = run.branches.get(params.branchId);
  if (known) throw conflictError(params.runId, params.expectedSeq, known.row.last_seq);
  const parent = fork.parent_branch_id === null ? undefined : run.branches.get(fork.parent_branch_id);
  if (!parent) throw branchNotFoundError(fork.parent_branch_id ?? '');
  if (fork.fork_seq > parent.row.last_seq || fork.fork_seq < 0) {
    throw conflictError(params.runId, fork.fork_seq, parent.row.last_seq);
  }
  return {
    row: {
      ...fork,
      branch_id: params.branchId,
      workflow_run_id: params.runId,
      last_seq: params.expectedSeq,
      name: null,
      created_at: params.events[0]?.time ?? run.row.updated_at,
    },
    events: [],
    checkpoints: [],
  };
}

function project(state: MemoryState, run: StoredRun, projection: RunProjection): void {
  const { active_name: name, ...changes } = projection;
  for (const [field, value] of Object.entries(changes)) {
    if (value !== undefined) Object.assign(run.row, { [field]: value });
  }
  if (name === 'release') releaseName(state, run);
  if (name !== 'take' || run.row.active_name !== null || run.row.parent_run_id !== null) return;
  const key = nameKeyOf(run.row, run.row.project_name);
  if (state.activeNames.has(key)) return;
  state.activeNames.set(key, run.row.workflow_run_id);
  run.row.active_name = run.row.project_name;
}
