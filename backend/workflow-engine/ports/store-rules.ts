import { z } from 'zod';
import { WfmError } from '../errors/index.ts';
import type { RunEvent, Usage } from '../events/run-event.ts';
import type { RunStatus } from '../models/execution.ts';
import { limits } from '../models/limits.ts';
import type { CallRecord } from './call-store.ts';
import type { Clock } from './clock.ts';
import type { KeywordRow } from './keyword-store.ts';
import type { Page } from './page.ts';
import type { RunProjection, RunRow } from './run-store.ts';
import type { Rights, UserRow } from './user-store.ts';

/** What every adapter decides alike, so that two of them cannot drift apart. No storage in here. */

/** True once a run is no longer active (format.md 1.10). */
export function isEnded(status: RunStatus): boolean {
  return status === 'completed' || status === 'cancelled' || status === 'error';
}

/** Within which names are unique for one user: the template, or for a run without one the name of its workflow. */
export function templateKey(run: Pick<RunRow, 'template_id' | 'template_name'>): string {
  return run.template_id ?? `name:${run.template_name}`;
}

/** A child run shares its parent's project name and hence never takes it; an ended run gives it back at once. */
export function takesActiveName(run: Pick<RunRow, 'parent_run_id' | 'status'>): boolean {
  return run.parent_run_id === null && !isEnded(run.status);
}

/** The form in which texts are compared when letter case does not count. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** What `ListRuns.q` is looked for in. */
export function searchText(run: Pick<RunRow, 'project_name' | 'template_name'>): string {
  return foldCase(`${run.project_name}\n${run.template_name}`);
}

/** Refuses a batch that is not the dense continuation of its line (format.md 8.1); a caller's bug, never a user's. */
export function assertDense(
  events: readonly RunEvent[],
  expected: { runId: string; branchId: string; afterSeq: number },
): void {
  for (const [index, event] of events.entries()) {
    const fits =
      event.seq === expected.afterSeq + 1 + index &&
      event.branch_id === expected.branchId &&
      event.workflow_run_id === expected.runId;
    if (!fits) {
      throw new WfmError(
        'internal_error',
        `Event ${event.seq} (${event.type}) does not continue its line at ${expected.afterSeq}.`,
      );
    }
  }
}

/**
 * Throws `run_limit` when a run would hold too many events or branches (format.md 23). A batch that ends the run passes,
 * so that a full run can still say why it stopped.
 */
export function assertRoom(params: {
  events: readonly RunEvent[];
  storedEvents: number;
  storedBranches: number;
  newBranch: boolean;
}): void {
  const last = params.events.at(-1)?.type;
  const total = params.storedEvents + params.events.length;
  if (total > limits.eventsPerRun && last !== 'workflow_error' && last !== 'workflow_cancelled') {
    throw new WfmError(
      'run_limit',
      `A run holds at most ${limits.eventsPerRun} events; this one would hold ${total}.`,
      {
        params: { what: 'events', limit: limits.eventsPerRun, actual: total },
      },
    );
  }
  if (params.newBranch && params.storedBranches >= limits.branchesPerRun) {
    const actual = params.storedBranches + 1;
    throw new WfmError(
      'run_limit',
      `A run holds at most ${limits.branchesPerRun} branches; this one would hold ${actual}.`,
      {
        params: { what: 'branches', limit: limits.branchesPerRun, actual },
      },
    );
  }
}

/** `conflict` of an append that came too late. */
export function conflictError(runId: string, expectedSeq: number, actualSeq: number): WfmError {
  return new WfmError(
    'conflict',
    'Somebody else has changed this run in the meantime. Read it again and repeat what still applies.',
    {
      params: { workflow_run_id: runId, expected_seq: expectedSeq, actual_seq: actualSeq },
    },
  );
}

/** `lease_lost` of an executor that was overtaken. */
export function leaseLostError(runId: string): WfmError {
  return new WfmError('lease_lost', 'Another process executes this run now.', { params: { workflow_run_id: runId } });
}

export function runNotFoundError(runId: string): WfmError {
  return new WfmError('run_not_found', 'There is no such run.', { params: { workflow_run_id: runId } });
}

export function templateNotFoundError(templateId: string): WfmError {
  return new WfmError('version_not_found', 'There is no such template.', { params: { template_id: templateId } });
}

export function branchNotFoundError(branchId: string): WfmError {
  return new WfmError('branch_not_found', 'There is no such branch in this run.', { params: { branch_id: branchId } });
}

