import { schemaOutdated } from '../storage-errors.ts';
import type { MongoConnection } from './connection.ts';
import { isDuplicate } from './errors.ts';
import type { MongoMigration } from './migrations.ts';

/**
 * Brings a database to the newest schema. A step is noted once all its indexes are there; several programs that start at
 * once do the same and do not disturb each other. Throws `schema_outdated` for a database of a newer program.
 */
export async function migrateMongo(
  connection: MongoConnection,
  migrations: readonly MongoMigration[],
  now: () => Date,
): Promise<void> {
  const done = await schemaNumber(connection);
  if (done > migrations.length) throw schemaOutdated();
  for (const { number, name, indexes } of migrations.slice(done)) {
    for (const [collection, descriptions] of Object.entries(indexes))
      await connection.raw(collection).createIndexes([...descriptions]);
    try {
      const doc = { _id: number, name, applied_at: now().toISOString() };
      await connection.collection('schema_migrations').insertOne(doc);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }
}

/** Throws `schema_outdated` unless the database has exactly the schema that this program knows. */
export async function assertMongoCurrent(
  connection: MongoConnection,
  migrations: readonly MongoMigration[],
): Promise<void> {
  if ((await schemaNumber(connection)) !== migrations.length) throw schemaOutdated();
}

async function schemaNumber(connection: MongoConnection): Promise<number> {
  const newest = await connection.collection('schema_migrations').findOne({}, { sort: { _id: -1 } });
  return newest?._id ?? 0;
}
