import type { Clock, Ids } from '@wfm/workflow-engine/ports';
import type { MongoConnection } from './connection.ts';
import type { Locks } from './locks.ts';
import type { Watchers } from './watchers.ts';

/** The time that leases are measured in: one line for all processes on the database. */
export type LeaseClock = Pick<Clock, 'monotonicMs' | 'bootId'>;

/** What every store of one database shares. */
export interface MongoContext {
  connection: MongoConnection;
  watchers: Watchers;
  locks: Locks;
  clock: Clock;
  leases: LeaseClock;
  ids: Ids;
  /** How long a run that another process is creating is waited for before that process counts as dead. */
  startPatienceMs: number;
}
