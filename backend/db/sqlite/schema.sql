CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT;

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

CREATE TABLE templates (
  template_id TEXT NOT NULL PRIMARY KEY,
  owner_id TEXT,
  workflow_id TEXT NOT NULL,
  name TEXT NOT NULL,
  search TEXT NOT NULL,
  description TEXT NOT NULL,
  is_global INTEGER NOT NULL,
  newest_version_id TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX templates_line ON templates (owner_id, workflow_id);

CREATE INDEX templates_by_name ON templates (name, template_id);

CREATE TABLE versions (
  template_id TEXT NOT NULL REFERENCES templates (template_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  version_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (template_id, number),
  UNIQUE (template_id, version_id)
) STRICT;

CREATE INDEX versions_by_content ON versions (version_id);

CREATE TABLE definitions (
  version_id TEXT NOT NULL PRIMARY KEY,
  definition TEXT NOT NULL
) STRICT;

CREATE TABLE keywords (
  user_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  keyword TEXT NOT NULL,
  weight REAL NOT NULL,
  last_used TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (user_id, template_id, keyword)
) STRICT;

CREATE TABLE uploads (
  upload_id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  mime TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE INDEX uploads_by_expiry ON uploads (expires_at);

CREATE TABLE users (
  user_id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT,
  disabled INTEGER NOT NULL,
  token_version INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE access_keys (
  no INTEGER PRIMARY KEY,
  key_id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
  label TEXT NOT NULL,
  prefix TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  expires_at TEXT,
  last_used_at TEXT
) STRICT;

CREATE INDEX access_keys_of_user ON access_keys (user_id);

CREATE TABLE refresh_tokens (
  sha256 TEXT NOT NULL PRIMARY KEY,
  family_id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  rotated_at TEXT
) STRICT;

CREATE INDEX refresh_tokens_of_family ON refresh_tokens (family_id);

CREATE INDEX refresh_tokens_of_user ON refresh_tokens (user_id, expires_at);

CREATE TABLE one_time_tokens (
  sha256 TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
  expires_at TEXT NOT NULL
) STRICT;

CREATE TABLE user_settings (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (user_id) ON DELETE CASCADE,
  settings TEXT NOT NULL
) STRICT;

CREATE TABLE usage_times (
  user_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  step_id TEXT NOT NULL,
  module_name TEXT NOT NULL,
  key TEXT NOT NULL,
  used_at TEXT NOT NULL,
  PRIMARY KEY (user_id, template_id, step_id, module_name, key)
) STRICT, WITHOUT ROWID;
