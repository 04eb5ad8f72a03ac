import { hostname } from 'node:os';
import { loggerOptions } from '@wfm/http';
import { openDatabase, openMediaFiles, systemClock, uuidIds } from '@wfm/db';
import {
  createLlmProvider,
  createMediaInspect,
  createSafeFetch,
  createStandardMedia,
  readProviderSettings,
} from '@wfm/providers';
import {
  createRegistry,
  engineVersion,
  standardModules,
  withProviderChecks,
  WorkflowProcessor,
} from '@wfm/workflow-engine';
import { isWfmError } from '@wfm/workflow-engine/errors';
import type { Clock } from '@wfm/workflow-engine/ports';
import type { Collaborators } from './api/collaborators.ts';
import { type Config, ConfigError, type Env } from './config.ts';
import { loadSigningKeys } from './utils/signing-keys.ts';

/** Chooses storage, providers and keys by the configuration. Throws a ConfigError, or the storage's fault. */
export async function compose(
  config: Config,
  env: Env,
  onFault: (error: unknown, runId: string) => void,
): Promise<Collaborators> {
  const clock = clockOf(config.testClock);
  const ids = uuidIds();
  const { dataDir, mongo, credentialsSecret } = config;
  const providers = providerSettings(env);
  const database = await openDatabase({ dataDir, mongo, clock, role: 'owner', credentialsSecret });
  try {
    const keys = loadSigningKeys(config);
    const llm = createLlmProvider(providers.llm);
    const http = createSafeFetch(providers.fetch);
    const { credentials } = database;
    const { catalogue } = createStandardMedia(providers.media, { http, credentials });
    const registry = createRegistry(withProviderChecks(standardModules, catalogue));
    const media = { catalogue, files: openMediaFiles(config), inspect: createMediaInspect() };
    const processor = new WorkflowProcessor({
      database,
      registry,
      llm,
      http,
      media,
      clock,
      ids,
      engine: engineVersion,
      executor: `server ${hostname()} ${process.pid}`,
      onFault,
    });
    const { apiUrl, virtualApiUrl, corsOrigins, cookieDomain, trustProxyHops } = config;
    const settings = {
      apiUrl,
      virtualApiUrl,
      corsOrigins,
      cookieDomain,
      trustProxyHops,
      logger: loggerOptions(config.logLevel),
    };
    return { database, processor, registry, llm, media, clock, ids, keys, settings };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function providerSettings(env: Env): ReturnType<typeof readProviderSettings> {
  try {
    return readProviderSettings(env);
  } catch (error) {
    throw isWfmError(error) ? new ConfigError(error.message) : error;
  }
}

/** Durations stay real under a fixed wall clock, or leases would never end. */
function clockOf(fixed: Date | undefined): Clock {
  const clock = systemClock();
  return fixed === undefined ? clock : { ...clock, now: () => fixed };
}
