import {
  carriedByClient,
  createRunOpener,
  createSnapshotSeal,
  createVirtualStorage,
  keepSecret,
  keepSnapshots,
  openDatabase,
  systemClock,
  uuidIds,
} from '@wfm/db';
import { type HttpApp, loggerOptions } from '@wfm/http';
import { createLlmProvider, createSafeFetch, createStandardMedia, readProviderSettings } from '@wfm/providers';
import { createRegistry, engineVersion, standardModules, withProviderChecks } from '@wfm/workflow-engine';
import { secretsOf } from '@wfm/workflow-engine/mock';
import type { Clock } from '@wfm/workflow-engine/ports';
import { createVirtualApp } from './api/app.ts';
import type { Config, Env } from './config.ts';
import { createInProcessHost } from './runner/in-process-host.ts';
import { createMockMediaLinks } from './utils/mock-media-links.ts';
import { loadPublicKeys } from './utils/public-keys.ts';

export interface VirtualServer {
  app: HttpApp;
  /** Ends what runs, then lets go of everything. */
  close(): Promise<void>;
}

/** Chooses what the preview server is made of. The production database is opened for reading: users, and the runs that they open. */
export async function composeVirtualServer(config: Config, env: Env): Promise<VirtualServer> {
  const system = systemClock();
  const { testClock } = config;
  const clock: Clock = testClock === undefined ? system : { ...system, now: () => testClock };
  const ids = uuidIds();
  const production = await openDatabase({ dataDir: config.dataDir, mongo: config.mongo, clock, role: 'reader' });
  const providers = readProviderSettings(env);
  const http = createSafeFetch(providers.fetch);
  const secrets =
    config.snapshotSecrets.length > 0 ? config.snapshotSecrets : [keepSecret(config.dataDir, 'keys/snapshot.secret')];
  // Only what could be made: media of a preview are mocks.
  const { catalogue } = createStandardMedia(providers.media, { http });
  const mockMedia = createMockMediaLinks(secrets);
  const host = createInProcessHost({
    storage: createVirtualStorage({ clock, ids }),
    registry: createRegistry(withProviderChecks(standardModules, catalogue)),
    llm: createLlmProvider(providers.llm, http),
    http,
    clock,
    ids,
    engine: engineVersion,
    media: { catalogue, urlOf: mockMedia.urlOf },
  });
  const seal = createSnapshotSeal(secrets);
  const { virtualMongoUri: uri } = config;
  const snapshots = uri === undefined ? carriedByClient(seal) : await keepSnapshots({ uri, seal, clock });
  const app = await createVirtualApp({
    host,
    snapshots,
    production,
    opener: createRunOpener(production, engineVersion),
    catalogue,
    mockMedia,
    publicKeys: loadPublicKeys(config),
    clock,
    settings: {
      corsOrigins: config.corsOrigins,
      trustProxyHops: config.trustProxyHops,
      logger: loggerOptions(config.logLevel),
      secrets: secretsOf(env),
    },
  });
  return {
    app,
    async close() {
      app.startDraining();
      await app.close();
      await Promise.all([production.close(), snapshots.close()]);
    },
  };
}
