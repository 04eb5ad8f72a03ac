import type { RunEvent } from '../../events/run-event.ts';
import type { CallRecord } from '../call-store.ts';
import type { UploadRow } from '../content-store.ts';
import type { TemplateRow, VersionRow } from '../definition-store.ts';
import type { WorkflowPackage } from '../../definition/package-files.ts';
import type { CheckpointRow, DraftRow } from '../draft-store.ts';
import type { EffectRecord } from '../effect-records.ts';
import type { RunFileRow } from '../file-store.ts';
import type { KeywordRow, KeywordScope } from '../keyword-store.ts';
import type { Generation } from '../media-store.ts';
import type { BranchRow, Checkpoint, RunRow } from '../run-store.ts';
import type { TaskRow } from '../task-queue.ts';
import type { Instant } from '../task-rules.ts';
import type { UsageScope } from '../usage-store.ts';
import { branchNotFoundError, type StoredLease, runNotFoundError } from '../store-rules.ts';
import type { AccessKeyRow, InvitationRow, RefreshTokenRow, UserRow } from '../user-store.ts';

/**
 * What the memory twins share. All that belongs to a run hangs on the run, so that deleting it is one step.
 *
 * Rows and events are kept and handed out by reference, in fresh arrays and fresh top-level rows: copying every event
 * deeply on each append and read costs more than the rest of the engine. Hence the convention that nobody changes an
 * event, or a value inside a row, after handing it in or getting it out. Bytes are copied both ways.
 */
export interface MemoryState {
  runs: Map<string, StoredRun>;
  /** How many calls were recorded: the order of calls across a run and its child runs. */
  callCount: number;
  /** From `nameKey` to the run that holds the name. */
  activeNames: Map<string, string>;
  /** From `startKey` to the run that the first start made. */
  starts: Map<string, string>;
  templates: Map<string, { row: TemplateRow; versions: VersionRow[] }>;
  definitions: Map<string, unknown>;
  offeredExamples: Set<string>;
  /** How versions were written, by template, then version. */
  packages: Map<string, Map<string, WorkflowPackage>>;
  /** By template. */
  drafts: Map<string, DraftRow>;
  /** By template; newest first. */
  draftCheckpoints: Map<string, CheckpointRow[]>;
  uploads: Map<string, { row: UploadRow; data: Uint8Array }>;
  keywords: Map<string, { scope: KeywordScope; rows: Map<string, KeywordRow> }>;
  /** By `usageScopeKey`: from a key to when it was last chosen. */
  usage: Map<string, { scope: UsageScope; times: Map<string, string> }>;
  users: Map<string, UserRow>;
  settings: Map<string, Record<string, unknown>>;
  accessKeys: Map<string, AccessKeyRow>;
  refreshTokens: Map<string, RefreshTokenRow>;
  invitations: Map<string, InvitationRow>;
  oneTimeTokens: Map<string, { userId: string; expiresAt: string }>;
  credentials: Map<string, { userId: string; provider: string; apiKey: string; updatedAt: string }>;
  /** By id, in the order in which they were enqueued. */
  tasks: Map<string, StoredTask>;
  /** From a task's idempotency key to its id. */
  taskKeys: Map<string, string>;
  /** Starts within the last minute, and older ones until their provider starts again. */
  taskStarts: { provider: string; taskId: string; fence: number; time: Instant }[];
  taskWatchers: Set<() => void>;
  watchers: Map<string, Set<() => void>>;
}

export interface StoredTask {
  row: TaskRow;
  lease: Pick<StoredLease, 'untilMs' | 'boot'>;
  /** What `not_before` says, on both clocks. */
  ready: Instant;
  settled: boolean;
}

export interface StoredRun {
  row: RunRow;
  lease: Pick<StoredLease, 'untilMs' | 'boot'>;
  idempotencyKey: string | null;
  branches: Map<string, StoredBranch>;
  eventCount: number;
  calls: StoredCall[];
  values: Map<string, string>;
  files: { key: string; row: RunFileRow; data: Uint8Array }[];
  /** From the key of a keyword write to how many keywords it saved. */
  keywordSaves: Map<string, number>;
  /** Of a preview whose lines were cut: what their effects gave, the one that was used last at the end. */
  effects: EffectRecord[];
  /** Oldest first, each with its contents. */
  generations: Generation[];
}

export interface StoredCall {
  no: number;
  call: CallRecord;
}

export interface StoredBranch {
  row: BranchRow;
  /** The branch's own events; the first has `seq` = `fork_seq` + 1. */
  events: RunEvent[];
  checkpoints: Checkpoint[];
}

export function createState(): MemoryState {
  return {
    runs: new Map(),
    callCount: 0,
    activeNames: new Map(),
    starts: new Map(),
    templates: new Map(),
    definitions: new Map(),
    offeredExamples: new Set(),
    uploads: new Map(),
    packages: new Map(),
    drafts: new Map(),
    draftCheckpoints: new Map(),
    keywords: new Map(),
    usage: new Map(),
    users: new Map(),
    settings: new Map(),
    accessKeys: new Map(),
    refreshTokens: new Map(),
    oneTimeTokens: new Map(),
    invitations: new Map(),
    credentials: new Map(),
    tasks: new Map(),
    taskKeys: new Map(),
    taskStarts: [],
    taskWatchers: new Set(),
    watchers: new Map(),
  };
}

/** One text from several, such that different lists never give the same. */
export function joinKey(...parts: string[]): string {
  return JSON.stringify(parts);
}

/** The run; throws `run_not_found`. */
export function requireRun(state: MemoryState, runId: string): StoredRun {
  const run = state.runs.get(runId);
  if (!run) throw runNotFoundError(runId);
  return run;
}

/** The run, or none, and the child runs of its sub-actions. */
export function familyOf(state: MemoryState, runId: string): StoredRun[] {
  const own = state.runs.get(runId);
  return own ? [own, ...[...state.runs.values()].filter(({ row }) => row.parent_run_id === runId)] : [];
}

/** The branch of the run; throws `branch_not_found`. */
export function requireBranch(run: StoredRun, branchId: string): StoredBranch {
  const branch = run.branches.get(branchId);
  if (!branch) throw branchNotFoundError(branchId);
  return branch;
}

/** Wakes a run's watchers once the current verb is done. */
export function notify(state: MemoryState, runId: string): void {
  const callbacks = state.watchers.get(runId);
  if (callbacks) for (const callback of callbacks) queueMicrotask(() => callbacks.has(callback) && callback());
}
