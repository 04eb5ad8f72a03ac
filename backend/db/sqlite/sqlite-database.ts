import { type Clock, type Database, type Ids, type OwnTableName, ownTables, uuidIds } from '@wfm/workflow-engine/ports';
import { migrations } from '../migrations/index.ts';
import { sqliteCalls } from './calls.ts';
import type { Connection } from './connection.ts';
import { sqliteContent } from './content.ts';
import { read, type SqliteContext } from './context.ts';
import { sqliteCredentials } from './credentials.ts';
import { sqliteDefinitions } from './definitions.ts';
import { sqliteDrafts } from './drafts.ts';
import { sqliteFiles } from './files.ts';
import { sqliteKeywords } from './keywords.ts';
import { sqliteMedia } from './media.ts';
import { assertCurrent } from './migrate.ts';
import { sqliteRuns } from './runs.ts';
import { sqliteTables } from './tables.ts';
import { sqliteTasks } from './tasks.ts';
import { sqliteUsage } from './usage.ts';
import { sqliteUsers } from './users.ts';
import { Watchers } from './watchers.ts';
import { WriteQueue } from './write-queue.ts';

export interface SqliteOptions {
  clock: Clock;
  ids?: Ids;
  /** Which of our tables `db.query` may read; all by default. */
  tables?: readonly OwnTableName[];
  /** How long a write waits for a busy file; 5 s by default. */
  busyMs?: number;
  /** What people's own keys are sealed under; asked for when the first one is kept or read. */
  credentialsSecret: () => string;
}

/**
 * All stores over one open file. One difference to the twins in memory: half of a surrogate pair, which is no character,
 * comes back as U+FFFD from a column of its own (a name); inside JSON it is kept.
 */
export function sqliteDatabase(connection: Connection, options: SqliteOptions): Database {
  const watchers = new Watchers(connection);
  const queue = new WriteQueue(connection, { onCommit: (runIds) => watchers.wake(runIds), busyMs: options.busyMs });
  const context: SqliteContext = { connection, queue, watchers, clock: options.clock, ids: options.ids ?? uuidIds() };
  return {
    runs: sqliteRuns(context),
    calls: sqliteCalls(context),
    definitions: sqliteDefinitions(context),
    content: sqliteContent(context),
    credentials: sqliteCredentials(context, options.credentialsSecret),
    drafts: sqliteDrafts(context),
    files: sqliteFiles(context),
    keywords: sqliteKeywords(context),
    media: sqliteMedia(context),
    tables: sqliteTables(context, options.tables ?? ownTables.map((table) => table.name)),
    tasks: sqliteTasks(context),
    usage: sqliteUsage(context),
    users: sqliteUsers(context),
    check: () => read(() => assertCurrent(connection, migrations)),
    async close() {
      await queue.close();
      watchers.close();
      connection.close();
    },
  };
}
