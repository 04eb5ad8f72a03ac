import type { Migration } from './migration.ts';

/** What is being written: packages of files, the drafts and their checkpoints that hold one each, and the versions that were published from one. */
export const drafts: Migration = {
  number: 8,
  name: 'drafts',
  sql: `
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

ALTER TABLE versions ADD COLUMN package_id TEXT;

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
`,
};
