import type { Migration } from './migration.ts';

/** Leave to make an account; only the hash of its code is kept. */
export const invitations: Migration = {
  number: 7,
  name: 'invitations',
  sql: `
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
`,
};
