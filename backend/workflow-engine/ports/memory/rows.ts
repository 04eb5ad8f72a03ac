import type { RunEvent } from '../../events/run-event.ts';
import type { TemplateRow, VersionRow } from '../definition-store.ts';
import type { RunFileRow } from '../file-store.ts';
import type { KeywordRow, KeywordScope } from '../keyword-store.ts';
import type { BranchRow, KeptValue, RunRow } from '../run-store.ts';
import { nameKeyOf } from './run-writes.ts';
import { joinKey, type MemoryState, type StoredRun } from './state.ts';

/**
 * What a memory database holds of runs, as plain rows by store. Left out: people and their credentials, leases (nobody
 * executes elsewhere), checkpoints (made again from the log), records of calls (they repeat prompts at length and
 * nothing of a preview reads them back).
 */
export interface StoreRows {
  templates: TemplateRow[];
  versions: VersionRow[];
  definitions: { version_id: string; definition: unknown }[];
  runs: (Omit<RunRow, 'executor'> & { idempotency_key: string | null })[];
  branches: BranchRow[];
  events: RunEvent[];
  values: (KeptValue & { workflow_run_id: string })[];
  /** `data` is base64. */
  files: (RunFileRow & { key: string; data: string })[];
  keywords: (KeywordRow & { user_id: string; template_id: string })[];
  keyword_saves: { workflow_run_id: string; key: string; saved: number }[];
}

/** The rows, in the order in which they were stored. Values inside are shared with the database. */
export function exportRows(state: MemoryState): StoreRows {
  const rows: StoreRows = {
    templates: [],
    versions: [],
    definitions: Array.from(state.definitions, ([version_id, definition]) => ({ version_id, definition })),
    runs: [],
    branches: [],
    events: [],
    values: [],
    files: [],
    keywords: [],
    keyword_saves: [],
  };
  for (const { row, versions } of state.templates.values()) {
    rows.templates.push(row);
    rows.versions.push(...versions);
  }
  for (const run of state.runs.values()) exportRun(run, rows);
  for (const { scope, rows: kept } of state.keywords.values()) {
    const of = { user_id: scope.userId, template_id: scope.templateId };
    for (const keyword of kept.values()) rows.keywords.push({ ...of, ...keyword });
  }
  return rows;
}

function exportRun(run: StoredRun, rows: StoreRows): void {
  const { executor: _executor, ...row } = run.row;
  const workflow_run_id = row.workflow_run_id;
  rows.runs.push({ ...row, idempotency_key: run.idempotencyKey });
  for (const branch of run.branches.values()) {
    rows.branches.push(branch.row);
    for (const event of branch.events) rows.events.push(event);
  }
  for (const [sha256, json] of run.values) rows.values.push({ workflow_run_id, sha256, json });
  for (const file of run.files) {
    rows.files.push({ ...file.row, key: file.key, data: Buffer.from(file.data).toString('base64') });
  }
  for (const [key, saved] of run.keywordSaves) rows.keyword_saves.push({ workflow_run_id, key, saved });
}

/** Fills an empty database with exported rows. Every row that names a run or branch comes with that run or branch. */
export function importRows(state: MemoryState, rows: StoreRows): void {
  for (const row of rows.templates) state.templates.set(row.template_id, { row, versions: [] });
  for (const row of rows.versions) state.templates.get(row.template_id)?.versions.push(row);
  for (const { version_id, definition } of rows.definitions) state.definitions.set(version_id, definition);
  for (const row of rows.runs) importRun(state, row);
  for (const row of rows.branches) {
    state.runs.get(row.workflow_run_id)?.branches.set(row.branch_id, { row, events: [], checkpoints: [] });
  }
  for (const event of rows.events) {
    const run = state.runs.get(event.workflow_run_id);
    if (run?.branches.get(event.branch_id)?.events.push(event)) run.eventCount += 1;
  }
  for (const { workflow_run_id, sha256, json } of rows.values)
    state.runs.get(workflow_run_id)?.values.set(sha256, json);
  for (const { key, data, ...row } of rows.files) {
    state.runs.get(row.workflow_run_id)?.files.push({ key, row, data: new Uint8Array(Buffer.from(data, 'base64')) });
  }
  for (const { user_id, template_id, ...row } of rows.keywords) {
    const scope: KeywordScope = { userId: user_id, templateId: template_id };
    const key = joinKey(user_id, template_id);
    const kept = state.keywords.get(key) ?? { scope, rows: new Map<string, KeywordRow>() };
    kept.rows.set(row.keyword, row);
    state.keywords.set(key, kept);
  }
  for (const save of rows.keyword_saves) state.runs.get(save.workflow_run_id)?.keywordSaves.set(save.key, save.saved);
}

function importRun(state: MemoryState, { idempotency_key: idempotencyKey, ...row }: StoreRows['runs'][number]): void {
  state.runs.set(row.workflow_run_id, {
    row: { ...row, executor: null },
    lease: { untilMs: null, boot: null },
    idempotencyKey,
    branches: new Map(),
    eventCount: 0,
    calls: [],
    values: new Map(),
    files: [],
    keywordSaves: new Map(),
  });
  if (idempotencyKey !== null) state.starts.set(joinKey(row.user_id, idempotencyKey), row.workflow_run_id);
  if (row.active_name !== null)
    state.activeNames.set(nameKeyOf({ ...row, executor: null }, row.active_name), row.workflow_run_id);
}
