import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestClock } from '@wfm/workflow-engine/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { migrations } from '../migrations/index.ts';
import { makeTestDir } from '../testing/open-test-database.ts';
import { startProcess } from '../testing/start-process.ts';
import { Connection } from './connection.ts';
import { migrate, schemaVersion } from './migrate.ts';

let dir: ReturnType<typeof makeTestDir>;
beforeEach(() => {
  dir = makeTestDir();
});
afterEach(() => dir.remove());

const open = () => new Connection(join(dir.dataDir, 'wfm.sqlite'), { readOnly: false });
const recorded = (connection: Connection) =>
  connection.all('SELECT number, name FROM schema_migrations ORDER BY number');
const all = migrations.map(({ number, name }) => ({ number, name }));

test('migrations are numbered 1, 2, 3, …', () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
});

test('the schema that results is the committed one', async () => {
  const connection = open();
  await migrate(connection, migrations, { now: () => new Date() });
  expect(schemaText(connection)).toBe(readFileSync(new URL('./schema.sql', import.meta.url), 'utf8'));
  connection.close();
});

test('R17 four programs that start at once apply each migration once', async () => {
  const owners = Array.from({ length: 4 }, () => startProcess('own', dir.dataDir));
  expect(await Promise.all(owners.map(({ ended }) => ended))).toEqual(Array.from({ length: 4 }, () => ['done']));
  const connection = open();
  expect(recorded(connection)).toEqual(all);
  expect(schemaVersion(connection)).toBe(migrations.length);
  connection.close();
});

test('R17 killed anywhere in between, the next start finishes the work', async () => {
  // Each migration runs five statements; one kill after the commit of the first, others in the midst.
  for (const statements of [2, 3, 4, 5, 8]) {
    expect(await startProcess('migrateAndDie', dir.dataDir, statements).ended).toEqual([]);
  }
  const connection = open();
  await migrate(connection, migrations, { now: () => new Date() });
  expect(recorded(connection)).toEqual(all);
  expect(schemaText(connection)).toBe(readFileSync(new URL('./schema.sql', import.meta.url), 'utf8'));
  expect(connection.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  connection.close();
});

test('a migration that fails leaves the file as it was', async () => {
  const connection = open();
  const broken = [
    ...migrations.slice(0, 1),
    { number: 2, name: 'broken', sql: 'CREATE TABLE fine (a); CREATE TABLE runs (a);' },
  ];
  await expect(migrate(connection, broken, { now: () => new Date() })).rejects.toThrow(/already exists/);
  expect(recorded(connection)).toEqual(all.slice(0, 1));
  expect(connection.all("SELECT name FROM sqlite_schema WHERE name = 'fine'")).toEqual([]);
  await migrate(connection, migrations, { now: () => new Date() });
  expect(recorded(connection)).toEqual(all);
  connection.close();
});

test('a file of a newer program is refused, unchanged', async () => {
  const connection = open();
  await migrate(connection, migrations, { now: () => new Date() });
  connection.exec('PRAGMA user_version = 99');
  connection.close();
  const clock = createTestClock();
  for (const role of ['owner', 'follower'] as const) {
    const opening = openDatabase({ dataDir: dir.dataDir, clock, role, schemaWaitMs: 50 });
    await expect(opening).rejects.toMatchObject({ code: 'schema_outdated' });
  }
});

/** All objects as SQLite has them, in the order of their making. */
function schemaText(connection: Connection): string {
  const rows = connection.all<{ sql: string }>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid');
  return rows.map(({ sql }) => `${sql};\n`).join('\n');
}
