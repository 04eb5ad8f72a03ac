import { compareText } from '../store-rules.ts';
import { toBase64 } from './base64.ts';
import { type StoreRow, type StoreRows, storeRowSchemas, type StoreName } from './store-rows.ts';
import type { MemoryState, StoredRun } from './state.ts';

type UsageOfScope = MemoryState['usage'] extends Map<string, infer Kept> ? Kept : never;

/**
 * The rows of everything but people, in one order for one state (format.md 22): stringified, equal states give equal
 * bytes. The rows share values with the database; turn them into text before the database goes on.
 */
export function exportRows(state: MemoryState): StoreRows {
  const runs = [...state.runs.values()].sort((a, b) => compareText(a.row.workflow_run_id, b.row.workflow_run_id));
  const templates = [...state.templates.values()].sort((a, b) => compareText(a.row.template_id, b.row.template_id));
  const ofRuns = <T>(rows: (run: StoredRun, runId: string) => T[]) =>
    runs.flatMap((run) => rows(run, run.row.workflow_run_id));
  return {
    runs: runs.map(({ row, idempotencyKey }) => pick('runs', { ...row, idempotency_key: idempotencyKey })),
    branches: ofRuns((run) => Array.from(run.branches.values(), ({ row }) => pick('branches', row))),
    events: ofRuns((run) => [...run.branches.values()].flatMap(({ events }) => events)),
    values: ofRuns((run, workflow_run_id) =>
      Array.from(run.values, ([sha256, json]) => ({ workflow_run_id, sha256, json })).sort((a, b) =>
        compareText(a.sha256, b.sha256),
      ),
    ),
    files: ofRuns((run) => run.files.map(({ key, row, data }) => pick('files', { ...row, key, data: toBase64(data) }))),
    effects: ofRuns((run, workflow_run_id) =>
      run.effects.map((effect) => pick('effects', { workflow_run_id, ...effect })),
    ),
    generations: ofRuns((run) => run.generations.map(({ generation }) => pick('generations', generation))),
    contents: ofRuns((run) =>
      run.generations.flatMap(({ contents }) => contents.map((content) => pick('contents', content))),
    ),
    keyword_saves: ofRuns((run, workflow_run_id) =>
      Array.from(run.keywordSaves, ([key, saved]) => ({ workflow_run_id, key, saved })).sort((a, b) =>
        compareText(a.key, b.key),
      ),
    ),
    keywords: [...state.keywords.values()]
      .flatMap(({ scope, rows }) =>
        Array.from(rows.values(), (row) =>
          pick('keywords', { user_id: scope.userId, template_id: scope.templateId, ...row }),
        ),
      )
      .sort(
        (a, b) =>
          compareText(a.user_id, b.user_id) ||
          compareText(a.template_id, b.template_id) ||
          compareText(a.keyword, b.keyword),
      ),
    usage: [...state.usage.values()].flatMap(usageRows).sort(byUsageKey),
    templates: templates.map(({ row }) => pick('templates', row)),
    versions: templates.flatMap(({ versions }) => versions.map((version) => pick('versions', version))),
    definitions: Array.from(state.definitions, ([version_id, definition]) => ({ version_id, definition })).sort(
      (a, b) => compareText(a.version_id, b.version_id),
    ),
  };
}

function usageRows({ scope, times }: UsageOfScope): StoreRow<'usage'>[] {
  const { userId: user_id, templateId: template_id, stepId: step_id, moduleName: module_name } = scope;
  return Array.from(times, ([key, used_at]) => ({ user_id, template_id, step_id, module_name, key, used_at }));
}

function byUsageKey(a: StoreRow<'usage'>, b: StoreRow<'usage'>): number {
  return (
    compareText(a.user_id, b.user_id) ||
    compareText(a.template_id, b.template_id) ||
    compareText(a.step_id, b.step_id) ||
    compareText(a.module_name, b.module_name) ||
    compareText(a.key, b.key)
  );
}

/** The row's fields in the order of its schema, whatever order it was built in. */
function pick<S extends Exclude<StoreName, 'events'>>(store: S, row: StoreRow<S>): StoreRow<S> {
  const picked: Record<string, unknown> = {};
  for (const key of Object.keys(storeRowSchemas[store].shape)) picked[key] = row[key as keyof typeof row];
  return picked as StoreRow<S>;
}
