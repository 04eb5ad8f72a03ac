import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expectCode } from '@wfm/workflow-engine/testing';
import { describe, expect, test } from 'vitest';
import { mongoForTests } from '../testing/open-mongo-database.ts';
import { assertMongoCurrent, migrateMongo } from './migrate.ts';
import { mongoMigrations } from './migrations.ts';

const mongo = await mongoForTests();
const snapshot = fileURLToPath(new URL('./indexes.json', import.meta.url));
const now = () => new Date('2026-01-01T00:00:00.000Z');

describe.skipIf(mongo.missing !== '')(`migrations on MongoDB ${mongo.missing}`, () => {
  const withDatabase = async (work: (connection: ReturnType<typeof mongo.connect>) => Promise<void>) => {
    const connection = mongo.connect(mongo.newName());
    try {
      await work(connection);
    } finally {
      await connection.drop();
      await connection.close();
    }
  };

  test('R17 the migrations together make exactly the indexes that are committed', () =>
    withDatabase(async (connection) => {
      await migrateMongo(connection, mongoMigrations, now);
      const found: Record<string, unknown[]> = {};
      for (const name of mongoMigrations.flatMap(({ indexes }) => Object.keys(indexes)).sort()) {
        const indexes = await connection.raw(name).listIndexes().toArray();
        found[name] = indexes
          .filter((index) => index['name'] !== '_id_')
          .map((index) => ({
            name: index['name'] as string,
            key: index['key'] as object,
            unique: index['unique'] === true,
          }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      }
      const text = `${JSON.stringify(found, null, 2)}\n`;
      if (process.env['WFM_UPDATE_SNAPSHOTS'] === '1') writeFileSync(snapshot, text);
      expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(snapshot, 'utf8')));
    }));

  test('R17 programs that start at once, and one that starts again, leave one schema', () =>
    withDatabase(async (connection) => {
      await expectCode(assertMongoCurrent(connection, mongoMigrations), 'schema_outdated');
      await Promise.all([1, 2, 3].map(() => migrateMongo(connection, mongoMigrations, now)));
      await migrateMongo(connection, mongoMigrations, now);
      await assertMongoCurrent(connection, mongoMigrations);
      expect(await connection.collection('schema_migrations').countDocuments()).toBe(mongoMigrations.length);
    }));

  test('R17 a database of a newer program is left alone', () =>
    withDatabase(async (connection) => {
      await migrateMongo(connection, mongoMigrations, now);
      const older = mongoMigrations.slice(0, 2);
      await expectCode(migrateMongo(connection, older, now), 'schema_outdated');
      await expectCode(assertMongoCurrent(connection, older), 'schema_outdated');
    }));
});
