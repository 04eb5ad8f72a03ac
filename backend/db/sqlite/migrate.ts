import { isWfmError } from '@wfm/workflow-engine/errors';
import type { Migration } from '../migrations/migration.ts';
import type { Connection } from './connection.ts';
import { schemaOutdated, storageUnavailable } from '../storage-errors.ts';
import { isBusy, toStorageError } from './errors.ts';

/**
 * Brings a file to the newest schema. Each migration is one transaction that also records it and raises
 * `user_version`, so a crash leaves it whole or undone, and of several programs that start at once one applies it.
 * Throws `storage_unavailable` when the file stays busy for `waitMs`, `schema_outdated` for a file of a newer program.
 */
export async function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  options: { now: () => Date; waitMs?: number },
): Promise<void> {
  const deadline = performance.now() + (options.waitMs ?? 30_000);
  for (;;) {
    try {
      if (schemaVersion(connection) >= migrations.length) {
        assertCurrent(connection, migrations);
        return;
      }
      migrateOnce(connection, migrations, options.now());
    } catch (error) {
      if (isWfmError(error) || !isBusy(error)) throw toStorageError(error);
      if (performance.now() > deadline)
        throw storageUnavailable('The database is busy and could not be brought up to date.', error);
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 24));
    }
  }
}

/** The number of the newest migration in the file; 0 for a new one. */
export function schemaVersion(connection: Connection): number {
  return connection.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

/** Throws `schema_outdated` unless the file has exactly the schema that this program knows. */
export function assertCurrent(connection: Connection, migrations: readonly Migration[]): void {
  if (schemaVersion(connection) !== migrations.length) throw schemaOutdated();
}

function migrateOnce(connection: Connection, migrations: readonly Migration[], now: Date): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const next = migrations[schemaVersion(connection)];
    if (next) {
      connection.exec(
        'CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
      );
      connection.exec(next.sql);
      connection.run(
        'INSERT INTO schema_migrations (number, name, applied_at) VALUES (?, ?, ?)',
        next.number,
        next.name,
        now.toISOString(),
      );
      connection.exec(`PRAGMA user_version = ${next.number}`);
    }
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
