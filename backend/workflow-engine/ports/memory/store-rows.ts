import { z } from 'zod';
import type { StoredError } from '../../errors/index.ts';
import { runEventSchema } from '../../events/index.ts';
import { executionModeSchema, progressSchema, runStatuses, storedErrorSchema } from '../../models/execution.ts';
import { jsonObjectSchema } from '../../models/json.ts';
import { contentRowSchema, generationRowSchema } from './media-rows.ts';

/**
 * The rows of a snapshot (format.md 22), one schema a store. Left out: users and uploads, which are not the run's;
 * leases and tasks, which are work under way; checkpoints, which the log gives again; records of calls, which repeat prompts at
 * length and are read by nothing in a preview. Rows of one run keep the order in which
 * they were made, and every key order inside a value is kept, since templates and forms can see it.
 */

const text = z.string();
const count = z.number().int().min(0);

export const storeRowSchemas = {
  runs: z.strictObject({
    workflow_run_id: text,
    user_id: text,
    template_id: text.nullable(),
    template_name: text,
    version_id: text,
    project_name: text,
    active_name: text.nullable(),
    parent_run_id: text.nullable(),
    mode: executionModeSchema,
    engine: text,
    status: z.enum(runStatuses),
    current_branch_id: text,
    last_seq: z.number().int().min(-1),
    progress: progressSchema,
    status_fields: z.array(z.strictObject({ id: text, label: text, value: text })),
    error: z.custom<StoredError>((value) => storedErrorSchema.safeParse(value).success).nullable(),
    interaction_id: text.nullable(),
    fence: count,
    created_at: text,
    updated_at: text,
    idempotency_key: text.nullable(),
  }),
  branches: z.strictObject({
    branch_id: text,
    workflow_run_id: text,
    parent_branch_id: text.nullable(),
    fork_seq: z.number().int().min(-1),
    last_seq: z.number().int().min(-1),
    kind: z.enum(['first', 'retry', 'jump', 'reopen', 'reconcile']),
    name: text.nullable(),
    created_at: text,
  }),
  events: runEventSchema,
  values: z.strictObject({ workflow_run_id: text, sha256: text, json: text }),
  files: z.strictObject({
    file_id: text,
    workflow_run_id: text,
    branch_id: text,
    category: z.enum(['root', 'outputs', 'api_calls']),
    group: text.nullable(),
    filename: text,
    content_type: z.enum(['text', 'json', 'binary']),
    step_id: text,
    module_name: text,
    bytes: count,
    created_at: text,
    key: text,
    data: z.base64(),
  }),
  effects: z.strictObject({
    workflow_run_id: text,
    module_id: text,
    revision: z.number().int(),
    input_hash: text,
    started_at: text,
    outputs: jsonObjectSchema,
  }),
  generations: generationRowSchema,
  contents: contentRowSchema,
  keyword_saves: z.strictObject({ workflow_run_id: text, key: text, saved: count }),
  keywords: z.strictObject({
    user_id: text,
    template_id: text,
    keyword: text,
    weight: z.number(),
    last_used: text,
    fields: jsonObjectSchema,
  }),
  usage: z.strictObject({
    user_id: text,
    template_id: text,
    step_id: text,
    module_name: text,
    key: text,
    used_at: text,
  }),
  templates: z.strictObject({
    template_id: text,
    owner_id: text.nullable(),
    workflow_id: text,
    name: text,
    description: text,
    is_global: z.boolean(),
    newest_version_id: text,
    created_at: text,
    updated_at: text,
  }),
  versions: z.strictObject({
    version_id: text,
    template_id: text,
    number: z.number().int().min(1),
    kind: z.enum(['raw', 'unresolved', 'resolved']),
    note: text,
    created_at: text,
  }),
  definitions: z.strictObject({ version_id: text, definition: z.unknown() }),
};

export type StoreName = keyof typeof storeRowSchemas;
export type StoreRow<S extends StoreName> = z.infer<(typeof storeRowSchemas)[S]>;
/** All rows of a throw-away database, as plain JSON. */
export type StoreRows = { [S in StoreName]: StoreRow<S>[] };

export const storeNames = Object.keys(storeRowSchemas) as StoreName[];

/** No rows in any store. */
export function emptyRows(): StoreRows {
  return Object.fromEntries(storeNames.map((name) => [name, []])) as unknown as StoreRows;
}
