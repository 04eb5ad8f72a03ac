import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestClock, type StoreSetup } from '@wfm/workflow-engine/testing';
import { openDatabase } from '../database.ts';

/** A real file in a directory of its own, gone after `close`. */
export async function openTestDatabase(): Promise<StoreSetup & { dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wfm-db-'));
  const clock = createTestClock();
  const database = await openDatabase({ dataDir, clock, role: 'owner' });
  return {
    database,
    clock,
    dataDir,
    async close() {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
