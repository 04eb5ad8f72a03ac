import type { Clock, Ids } from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { isBusy, toStorageError } from './errors.ts';
import type { Watchers } from './watchers.ts';
import type { WriteQueue } from './write-queue.ts';

/** What every store of one open file shares. */
export interface SqliteContext {
  connection: Connection;
  queue: WriteQueue;
  watchers: Watchers;
  clock: Clock;
  ids: Ids;
}

/** Several reads of one state, inside `read`: without it another process may write in between. */
export function readAtOnce<T>(connection: Connection, work: () => T): T {
  connection.run('BEGIN');
  try {
    return work();
  } finally {
    connection.run('COMMIT');
  }
}

/**
 * Runs a read and turns SQLite's faults into ours. A reader meets a busy file only for moments (recovery after a crash),
 * so a few tries suffice.
 */
export async function read<T>(work: () => T): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || tries >= 50) throw toStorageError(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 24));
  }
}
