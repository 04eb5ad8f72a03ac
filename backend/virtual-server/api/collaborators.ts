import type { RunOpener, SnapshotCarrier } from '@wfm/db';
import type { HttpAppOptions } from '@wfm/http';
import type { Clock, Database, MediaCatalogue } from '@wfm/workflow-engine/ports';
import type { PreviewHost } from '../runner/preview-host.ts';
import type { MockMediaLinks } from '../utils/mock-media-links.ts';
import type { PublicKeys } from '../utils/public-keys.ts';
import type { SlotLimits } from '../utils/preview-slots.ts';

/** What the program chooses and hands in; a test hands in its own. */
export interface Collaborators {
  host: PreviewHost;
  snapshots: SnapshotCarrier;
  /** The production database, opened for reading: people and their keys. */
  production: Pick<Database, 'users' | 'check'>;
  /** Copies runs out of that database. */
  opener: RunOpener;
  /** What providers could make; never asked to make anything. */
  catalogue: MediaCatalogue;
  mockMedia: MockMediaLinks;
  publicKeys: PublicKeys;
  clock: Clock;
  settings: AppSettings;
}

export interface AppSettings {
  corsOrigins: readonly string[];
  trustProxyHops?: number;
  logger?: HttpAppOptions['logger'];
  /** Texts that must not leave the server, whatever somebody exports. */
  secrets?: readonly string[];
  /** Smaller limits, for tests. */
  slots?: SlotLimits;
  /** Tests: every answer must fit its schema. */
  checkAnswers?: boolean;
}
