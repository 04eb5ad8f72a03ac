import { createSnapshotSeal, createVirtualStorage, keepSecret, openDatabase, systemClock, uuidIds } from '@wfm/db';
import { type HttpApp, loggerOptions } from '@wfm/http';
import { createLlmProvider, createSafeFetch, readProviderSettings } from '@wfm/providers';
import { createRegistry, engineVersion, standardModules } from '@wfm/workflow-engine';
import type { Clock } from '@wfm/workflow-engine/ports';
import { createVirtualApp } from './api/app.ts';
import type { Config, Env } from './config.ts';
import { createInProcessHost } from './runner/in-process-host.ts';
import { loadPublicKeys } from './utils/public-keys.ts';

export interface VirtualServer {
  app: HttpApp;
  /** Ends what runs, then lets go of everything. */
  close(): Promise<void>;
}

/** Chooses what the preview server is made of. The production database is opened for reading, and only users are read. */
export async function composeVirtualServer(config: Config, env: Env): Promise<VirtualServer> {
  const system = systemClock();
  const { testClock } = config;
  const clock: Clock = testClock === undefined ? system : { ...system, now: () => testClock };
  const ids = uuidIds();
  const production = await openDatabase({ dataDir: config.dataDir, clock, role: 'reader' });
  const providers = readProviderSettings(env);
  const http = createSafeFetch(providers.fetch);
  const secrets =
    config.snapshotSecrets.length > 0 ? config.snapshotSecrets : [keepSecret(config.dataDir, 'keys/snapshot.secret')];
  const host = createInProcessHost({
    storage: createVirtualStorage({ clock, ids }),
    registry: createRegistry(standardModules),
    llm: createLlmProvider(providers.llm, http),
    http,
    clock,
    ids,
    engine: engineVersion,
  });
  const app = await createVirtualApp({
    host,
    seal: createSnapshotSeal(secrets),
    production,
    publicKeys: loadPublicKeys(config),
    clock,
    settings: {
      corsOrigins: config.corsOrigins,
      trustProxyHops: config.trustProxyHops,
      logger: loggerOptions(config.logLevel),
    },
  });
  return {
    app,
    async close() {
      app.startDraining();
      await app.close();
      await production.close();
    },
  };
}
