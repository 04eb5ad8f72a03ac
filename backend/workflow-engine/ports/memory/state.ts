import type { RunEvent } from '../../events/run-event.ts';
import type { CallRecord } from '../call-store.ts';
import type { UploadRow } from '../content-store.ts';
import type { TemplateRow, VersionRow } from '../definition-store.ts';
import type { RunFileRow } from '../file-store.ts';
import type { KeywordRow, KeywordScope } from '../keyword-store.ts';
import type { BranchRow, Checkpoint, RunRow } from '../run-store.ts';
import type { UsageScope } from '../usage-store.ts';
import { branchNotFoundError, type StoredLease, runNotFoundError } from '../store-rules.ts';
import type { AccessKeyRow, RefreshTokenRow, UserRow } from '../user-store.ts';

/**
 * What the memory twins share. All that belongs to a run hangs on the run, so that deleting it is one step.
 *
 * Rows and events are kept and handed out by reference, in fresh arrays and fresh top-level rows: copying every event
 * deeply on each append and read costs more than the rest of the engine. Hence the convention that nobody changes an
 * event, or a value inside a row, after handing it in or getting it out. Bytes are copied both ways.
 */
export interface MemoryState {
  runs: Map<string, StoredRun>;
  /** From `nameKey` to the run that holds the name. */
  activeNames: Map<string, string>;
  /** From `startKey` to the run that the first start made. */
  starts: Map<string, string>;
  templates: Map<string, { row: TemplateRow; versions: VersionRow[] }>;
  definitions: Map<string, unknown>;
  uploads: Map<string, { row: UploadRow; data: Uint8Array }>;
  keywords: Map<string, { scope: KeywordScope; rows: Map<string, KeywordRow> }>;
  /** By `usageScopeKey`: from a key to when it was last chosen. */
  usage: Map<string, { scope: UsageScope; times: Map<string, string> }>;
  users: Map<string, UserRow>;
  settings: Map<string, Record<string, unknown>>;
  accessKeys: Map<string, AccessKeyRow>;
  refreshTokens: Map<string, RefreshTokenRow>;
  oneTimeTokens: Map<string, { userId: string; expiresAt: string }>;
  watchers: Map<string, Set<() => void>>;
}

export interface StoredRun {
  row: RunRow;
  lease: Pick<StoredLease, 'untilMs' | 'boot'>;
  idempotencyKey: string | null;
  branches: Map<string, StoredBranch>;
  eventCount: number;
  calls: CallRecord[];
  values: Map<string, string>;
  files: { key: string; row: RunFileRow; data: Uint8Array }[];
  /** From the key of a keyword write to how many keywords it saved. */
  keywordSaves: Map<string, number>;
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
    activeNames: new Map(),
    starts: new Map(),
    templates: new Map(),
    definitions: new Map(),
    uploads: new Map(),
    keywords: new Map(),
    usage: new Map(),
    users: new Map(),
    settings: new Map(),
    accessKeys: new Map(),
    refreshTokens: new Map(),
    oneTimeTokens: new Map(),
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
