import type { Migration } from './migration.ts';

/**
 * Runs and all that belongs to one. Children refer to a run and a branch by number: short keys keep the pages that an
 * append writes few. `batches.id` is `branch_no * 2^20 + seq of the first event`, so that the log is one tree in the
 * order of its reading, unique per (branch, seq). `updated_minute` orders lists roughly and stays the same for most
 * appends, which therefore leave the index alone; the exact order is found within the minute.
 */
export const runs: Migration = {
  number: 1,
  name: 'runs',
  sql: `
CREATE TABLE runs (
  no INTEGER PRIMARY KEY,
  workflow_run_id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  template_id TEXT,
  template_key TEXT NOT NULL,
  template_name TEXT NOT NULL,
  version_id TEXT NOT NULL,
  project_name TEXT NOT NULL,
  active_name TEXT,
  parent_run_id TEXT,
  mode TEXT NOT NULL,
  engine TEXT NOT NULL,
  status TEXT NOT NULL,
  current_branch_id TEXT NOT NULL,
  current_branch_no INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  branch_count INTEGER NOT NULL,
  progress TEXT NOT NULL,
  status_fields TEXT NOT NULL,
  error TEXT,
  interaction_id TEXT,
  fence INTEGER NOT NULL,
  executor TEXT,
  lease_until_ms REAL,
  lease_boot TEXT,
  search TEXT NOT NULL,
  idempotency_key TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_minute TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX runs_active_name ON runs (user_id, template_key, active_name) WHERE active_name IS NOT NULL;
CREATE UNIQUE INDEX runs_idempotency_key ON runs (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX runs_recent ON runs (user_id, updated_minute) WHERE parent_run_id IS NULL;
CREATE INDEX runs_waiting ON runs (user_id, updated_minute) WHERE parent_run_id IS NULL AND interaction_id IS NOT NULL;
CREATE INDEX runs_processing ON runs (created_at) WHERE status = 'processing';
CREATE INDEX runs_children ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX runs_of_user ON runs (user_id, template_id);

CREATE TABLE branches (
  no INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs (no),
  branch_id TEXT NOT NULL,
  parent_no INTEGER REFERENCES branches (no),
  fork_seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT,
  created_at TEXT NOT NULL,
  UNIQUE (run_no, branch_id)
) STRICT;
CREATE INDEX branches_parent ON branches (parent_no) WHERE parent_no IS NOT NULL;

CREATE TABLE batches (
  id INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  events TEXT NOT NULL
) STRICT;

CREATE TABLE checkpoints (
  branch_no INTEGER NOT NULL REFERENCES branches (no),
  seq INTEGER NOT NULL,
  state TEXT NOT NULL,
  UNIQUE (branch_no, seq)
) STRICT;

CREATE TABLE calls (
  no INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs (no),
  provider TEXT NOT NULL,
  target TEXT NOT NULL,
  created_at TEXT NOT NULL,
  input_tokens REAL,
  output_tokens REAL,
  total_tokens REAL,
  cached_input_tokens REAL,
  reasoning_tokens REAL,
  cost_usd REAL,
  calls REAL NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX calls_of_run ON calls (run_no);

CREATE TABLE run_values (
  run_no INTEGER NOT NULL REFERENCES runs (no),
  sha256 TEXT NOT NULL,
  json TEXT NOT NULL,
  UNIQUE (run_no, sha256)
) STRICT;

CREATE TABLE run_files (
  no INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs (no),
  write_key TEXT NOT NULL,
  file_id TEXT NOT NULL,
  branch_id TEXT NOT NULL,
  category TEXT NOT NULL,
  "group" TEXT,
  filename TEXT NOT NULL,
  content_type TEXT NOT NULL,
  step_id TEXT NOT NULL,
  module_name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (run_no, write_key)
) STRICT;

CREATE TABLE keyword_saves (
  run_no INTEGER NOT NULL REFERENCES runs (no),
  write_key TEXT NOT NULL,
  saved INTEGER NOT NULL,
  UNIQUE (run_no, write_key)
) STRICT;
`,
};
