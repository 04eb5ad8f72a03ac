import type { SnapshotSeal } from '@wfm/db';
import type { HttpAppOptions } from '@wfm/http';
import type { Clock, Database } from '@wfm/workflow-engine/ports';
import type { PreviewHost } from '../runner/preview-host.ts';
import type { PublicKeys } from '../utils/public-keys.ts';
import type { SlotLimits } from '../utils/preview-slots.ts';

/** What the program chooses and hands in; a test hands in its own. */
export interface Collaborators {
  host: PreviewHost;
  seal: SnapshotSeal;
  /** The production database, opened for reading: people and their keys, nothing else. */
  production: Pick<Database, 'users' | 'check'>;
  publicKeys: PublicKeys;
  clock: Clock;
  settings: AppSettings;
}

export interface AppSettings {
  corsOrigins: readonly string[];
  trustProxyHops?: number;
  logger?: HttpAppOptions['logger'];
  /** Smaller limits, for tests. */
  slots?: SlotLimits;
  /** Tests: every answer must fit its schema. */
  checkAnswers?: boolean;
}