/** Where the next page of a list starts: the sort keys of the last item, as an opaque text. */
export function encodeCursor(keys: readonly string[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(keys));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** The `count` sort keys in a cursor. Throws `request_invalid` for anything that no list has handed out. */
export function decodeCursor(cursor: string, count: number): string[] {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(binary, (char) => char.charCodeAt(0)),
    );
    return z.array(z.string()).length(count).parse(JSON.parse(text));
  } catch (cause) {
    throw new WfmError('request_invalid', 'The cursor is not one that this list has handed out.', {
      place: 'cursor',
      cause,
    });
  }
}

/** Cuts `limit + 1` fetched rows into a page. */
export function toPage<T>(rows: T[], limit: number, keys: (row: T) => string[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(keys(last)) : null };
}

export const usageFields = [
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cached_input_tokens',
  'reasoning_tokens',
  'cost_usd',
  'calls',
] as const satisfies (keyof Usage)[];

/** The sum of two usages; a field that neither knows stays absent. Costs keep nine decimals, so that sums compare. */
export function addUsage(a: Usage, b: Usage): Usage {
  const sum: Usage = {};
  for (const field of usageFields) {
    const left = a[field];
    const right = b[field];
    if (left === undefined && right === undefined) continue;
    const total = (left ?? 0) + (right ?? 0);
    sum[field] = field === 'cost_usd' ? Math.round(total * 1e9) / 1e9 : total;
  }
  return sum;
}

/** A lease as it is stored; `boot` names the boot that `untilMs` counts from. */
export interface StoredLease {
  executor: string | null;
  untilMs: number | null;
  boot: string | null;
}

/** True while somebody may be executing: the lease is of this boot and has not run out. */
export function isLeaseLive(lease: StoredLease, clock: Pick<Clock, 'bootId' | 'monotonicMs'>): boolean {
  return (
    lease.executor !== null &&
    lease.untilMs !== null &&
    lease.boot === clock.bootId &&
    lease.untilMs > clock.monotonicMs()
  );
}

/** True when a projection says something about the run, and not only about names or nothing at all. */
export function describesRun(projection: RunProjection): boolean {
  return Object.values(projection).some((value) => value !== undefined);
}

/** How many checkpoints a branch keeps: the newest, and some for reads that end before it. */
export const checkpointsKept = 3;

/** Order of texts as SQLite and UTF-8 give it: by code point, not by UTF-16 unit. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const left = a[Symbol.iterator]();
  const right = b[Symbol.iterator]();
  for (;;) {
    const x = left.next();
    const y = right.next();
    if (x.done || y.done) return x.done ? (y.done ? 0 : -1) : 1;
    if (x.value !== y.value) return (x.value.codePointAt(0) ?? 0) - (y.value.codePointAt(0) ?? 0);
  }
}

/** What a call adds to a sum: its usage, counted as one call unless it says otherwise. */
export function callUsage(call: Pick<CallRecord, 'usage'>): Usage {
  return { ...call.usage, calls: call.usage?.calls ?? 1 };
}

/** One keyword after a save (format.md 14.7): weight added or replaced, other fields laid over the earlier ones. */
export function mergeKeyword(before: KeywordRow | undefined, saved: KeywordRow, accumulate: boolean): KeywordRow {
  return {
    keyword: saved.keyword,
    weight: (accumulate ? (before?.weight ?? 0) : 0) + saved.weight,
    last_used: saved.last_used,
    fields: { ...before?.fields, ...saved.fields },
  };
}

/** Throws `keywords_limit` when a scope would hold that many. */
export function assertKeywordRoom(count: number): void {
  if (count <= limits.keywordsPerScope) return;
  throw new WfmError(
    'keywords_limit',
    `A workflow remembers at most ${limits.keywordsPerScope} keywords; it would hold ${count}.`,
    {
      params: { limit: limits.keywordsPerScope, actual: count },
    },
  );
}

export function emailTakenError(): WfmError {
  return new WfmError('conflict', 'There is already a user with this e-mail address.', { place: 'email' });
}

/** The account with other rights; who loses some, or gets others, is signed out. */
export function withRights(user: UserRow, { role = user.role, disabled = user.disabled }: Rights): UserRow {
  const ends = (disabled && !user.disabled) || role !== user.role;
  return { ...user, role, disabled, token_version: user.token_version + (ends ? 1 : 0) };
}

export function isAdmin({ role, disabled }: Pick<UserRow, 'role' | 'disabled'>): boolean {
  return role === 'admin' && !disabled;
}

/** Throws `conflict` where a change takes away the only administrator; `admins`: how many there are before it. */
export function assertAdminLeft(before: UserRow, after: UserRow, admins: number): void {
  if (admins > 1 || !isAdmin(before) || isAdmin(after)) return;
  throw new WfmError('conflict', 'This is the only administrator. Make somebody else one first.');
}
