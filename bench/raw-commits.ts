import { DatabaseSync } from 'node:sqlite';
import { median } from './measure.ts';

/** Median time in ms of one commit that inserts one row of about 1 KB, with the settings that our adapter uses. */
export function rawCommits(file: string, rounds: number): number {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;');
  database.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT');
  const insert = database.prepare('INSERT INTO rows (body) VALUES (?)');
  const body = 'x'.repeat(1000);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    database.exec('BEGIN IMMEDIATE');
    insert.run(body);
    database.exec('COMMIT');
    times.push(performance.now() - startedAt);
  }
  database.close();
  return median(times);
}
