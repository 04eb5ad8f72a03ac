import type { Migration } from './migration.ts';

/**
 * Tasks of workers (format.md 21), and people's own keys for providers. `task` is what was enqueued, as JSON. Every
 * index that a claim or a sweep uses holds live tasks alone, and `task_counts` follows the table, so that nothing costs
 * more because many tasks have ended. `task_starts` holds the last minute.
 */
export const tasks: Migration = {
  number: 5,
  name: 'tasks',
  sql: `
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
`,
};
