import type { Migration } from './migration.ts';

/** What outlives a run: templates and their versions, keywords of a template, uploads. */
export const library: Migration = {
  number: 2,
  name: 'library',
  sql: `
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
`,
};
