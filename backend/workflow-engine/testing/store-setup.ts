import { afterEach, beforeEach } from 'vitest';
import type { Database } from '../ports/database.ts';
import type { TestClock } from './test-clock.ts';

/** A fresh, empty database on a clock that the test moves. */
export interface StoreSetup {
  database: Database;
  clock: TestClock;
  close(): Promise<void>;
}

/** Opens a fresh database before each test of the enclosing `describe` and closes it after; read it inside tests only. */
export function useDatabase(setup: () => Promise<StoreSetup>): () => StoreSetup {
  let current: StoreSetup | undefined;
  beforeEach(async () => {
    current = await setup();
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });
  return () => {
    if (!current) throw new Error('the database is there inside a test only');
    return current;
  };
}
