import type { KeptMediaFiles } from '@wfm/db';
import type { Authenticator } from '@wfm/http';
import type { ModuleRegistry, WorkflowProcessor } from '@wfm/workflow-engine';
import type { MediaInspect } from '@wfm/providers';
import type { Clock, Database, Ids, LlmProvider, MediaCatalogue } from '@wfm/workflow-engine/ports';
import type { FastifyServerOptions } from 'fastify';
import type { Metrics } from '../utils/metrics.ts';
import type { Sessions } from '../utils/sessions.ts';
import type { SigningKeys } from '../utils/signing-keys.ts';

/** What the program chooses and hands in; a test hands in its own. */
export interface Collaborators {
  database: Database;
  processor: WorkflowProcessor;
  registry: ModuleRegistry;
  llm: LlmProvider;
  clock: Clock;
  ids: Ids;
  keys: SigningKeys;
  media: ServerMedia;
  settings: ServerSettings;
}

/** What providers can make, where the bytes of it lie, and what looks into them. */
export interface ServerMedia {
  catalogue: MediaCatalogue;
  files: KeptMediaFiles;
  inspect: Pick<MediaInspect, 'thumbnail' | 'peaks' | 'foldPeaks'>;
}

export interface ServerSettings {
  apiUrl: string;
  virtualApiUrl: string;
  corsOrigins: readonly string[];
  cookieDomain?: string | undefined;
  trustProxyHops?: number;
  logger?: FastifyServerOptions['logger'];
  /** Tests: every answer must fit its schema. */
  checkAnswers?: boolean;
}

/** What routes work with: the collaborators, and what the app makes of them. */
export interface RouteContext extends Collaborators {
  sessions: Sessions;
  authenticate: Authenticator;
  metrics: Metrics;
}
