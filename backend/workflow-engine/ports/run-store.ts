import type { StoredError } from '../errors/index.ts';
import type { RunEvent } from '../events/run-event.ts';
import type { ExecutionMode, Progress, RunStatus } from '../models/execution.ts';
import type { CallRecord } from './call-store.ts';
import type { Page } from './page.ts';
import type { NewTask } from './task-queue.ts';

/**
 * Where runs live: their logs, their branches, and one row each that is derived from the log.
 * Every verb that names a run is safe to call from any process; the laws are in testing/run-store.testsuite.ts.
 */

/** A label and its rendered value, as `status_display` defines them. */
export interface StatusField {
  id: string;
  label: string;
  value: string;
}

/** The row of a run. All but names and lease is derived from the log, and stored so that a list never replays one. */
export interface RunRow {
  workflow_run_id: string;
  user_id: string;
  template_id: string | null;
  template_name: string;
  version_id: string;
  project_name: string;
  /** The project name while this run holds it; null once another run took it over or the run ended. */
  active_name: string | null;
  parent_run_id: string | null;
  mode: ExecutionMode;
  /** Version of the engine that created the run. */
  engine: string;
  status: RunStatus;
  current_branch_id: string;
  /** Last `seq` of the current branch's line. */
  last_seq: number;
  progress: Progress;
  status_fields: StatusField[];
  error: StoredError | null;
  /** The open question's id, else null; what the inbox lists. */
  interaction_id: string | null;
  fence: number;
  executor: string | null;
  created_at: string;
  updated_at: string;
}

/** What an append changes in the run's row, beside its log. */
export type RunProjection = Partial<
  Pick<
    RunRow,
    'status' | 'progress' | 'status_fields' | 'error' | 'interaction_id' | 'version_id' | 'current_branch_id'
  >
> & {
  /** `release`: give the active name back. `take`: take it again if it is free, else go on without it. */
  active_name?: 'release' | 'take';
};

export interface BranchRow {
  branch_id: string;
  workflow_run_id: string;
  parent_branch_id: string | null;
  /** Last `seq` shared with the parent; -1 for the first branch. */
  fork_seq: number;
  last_seq: number;
  kind: 'first' | 'retry' | 'jump' | 'reopen' | 'reconcile';
  name: string | null;
  created_at: string;
}

/** A wish to execute: the process's name and how long its lease shall live. */
export interface LeaseClaim {
  executor: string;
  ttlMs: number;
}

/** The JSON text of a value over 256 KiB, by the hash that an event names. */
export interface KeptValue {
  sha256: string;
  json: string;
}

export interface CreateRun {
  run: Omit<RunRow, 'active_name' | 'fence' | 'executor' | 'last_seq' | 'current_branch_id'>;
  branch_id: string;
  /** `workflow_created` first, with `seq` 0; whatever was executed at once after it. */
  events: RunEvent[];
  /** Taken in the same commit. */
  claim?: LeaseClaim;
  /** Takes the active name over from the run that holds it. */
  forceNew: boolean;
  /** Unique per user: a second call with the same key answers the first call's run. */
  idempotencyKey?: string;
  calls?: CallRecord[];
  /** Kept in the same commit, as `ContentStore.putValue` would. */
  values?: KeptValue[];
  /** Enqueued in the same commit, as `TaskQueue.enqueue` would. */
  tasks?: NewTask[];
}

export interface AppendEvents {
  runId: string;
  branchId: string;
  /** The last `seq` of the branch's line as the caller knows it. */
  expectedSeq: number;
  events: RunEvent[];
  /** Present when the first event is `branch_created`: the branch is made in the same commit and becomes current. */
  newBranch?: Pick<BranchRow, 'parent_branch_id' | 'fork_seq' | 'kind'>;
  /** The current branch as the caller knows it; another one in the row is `conflict`. */
  expectCurrent?: string;
  /** The executor's appends name their fence; another value in the row is `lease_lost`. */
  fence?: number;
  projection: RunProjection;
  calls?: CallRecord[];
  /** Kept in the same commit, as `ContentStore.putValue` would. */
  values?: KeptValue[];
  /** Enqueued in the same commit, as `TaskQueue.enqueue` would. */
  tasks?: NewTask[];
  /** Gives the lease back in the same commit (executors only). */
  release?: boolean;
  /** Takes the lease in the same commit if nobody holds a live one (commands only). */
  claim?: LeaseClaim;
}

