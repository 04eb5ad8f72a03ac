import { databaseContract } from '../../testing/database.testsuite.ts';
import { createTestClock } from '../../testing/test-clock.ts';
import { createMemoryDatabase } from './memory-database.ts';

async function setup() {
  const clock = createTestClock();
  const database = createMemoryDatabase({ clock });
  return { database, clock, close: () => database.close() };
}

databaseContract('memory', setup);
