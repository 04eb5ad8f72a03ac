import type { Migration } from './migration.ts';

/** When a person last chose each item of a question (format.md 16). */
export const usage: Migration = {
  number: 4,
  name: 'usage',
  sql: `
CREATE TABLE usage_times (
  user_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  step_id TEXT NOT NULL,
  module_name TEXT NOT NULL,
  key TEXT NOT NULL,
  used_at TEXT NOT NULL,
  PRIMARY KEY (user_id, template_id, step_id, module_name, key)
) STRICT, WITHOUT ROWID;
`,
};