export interface ListRuns {
  userId: string;
  status?: RunStatus;
  templateId?: string;
  /** Part of the project or template name, letter case ignored. */
  q?: string;
  from?: string;
  to?: string;
  /** Only runs that wait for a person. */
  waiting?: boolean;
  limit: number;
  cursor?: string;
}

/** A fold kept so that a long log need not be read from its start. */
export interface Checkpoint {
  branch_id: string;
  seq: number;
  /** The serialised fold; opaque to the store. */
  state: string;
}

export interface RunStore {
  /**
   * Stores a new run with its first events. When the active name is taken and `forceNew` is false, or the idempotency
   * key is known, nothing is stored and the earlier run comes back with `created: false`.
   * `fence` is the lease's when a claim was made and the run is new. Throws `conflict` when there is a run of that id.
   */
  create(params: CreateRun): Promise<{ created: boolean; run: RunRow; fence: number | null }>;

  /**
   * Adds all events or none. A projection's `current_branch_id` returns the run to the branch of the events (format.md
   * 9.9). Throws `conflict` when the line's last `seq` is not `expectedSeq`, when the current branch is not
   * `expectCurrent`, when the new branch is there already, or when a projection comes with events of a branch that is not (or does not become) the current one;
   * `lease_lost` when the fence is stale or was released, `run_not_found`, `branch_not_found`, `run_limit` (branches or
   * events; a batch that ends in `workflow_error` or `workflow_cancelled` passes). `fence` is set when `claim` won the lease.
   */
  append(params: AppendEvents): Promise<{ fence: number | null }>;

  /** The row, or null. Callers check the owner. */
  find(params: { runId: string }): Promise<RunRow | null>;
  /** Newest first by `updated_at`, then id. Child runs are left out. */
  list(params: ListRuns): Promise<Page<RunRow>>;
  /** How many of the user's runs wait for a person. */
  countWaiting(params: { userId: string }): Promise<number>;
  /** A run that holds its name keeps holding it under the new one. Throws `conflict` when another active run has that. */
  rename(params: { runId: string; projectName: string }): Promise<void>;
  /** Removes the run and its child runs with their events, branches, checkpoints, files, calls, values and keyword writes. */
  delete(params: { runId: string }): Promise<void>;

  branches(params: { runId: string }): Promise<BranchRow[]>;
  renameBranch(params: { runId: string; branchId: string; name: string | null }): Promise<void>;
  /**
   * Events of a branch's line, inherited ones included, in order of `seq`: those with `afterSeq < seq <= upToSeq`.
   * At most `limit` whole events. An unknown branch gives `branch_not_found`.
   */
  readLine(params: {
    runId: string;
    branchId: string;
    afterSeq: number;
    upToSeq?: number;
    limit?: number;
  }): Promise<RunEvent[]>;

  /** Takes the lease if nobody holds a live one; the new fence, or null. */
  claimLease(params: { runId: string; claim: LeaseClaim }): Promise<{ fence: number } | null>;
  /** False when the fence is stale: somebody else executes now. */
  renewLease(params: { runId: string; fence: number; ttlMs: number }): Promise<boolean>;
  /** Gives the lease back, and wakes whoever watches the run; nothing happens under a stale fence. */
  releaseLease(params: { runId: string; fence: number }): Promise<void>;
  /** Runs in status `processing` whose lease is absent or dead, oldest first. */
  abandoned(params: { limit: number }): Promise<string[]>;

  /** The newest checkpoint on the line at or before `upToSeq`, or null. */
  loadCheckpoint(params: { runId: string; branchId: string; upToSeq: number }): Promise<Checkpoint | null>;
  saveCheckpoint(params: { runId: string; checkpoint: Checkpoint }): Promise<void>;

  /** Calls back soon after any process has appended to the run; returns how to stop. May call back without cause. */
  watch(runId: string, onChange: () => void): () => void;
}
