import type { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import { limits } from '../../models/limits.ts';
import { fromBase64 } from './base64.ts';
import { inOrder } from '../media-rules.ts';
import type { Generation } from '../media-store.ts';
import { nameKeyOf } from './run-writes.ts';
import { type StoreRows, storeRowSchemas, storeNames, type StoreName } from './store-rows.ts';
import { usageKeysPerScope } from '../usage-store.ts';
import { usageScopeKey } from './usage.ts';
import { createState, joinKey, type MemoryState, type StoredRun } from './state.ts';

/**
 * Reads what `exportRows` wrote and a client has carried, hence as input: only known stores, every row against its
 * schema, every reference and every line whole. Throws `snapshot_malformed` with the place.
 */
export function importRows(stores: unknown): MemoryState {
  const rows = checkRows(stores);
  const state = createState();
  for (const { idempotency_key: idempotencyKey, ...row } of rows.runs) {
    if (state.runs.has(row.workflow_run_id)) throw malformed('runs', `two runs are called ${row.workflow_run_id}`);
    const run: StoredRun = {
      row: { ...row, executor: null },
      lease: { untilMs: null, boot: null },
      idempotencyKey,
      branches: new Map(),
      eventCount: 0,
      calls: [],
      values: new Map(),
      files: [],
      keywordSaves: new Map(),
      effects: [],
      generations: [],
    };
    state.runs.set(row.workflow_run_id, run);
    if (idempotencyKey !== null) claimOnce(state.starts, joinKey(row.user_id, idempotencyKey), row.workflow_run_id);
    if (row.active_name === null) continue;
    if (row.active_name !== row.project_name) throw malformed('runs', 'an active name is not the project’s');
    claimOnce(state.activeNames, nameKeyOf(run.row, row.active_name), row.workflow_run_id);
  }
  importLines(state, rows);
  importBelongings(state, rows);
  importMedia(state, rows);
  importUsage(state, rows);
  importLibrary(state, rows);
  return state;
}

function importLines(state: MemoryState, rows: StoreRows): void {
  for (const row of rows.branches) {
    const { branches } = requireRun(state, row.workflow_run_id, 'branches');
    // A parent comes before its children, as it did when they were made; so there is no cycle either.
    const parent = row.parent_branch_id === null ? undefined : branches.get(row.parent_branch_id);
    const fits = parent
      ? row.fork_seq >= 0 && row.fork_seq <= parent.row.last_seq
      : branches.size === 0 && row.fork_seq === -1;
    const known = branches.has(row.branch_id) || (row.parent_branch_id !== null && !parent);
    if (!fits || known) throw malformed('branches', `branch ${row.branch_id} does not fit its run`);
    branches.set(row.branch_id, { row: { ...row }, events: [], checkpoints: [] });
  }
  for (const event of rows.events) {
    const run = requireRun(state, event.workflow_run_id, 'events');
    const branch = run.branches.get(event.branch_id);
    if (!branch || event.seq !== branch.row.fork_seq + 1 + branch.events.length) {
      throw malformed('events', `event ${event.seq} of branch ${event.branch_id} does not continue its line`);
    }
    branch.events.push(event);
    run.eventCount += 1;
  }
  for (const { row, branches, eventCount } of state.runs.values()) {
    const ends = [...branches.values()].every(
      (branch) => branch.row.last_seq === branch.row.fork_seq + branch.events.length,
    );
    const current = branches.get(row.current_branch_id);
    if (!ends || current?.row.last_seq !== row.last_seq)
      throw malformed('runs', 'a line does not end where its row says');
    if (eventCount > limits.eventsPerRun || branches.size > limits.branchesPerRun)
      throw malformed('runs', 'a run is over its limits');
  }
}

function importBelongings(state: MemoryState, rows: StoreRows): void {
  for (const { workflow_run_id, sha256, json } of rows.values) {
    requireRun(state, workflow_run_id, 'values').values.set(sha256, json);
  }
  for (const { key, data, ...row } of rows.files) {
    const bytes = fromBase64(data);
    if (bytes.length !== row.bytes) throw malformed('files', `file ${row.file_id} has another size than its row says`);
    requireRun(state, row.workflow_run_id, 'files').files.push({ key, row, data: bytes });
  }
  for (const { workflow_run_id, ...effect } of rows.effects) {
    requireRun(state, workflow_run_id, 'effects').effects.push(effect);
  }
  for (const { workflow_run_id, key, saved } of rows.keyword_saves) {
    requireRun(state, workflow_run_id, 'keyword_saves').keywordSaves.set(key, saved);
  }
  for (const { user_id: userId, template_id: templateId, ...row } of rows.keywords) {
    const key = joinKey(userId, templateId);
    const known = state.keywords.get(key) ?? { scope: { userId, templateId }, rows: new Map() };
    state.keywords.set(key, known);
    known.rows.set(row.keyword, row);
  }
  for (const { rows: keywords } of state.keywords.values()) {
    if (keywords.size > limits.keywordsPerScope) throw malformed('keywords', 'there are too many keywords');
  }
}

/** Records with their contents; a record has one id in all runs, a content one in its own. */
function importMedia(state: MemoryState, rows: StoreRows): void {
  const records = new Map<string, Generation>();
  for (const generation of rows.generations) {
    const { metadata_id: id } = generation;
    if (records.has(id)) throw malformed('generations', `two records are called ${id}`);
    const record: Generation = { generation, contents: [] };
    records.set(id, record);
    requireRun(state, generation.workflow_run_id, 'generations').generations.push(record);
  }
  const taken = new Set<string>();
  for (const content of rows.contents) {
    const record = records.get(content.metadata_id);
    const key = joinKey(content.workflow_run_id, content.content_id);
    const fits = record?.generation.workflow_run_id === content.workflow_run_id && !taken.has(key);
    if (!record || !fits) throw malformed('contents', `content ${content.content_id} does not fit its record`);
    taken.add(key);
    record.contents.push(content);
  }
  for (const record of records.values()) record.contents = inOrder(record.contents);
}

function importUsage(state: MemoryState, rows: StoreRows): void {
  for (const row of rows.usage) {
    const { user_id: userId, template_id: templateId, step_id: stepId, module_name: moduleName, key, used_at } = row;
    const scope = { userId, templateId, stepId, moduleName };
    const known = state.usage.get(usageScopeKey(scope)) ?? { scope, times: new Map<string, string>() };
    state.usage.set(usageScopeKey(scope), known);
    known.times.set(key, used_at);
  }
  for (const { times } of state.usage.values()) {
    if (times.size > usageKeysPerScope) throw malformed('usage', 'there are too many keys');
  }
}

function importLibrary(state: MemoryState, rows: StoreRows): void {
  for (const row of rows.templates) state.templates.set(row.template_id, { row, versions: [] });
  for (const version of rows.versions) {
    const line = state.templates.get(version.template_id);
    if (line?.versions.length !== version.number - 1)
      throw malformed('versions', `version ${version.number} does not fit its template`);
    line.versions.push(version);
  }
  for (const { version_id, definition } of rows.definitions) state.definitions.set(version_id, definition);
}

function checkRows(stores: unknown): StoreRows {
  if (typeof stores !== 'object' || stores === null || Array.isArray(stores))
    throw malformed('', 'it is not an object of stores');
  assertPlain(stores);
  const unknown = Object.keys(stores).find((name) => !Object.hasOwn(storeRowSchemas, name));
  if (unknown !== undefined) throw malformed(unknown, 'there is no such store');
  const checked = Object.fromEntries(
    storeNames.map((store) => {
      // An older snapshot lacks the stores that came later.
      const rows = (stores as Record<string, unknown>)[store];
      return [store, checkStore(store, rows === undefined ? [] : rows)];
    }),
  );
  return checked as StoreRows;
}

function checkStore(store: StoreName, rows: unknown): unknown[] {
  if (!Array.isArray(rows)) throw malformed(store, 'it is not a list of rows');
  return rows.map((row: unknown, index): unknown => {
    const checked: z.ZodSafeParseResult<unknown> = storeRowSchemas[store].safeParse(row);
    if (!checked.success) {
      const issue = checked.error.issues[0];
      throw malformed(
        [`${store}[${index}]`, ...(issue?.path ?? [])].join('.'),
        issue?.message ?? 'it has the wrong shape',
      );
    }
    // An event goes in as it came: a schema keeps only the fields that it knows.
    return store === 'events' ? row : checked.data;
  });
}

/** Refuses deep nesting and `__proto__` before anything recurses over the rows. */
function assertPlain(root: object): void {
  // A row's own levels come on top of the 64 that a value in it may have.
  const maxDepth = limits.jsonDepth + 16;
  const open: { value: object; depth: number }[] = [{ value: root, depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth > maxDepth) throw malformed('', `it is nested more than ${maxDepth} levels deep`);
    if (Object.hasOwn(next.value, '__proto__')) throw malformed('', 'it holds a field "__proto__"');
    for (const value of Object.values(next.value) as unknown[]) {
      if (typeof value === 'object' && value !== null) open.push({ value, depth: next.depth + 1 });
    }
  }
}

function requireRun(state: MemoryState, runId: string, store: StoreName): StoredRun {
  const run = state.runs.get(runId);
  if (!run) throw malformed(store, `there is no run ${runId}`);
  return run;
}

function claimOnce(names: Map<string, string>, key: string, runId: string): void {
  if (names.has(key)) throw malformed('runs', 'two runs hold one name');
  names.set(key, runId);
}

function malformed(place: string, what: string): WfmError {
  return new WfmError('snapshot_malformed', `The snapshot cannot be read: ${what}.`, {
    place: `stores${place && `.${place}`}`,
  });
}
