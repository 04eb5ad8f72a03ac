import type { Migration } from './migration.ts';

/** Which shipped examples were offered, so that a deleted one does not come back. */
export const offeredExamples: Migration = {
  number: 9,
  name: 'offered_examples',
  sql: `
CREATE TABLE offered_examples (
  example TEXT NOT NULL PRIMARY KEY,
  offered_at TEXT NOT NULL
) STRICT;
`,
};
