import { runs } from './0001-runs.ts';
import { library } from './0002-library.ts';
import { users } from './0003-users.ts';
import { usage } from './0004-usage.ts';
import { tasks } from './0005-tasks.ts';
import { media } from './0006-media.ts';
import { invitations } from './0007-invitations.ts';
import { drafts } from './0008-drafts.ts';
import { offeredExamples } from './0009-offered-examples.ts';
import type { Migration } from './migration.ts';

/** All of them, in order. */
export const migrations: readonly Migration[] = [
  runs,
  library,
  users,
  usage,
  tasks,
  media,
  invitations,
  drafts,
  offeredExamples,
];
