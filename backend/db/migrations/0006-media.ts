import type { Migration } from './migration.ts';

/** What was generated for runs (format.md 15.4); the bytes lie with the media files. `record` is the whole row as JSON. */
export const media: Migration = {
  number: 6,
  name: 'media',
  sql: `
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
`,
};
