import { hostname } from 'node:os';
import { openDatabase, openMediaFiles, systemClock, uuidIds } from '@wfm/db';
import {
  createLlmProvider,
  createMediaDownload,
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
import { hasCode, isWfmError } from '@wfm/workflow-engine/errors';
import { MEDIA_ACTOR } from '@wfm/workflow-engine/models';
import { mediaActor } from './actors/generate.ts';
import { type Config, ConfigError, type Env } from './config.ts';
import { createWorker, type Worker } from './loop.ts';
import { createHealth, type Health } from './utils/health.ts';
import type { Log } from './utils/log.ts';
import { createMetrics } from './utils/metrics.ts';
import { defaultTimings } from './utils/timings.ts';

/** The worker and what is closed after it. */
export interface Program {
  worker: Worker;
  health: Health;
  /** Gives runs and files back. */
  close(): Promise<void>;
}

/** Chooses storage and providers by the configuration. Throws a ConfigError, or the storage's fault. */
export async function compose(config: Config, env: Env, log: Log): Promise<Program> {
  const { dataDir, mongo, credentialsSecret, slots } = config;
  const clock = systemClock();
  const ids = uuidIds();
  const settings = providerSettings(env);
  const database = await openDatabase({ dataDir, mongo, clock, role: 'follower', credentialsSecret });
  const { credentials, tasks } = database;
  const name = `worker ${hostname()} ${process.pid}`;
  const http = createSafeFetch(settings.fetch);
  const media = createStandardMedia(settings.media, { http, credentials });
  const files = openMediaFiles(config);
  const processor = new WorkflowProcessor({
    database,
    registry: createRegistry(withProviderChecks(standardModules, media.catalogue)),
    llm: createLlmProvider(settings.llm),
    http,
    media: { catalogue: media.catalogue, files },
    clock,
    ids,
    engine: engineVersion,
    executor: name,
    onFault: (err, workflow_run_id) => {
      const level = hasCode(err, 'lease_lost') ? 'info' : 'error';
      log[level]('execution fault', { err, workflow_run_id });
    },
  });
  const metrics = createMetrics(tasks);
  const worker = createWorker({
    name,
    tasks,
    actors: {
      [MEDIA_ACTOR]: mediaActor({
        providers: media,
        credentials,
        media: database.media,
        calls: database.calls,
        files,
        download: createMediaDownload({ allow: [...settings.fetch.allow, ...settings.media.downloadHosts] }),
        inspect: createMediaInspect(),
        clock,
        ids,
        log,
      }),
    },
    limits: () => Object.fromEntries(media.catalogue.list().map(({ id, limits }) => [id, limits])),
    runs: {
      report: (task) => processor.tasks.report(task),
      sweepTasks: () => processor.tasks.sweep(),
      sweepRuns: () => processor.sweep(),
    },
    clock,
    timings: defaultTimings,
    slots,
    log,
    metrics,
  });
  return {
    worker,
    health: createHealth({ engine: engineVersion, metrics, check: () => database.check() }),
    async close() {
      await processor.close();
      await database.close();
    },
  };
}

function providerSettings(env: Env): ReturnType<typeof readProviderSettings> {
  try {
    return readProviderSettings(env);
  } catch (error) {
    throw isWfmError(error) ? new ConfigError(error.message) : error;
  }
}
