import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '@wfm/workflow-engine/errors';
import type { Database } from '@wfm/workflow-engine/ports';
import { migrations } from './migrations/index.ts';
import { Connection } from './sqlite/connection.ts';
import { read } from './sqlite/context.ts';
import { schemaOutdated, storageUnavailable } from './sqlite/errors.ts';
import { assertCurrent, migrate } from './sqlite/migrate.ts';
import { type SqliteOptions, sqliteDatabase } from './sqlite/sqlite-database.ts';

export interface OpenOptions extends SqliteOptions {
  /** The directory that holds `wfm.sqlite`; an owner makes it, for its user alone. */
  dataDir: string;
  /**
   * `owner` (server, CLI) brings the schema up to date. `follower` (worker) writes, and waits for an owner to have done
   * so. `reader` (virtual server) never writes, and may be there before the file: until then `check` and every read
   * throw `storage_unavailable` or `schema_outdated`.
   */
  role: 'owner' | 'follower' | 'reader';
  /** How long a follower waits; 30 s by default. */
  schemaWaitMs?: number;
}

/** Opens the one file under `dataDir`. Throws `storage_unavailable`, and for a follower `schema_outdated`. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const file = join(options.dataDir, 'wfm.sqlite');
  const connection = new Connection(file, { readOnly: options.role === 'reader' });
  try {
    if (options.role === 'owner') {
      makeDirectory(options.dataDir);
      await migrate(connection, migrations, { now: () => options.clock.now() });
    }
    if (options.role === 'follower') await waitForSchema(connection, options.schemaWaitMs ?? 30_000);
  } catch (error) {
    connection.close();
    throw error;
  }
  return sqliteDatabase(connection, options);
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storageUnavailable('The data directory cannot be made. Check where WFM_DATA_DIR points.', error);
  }
}

async function waitForSchema(connection: Connection, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      // Opening would make an empty file, which is the owner's to do.
      if (!existsSync(connection.file)) throw schemaOutdated();
      await read(() => assertCurrent(connection, migrations));
      return;
    } catch (error) {
      if (!hasCode(error, 'schema_outdated') || performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
