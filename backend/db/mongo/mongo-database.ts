import { type Clock, type Database, type Ids, type OwnTableName, ownTables, uuidIds } from '@wfm/workflow-engine/ports';
import { mongoCalls } from './calls.ts';
import type { MongoConnection } from './connection.ts';
import { mongoContent } from './content.ts';
import type { LeaseClock, MongoContext } from './context.ts';
import { mongoCredentials } from './credentials.ts';
import { mongoDefinitions } from './definitions.ts';
import { mongoDrafts } from './drafts.ts';
import { mongoFiles } from './files.ts';
import { mongoKeywords } from './keywords.ts';
import { Locks } from './locks.ts';
import { assertMongoCurrent } from './migrate.ts';
import { mongoMigrations } from './migrations.ts';
import { mongoMedia } from './media.ts';
import { mongoRuns } from './runs.ts';
import { mongoTables } from './tables.ts';
import { mongoTasks } from './tasks.ts';
import { mongoUsage } from './usage.ts';
import { mongoUsers } from './users.ts';
import { Watchers } from './watchers.ts';

export interface MongoOptions {
  clock: Clock;
  ids?: Ids;
  /** How long another process may be at creating a run before it counts as dead; 2 s by default. */
  startPatienceMs?: number;
  /** What people's own keys are sealed under (CREDENTIALS_SECRET). */
  credentialsSecret: () => string;
  /** Which of our tables `db.query` may read; all by default. */
  tables?: readonly OwnTableName[];
}

/** All stores over one connection. Half of a surrogate pair in a name comes back as U+FFFD; inside JSON it is kept. */
export function mongoDatabase(connection: MongoConnection, options: MongoOptions & { leases: LeaseClock }): Database {
  const watchers = new Watchers(connection);
  const { clock, leases } = options;
  const context: MongoContext = {
    connection,
    watchers,
    locks: new Locks(),
    clock,
    leases,
    ids: options.ids ?? uuidIds(),
    startPatienceMs: options.startPatienceMs ?? 2_000,
  };
  return {
    runs: mongoRuns(context),
    calls: mongoCalls(context),
    definitions: mongoDefinitions(context),
    content: mongoContent(context),
    credentials: mongoCredentials(context, options.credentialsSecret),
    drafts: mongoDrafts(context),
    files: mongoFiles(context),
    keywords: mongoKeywords(context),
    media: mongoMedia(context),
    tables: mongoTables(context, options.tables ?? ownTables.map((table) => table.name)),
    tasks: mongoTasks(context),
    usage: mongoUsage(context),
    users: mongoUsers(context),
    check: () => connection.read(() => assertMongoCurrent(connection, mongoMigrations)),
    async close() {
      watchers.close();
      await connection.close();
    },
  };
}
