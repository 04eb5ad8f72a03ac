import { randomUUID } from 'node:crypto';
import { createTestClock, type StoreSetup } from '@wfm/workflow-engine/testing';
import { afterAll } from 'vitest';
import { MongoConnection } from '../mongo/connection.ts';
import { migrateMongo } from '../mongo/migrate.ts';
import { mongoMigrations } from '../mongo/migrations.ts';
import { mongoDatabase } from '../mongo/mongo-database.ts';
import { startMongoServer } from './mongo-server.ts';

/** A server for a whole file of tests, and databases on it that are dropped after each. */
export async function mongoForTests(options: { streams?: boolean } = {}) {
  const { server, missing } = await startMongoServer(options);
  afterAll(() => server?.stop());
  const uri = server?.uri ?? '';

  return {
    /** What is missing on this machine; empty when tests can run. */
    missing,
    uri,
    newName: () => `wfm_test_${randomUUID().slice(0, 8)}`,
    connect: (database: string, readOnly = false) => new MongoConnection({ uri, database, readOnly }),
    /** A fresh database on a clock that the test moves. */
    async open(): Promise<StoreSetup & { connection: MongoConnection }> {
      const connection = new MongoConnection({ uri, database: this.newName(), readOnly: false });
      const clock = createTestClock();
      await migrateMongo(connection, mongoMigrations, () => clock.now());
      const database = mongoDatabase(connection, {
        clock,
        leases: clock,
        credentialsSecret: () => 'a secret of this test',
      });
      return {
        connection,
        database,
        clock,
        async close() {
          await connection.drop();
          await database.close();
        },
      };
    },
  };
}
