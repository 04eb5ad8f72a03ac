import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestClock, type StoreSetup } from '@wfm/workflow-engine/testing';
import { openDatabase } from '../database.ts';

/** A directory of its own under the system's, and how to remove it. */
export function makeTestDir(): { dataDir: string; remove: () => void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'wfm-db-'));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

/** A real file in a directory of its own, gone after `close`. */
export async function openTestDatabase(): Promise<StoreSetup & { dataDir: string }> {
  const { dataDir, remove } = makeTestDir();
  const clock = createTestClock();
  const database = await openDatabase({ dataDir, clock, role: 'owner' });
  return {
    database,
    clock,
    dataDir,
    async close() {
      await database.close();
      remove();
    },
  };
}
