import type { IndexDescription } from 'mongodb';

/**
 * One step of the schema on MongoDB: the indexes that it adds, by collection. Once it has shipped it never changes; a
 * correction is a new one. Creating an index that is there does nothing, so a step that was interrupted is repeated.
 * Collections of one run can be sharded by `{ run_id: 1 }` (`runs` by `_id`, `calls` and `files` by `family_id`): their
 * unique indexes begin with that key. `names`, `users`, `tasks` and what else crosses runs
 * stays on one shard.
 */
export interface MongoMigration {
  /** 1, 2, 3 … */
  number: number;
  name: string;
  indexes: Readonly<Record<string, readonly (IndexDescription & { name: string })[]>>;
}

const runs: MongoMigration = {
  number: 1,
  name: 'runs',
  indexes: {
    runs: [
      { name: 'recent', key: { user_id: 1, updated_at: -1, _id: -1 } },
      { name: 'processing', key: { status: 1, created_at: 1 } },
      { name: 'children', key: { parent_run_id: 1 } },
      { name: 'busy', key: { busy_ms: 1 } },
    ],
    batches: [
      { name: 'entry', key: { run_id: 1, no: 1 }, unique: true },
      { name: 'line', key: { run_id: 1, branch_id: 1, seq: 1 }, unique: true },
    ],
    branches: [{ name: 'of_run', key: { run_id: 1, no: 1 } }],
    checkpoints: [{ name: 'on_line', key: { run_id: 1, branch_id: 1, seq: 1 } }],
    calls: [
      { name: 'of_family', key: { family_id: 1, order: 1 } },
      { name: 'of_user', key: { user_id: 1, created_at: 1 } },
      { name: 'of_run', key: { run_id: 1 } },
    ],
    values: [{ name: 'of_run', key: { run_id: 1 } }],
    parts: [{ name: 'of_blob', key: { run_id: 1, blob: 1, part: 1 } }],
    files: [
      { name: 'of_family', key: { family_id: 1, order: 1 } },
      { name: 'of_run', key: { run_id: 1, filename: 1, order: 1 } },
      { name: 'of_user', key: { user_id: 1 } },
    ],
  },
};

const library: MongoMigration = {
  number: 2,
  name: 'library',
  indexes: {
    templates: [
      { name: 'line', key: { owner_id: 1, workflow_id: 1 }, unique: true },
      { name: 'by_name', key: { name: 1, _id: 1 } },
      { name: 'by_version', key: { 'versions.version_id': 1 } },
    ],
    uploads: [{ name: 'by_expiry', key: { expires_at: 1 } }],
    keywords: [
      { name: 'of_scope', key: { scope: 1 } },
      { name: 'of_user', key: { user_id: 1 } },
    ],
    keyword_saves: [
      { name: 'entry', key: { scope: 1, no: 1 }, unique: true },
      { name: 'of_run', key: { run_id: 1 } },
    ],
    usage_times: [
      { name: 'of_scope', key: { scope: 1, used_at: -1, key: 1 } },
      { name: 'of_template', key: { user_id: 1, template_id: 1 } },
    ],
  },
};

const users: MongoMigration = {
  number: 3,
  name: 'users',
  indexes: {
    users: [{ name: 'by_id', key: { user_id: 1 }, unique: true }],
    access_keys: [
      { name: 'by_key', key: { key_id: 1 }, unique: true },
      { name: 'of_user', key: { user_id: 1, order: 1 } },
    ],
    refresh_tokens: [
      { name: 'of_family', key: { family_id: 1 } },
      { name: 'of_user', key: { user_id: 1, expires_at: 1 } },
    ],
    one_time_tokens: [{ name: 'by_expiry', key: { expires_at: 1 } }],
  },
};

const work: MongoMigration = {
  number: 4,
  name: 'work',
  indexes: {
    tasks: [
      { name: 'by_task', key: { task_id: 1 }, unique: true },
      { name: 'of_run', key: { run_id: 1, created_at: 1 } },
      { name: 'in_order', key: { status: 1, provider: 1, priority: -1, created_at: 1, order: 1 } },
      { name: 'ended', key: { reported: 1, ended_at: 1 } },
      { name: 'unsettled', key: { settled: 1, status: 1, ended_at: 1 } },
      { name: 'bell', key: { bell: 1 } },
    ],
    generations: [
      { name: 'of_run', key: { run_id: 1, order: 1 } },
      { name: 'by_content', key: { run_id: 1, 'contents.content_id': 1 } },
    ],
    credentials: [{ name: 'of_user', key: { user_id: 1 } }],
  },
};

const invitations: MongoMigration = {
  number: 5,
  name: 'invitations',
  indexes: { invitations: [{ name: 'by_id', key: { invitation_id: 1 }, unique: true }] },
};

const drafts: MongoMigration = {
  number: 6,
  name: 'drafts',
  indexes: {
    packages: [{ name: 'of_template', key: { template_id: 1 } }],
    draft_checkpoints: [{ name: 'of_template', key: { template_id: 1, order: -1 } }],
  },
};

/** All of them, in order. */
export const mongoMigrations: readonly MongoMigration[] = [runs, library, users, work, invitations, drafts];
