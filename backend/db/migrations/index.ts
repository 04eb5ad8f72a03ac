import { runs } from './0001-runs.ts';
import { library } from './0002-library.ts';
import { users } from './0003-users.ts';
import { usage } from './0004-usage.ts';
import type { Migration } from './migration.ts';

/** All of them, in order. */
export const migrations: readonly Migration[] = [runs, library, users, usage];
