import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '@wfm/workflow-engine/errors';
import type { Database } from '@wfm/workflow-engine/ports';
import { migrations } from './migrations/index.ts';
import { MongoConnection } from './mongo/connection.ts';
import { ServerClock } from './mongo/lease-clock.ts';
import { assertMongoCurrent, migrateMongo } from './mongo/migrate.ts';
import { mongoMigrations } from './mongo/migrations.ts';
import { mongoDatabase } from './mongo/mongo-database.ts';
import type { MongoSettings } from './mongo-settings.ts';
import { keepSecret } from './secrets.ts';
import { Connection } from './sqlite/connection.ts';
import { read } from './sqlite/context.ts';
import { assertCurrent, migrate } from './sqlite/migrate.ts';
import { type SqliteOptions, sqliteDatabase } from './sqlite/sqlite-database.ts';
import { schemaOutdated, storageUnavailable } from './storage-errors.ts';

export interface OpenOptions extends Omit<SqliteOptions, 'credentialsSecret'> {
  /** The directory that holds `wfm.sqlite`; an owner makes it, for its user alone. With `mongo` it holds secrets alone. */
  dataDir: string;
  /** MongoDB in place of the file. */
  mongo?: MongoSettings | undefined;
  /**
   * `owner` (server, CLI) brings the schema up to date. `follower` (worker) writes, and waits for an owner to have done
   * so. `reader` (virtual server) never writes, and may be there before the file: until then `check` and every read
   * throw `storage_unavailable` or `schema_outdated`.
   */
  role: 'owner' | 'follower' | 'reader';
  /** What people's own keys are sealed under (CREDENTIALS_SECRET); by default a secret of the data directory. */
  credentialsSecret?: string | undefined;
  /** How long a follower waits; 30 s by default. */
  schemaWaitMs?: number;
}

/**
 * Opens MongoDB where `mongo` names one, else the one file under `dataDir`. Throws `storage_unavailable`, and for a
 * follower `schema_outdated`.
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  if (options.mongo) return openMongo(options, options.mongo);
  const file = join(options.dataDir, 'wfm.sqlite');
  const connection = new Connection(file, { readOnly: options.role === 'reader' });
  try {
    if (options.role === 'owner') {
      makeDirectory(options.dataDir);
      await migrate(connection, migrations, { now: () => options.clock.now() });
    }
    if (options.role === 'follower') await waitForSchema(() => assertFile(connection), options.schemaWaitMs);
  } catch (error) {
    connection.close();
    throw error;
  }
  return sqliteDatabase(connection, { ...options, credentialsSecret: secretOf(options) });
}

async function openMongo(options: OpenOptions, { uri, database }: MongoSettings): Promise<Database> {
  const connection = new MongoConnection({ uri, database, readOnly: options.role === 'reader' });
  const leases = new ServerClock(connection, options.clock);
  try {
    if (options.role === 'owner')
      await connection.write(() => migrateMongo(connection, mongoMigrations, () => options.clock.now()));
    const isCurrent = () => connection.read(() => assertMongoCurrent(connection, mongoMigrations));
    if (options.role === 'follower') await waitForSchema(isCurrent, options.schemaWaitMs);
    // A reader takes no lease, and may be there before the server.
    if (options.role !== 'reader') await connection.read(() => leases.synchronise());
  } catch (error) {
    await connection.close();
    throw error;
  }
  return mongoDatabase(connection, { ...options, leases, credentialsSecret: secretOf(options) });
}

function secretOf({ credentialsSecret, dataDir }: OpenOptions): () => string {
  return () => credentialsSecret ?? keepSecret(dataDir, 'keys/credentials.secret');
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storageUnavailable('The data directory cannot be made. Check where WFM_DATA_DIR points.', error);
  }
}

async function assertFile(connection: Connection): Promise<void> {
  // Opening would make an empty file, which is the owner's to do.
  if (!existsSync(connection.file)) throw schemaOutdated();
  await read(() => assertCurrent(connection, migrations));
}

/** Asks until the schema is there; throws what the last look threw. */
async function waitForSchema(look: () => Promise<void>, waitMs = 30_000): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      await look();
      return;
    } catch (error) {
      if (!hasCode(error, 'schema_outdated') || performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
