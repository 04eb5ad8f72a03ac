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
  created_at TEXT NOT NULL, package_id TEXT,
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

CREATE TABLE tasks (
  no INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL UNIQUE,
  run_no INTEGER NOT NULL REFERENCES runs (no),
  idempotency_key TEXT NOT NULL UNIQUE,
  actor TEXT NOT NULL,
  provider TEXT NOT NULL,
  priority INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  task TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  not_before TEXT NOT NULL,
  not_before_ms REAL NOT NULL,
  not_before_boot TEXT NOT NULL,
  lease_owner TEXT,
  lease_until_ms REAL,
  lease_boot TEXT,
  fence INTEGER NOT NULL,
  expiries INTEGER NOT NULL,
  submitting INTEGER NOT NULL,
  operation TEXT,
  progress TEXT,
  result TEXT,
  error TEXT,
  reported INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  holds INTEGER NOT NULL AS (
    status = 'leased' OR (status = 'queued' AND (submitting = 1 OR operation IS NOT NULL))
  ) VIRTUAL
) STRICT;

CREATE INDEX tasks_of_run ON tasks (run_no);

CREATE INDEX tasks_queued ON tasks (provider, priority DESC, created_at, no) WHERE status = 'queued';

CREATE INDEX tasks_holding ON tasks (provider, status) WHERE holds = 1;

CREATE INDEX tasks_leased ON tasks (lease_until_ms) WHERE status = 'leased';

CREATE INDEX tasks_unreported ON tasks (finished_at) WHERE reported = 0 AND finished_at IS NOT NULL;

CREATE INDEX tasks_unsettled ON tasks (finished_at) WHERE settled = 0 AND status IN ('failed', 'cancelled');

CREATE TABLE task_starts (
  no INTEGER PRIMARY KEY,
  provider TEXT NOT NULL,
  task_id TEXT NOT NULL,
  fence INTEGER NOT NULL,
  at TEXT NOT NULL,
  at_ms REAL NOT NULL,
  at_boot TEXT NOT NULL
) STRICT;

CREATE INDEX task_starts_of_provider ON task_starts (provider);

CREATE TABLE task_counts (
  provider TEXT NOT NULL,
  status TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (provider, status)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tasks_added AFTER INSERT ON tasks BEGIN
  INSERT INTO task_counts (provider, status, count) VALUES (new.provider, new.status, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER tasks_moved AFTER UPDATE OF status ON tasks WHEN old.status <> new.status BEGIN
  UPDATE task_counts SET count = count - 1 WHERE provider = old.provider AND status = old.status;
  INSERT INTO task_counts (provider, status, count) VALUES (new.provider, new.status, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER tasks_removed AFTER DELETE ON tasks BEGIN
  UPDATE task_counts SET count = count - 1 WHERE provider = old.provider AND status = old.status;
END;

CREATE TABLE credentials (
  user_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  sealed BLOB NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (user_id, provider)
) STRICT, WITHOUT ROWID;

CREATE TABLE generations (
  no INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs (no),
  metadata_id TEXT NOT NULL UNIQUE,
  interaction_id TEXT,
  status TEXT NOT NULL,
  usd REAL,
  record TEXT NOT NULL
) STRICT;

CREATE INDEX generations_of_run ON generations (run_no);

CREATE TABLE contents (
  no INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs (no),
  generation_no INTEGER NOT NULL REFERENCES generations (no),
  content_id TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  record TEXT NOT NULL,
  UNIQUE (run_no, content_id)
) STRICT;

CREATE INDEX contents_of_generation ON contents (generation_no);

CREATE TABLE invitations (
  invitation_id TEXT NOT NULL PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  email TEXT,
  role TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  user_id TEXT
) STRICT;

CREATE TABLE packages (
  package_id TEXT NOT NULL PRIMARY KEY,
  template_id TEXT NOT NULL REFERENCES templates (template_id) ON DELETE CASCADE,
  entry_point TEXT NOT NULL
) STRICT;

CREATE INDEX packages_of_template ON packages (template_id);

CREATE TABLE package_files (
  package_id TEXT NOT NULL REFERENCES packages (package_id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (package_id, path)
) STRICT;

CREATE TABLE drafts (
  template_id TEXT NOT NULL PRIMARY KEY REFERENCES templates (template_id) ON DELETE CASCADE,
  package_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  base_version_id TEXT NOT NULL,
  edited INTEGER NOT NULL,
  source_buffer TEXT NOT NULL,
  preview TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE draft_checkpoints (
  no INTEGER PRIMARY KEY,
  checkpoint_id TEXT NOT NULL UNIQUE,
  template_id TEXT NOT NULL REFERENCES templates (template_id) ON DELETE CASCADE,
  package_id TEXT NOT NULL,
  label TEXT NOT NULL,
  base_version_id TEXT NOT NULL,
  preview TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX draft_checkpoints_of_template ON draft_checkpoints (template_id, no);

CREATE TABLE offered_examples (
  example TEXT NOT NULL PRIMARY KEY,
  offered_at TEXT NOT NULL
) STRICT;
