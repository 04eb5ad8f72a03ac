import type { MediaHost } from '../modules/module.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import type { EffectRecords } from '../ports/effect-records.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { LlmProvider } from '../ports/llm-provider.ts';
import type { MediaFiles } from '../ports/media-files.ts';
import type { MediaCatalogue } from '../ports/media-provider.ts';
import type { Answerer } from './answerer.ts';

/** The stores that running workflows needs. */
export type EngineDatabase = Pick<
  Database,
  'runs' | 'definitions' | 'content' | 'files' | 'keywords' | 'tables' | 'usage' | 'calls' | 'tasks' | 'media'
> & {
  /** A preview's. */
  effects?: EffectRecords;
};

export interface ProcessorOptions {
  database: EngineDatabase;
  registry: ModuleRegistry;
  llm: LlmProvider;
  http: HttpClient;
  clock: Clock;
  ids: Ids;
  /** The engine's version, stored with every run and shown in every answer. */
  engine: string;
  /** Names this process in leases. */
  executor: string;
  /** What providers can make, and where the bytes of media lie; without it media modules find no provider. */
  media?: { catalogue: MediaCatalogue; files?: MediaFiles; host?: MediaHost };
  /** A preview's; production calls the modules. */
  answerer?: Answerer;
  lease?: { ttlMs: number; renewMs: number };
  /** Told of faults that no request is there to hear. */
  onFault?: (error: unknown, runId: string) => void;
}
