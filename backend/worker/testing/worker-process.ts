import { mediaDirectory, openDatabase, systemClock, uuidIds } from '@wfm/db';
import { createMediaDownload } from '@wfm/providers';
import { MEDIA_ACTOR } from '@wfm/workflow-engine/models';
import { mediaActor } from '../actors/generate.ts';
import { createWorker } from '../loop.ts';
import { createLog } from '../utils/log.ts';
import { stopOnSignal } from '../utils/stop-on-signal.ts';
import type { Timings } from '../utils/timings.ts';
import { fakeInspect } from './fake-inspect.ts';
import { httpProvider } from './http-provider.ts';

/** A worker as a process of its own, against the vendor of a test: `node worker-process.ts '<settings as JSON>'`. */
export interface WorkerSettings {
  dataDir: string;
  vendorUrl: string;
  atOnce: number;
  slots: number;
  mayRepeat: boolean;
  pollAfterMs: number;
  timings: Timings;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as WorkerSettings;
const { dataDir, vendorUrl, timings } = settings;
const clock = systemClock();
const ids = uuidIds();
const log = createLog('info');
const database = await openDatabase({ dataDir, clock, role: 'follower' });
const provider = httpProvider(vendorUrl, settings);
const worker = createWorker({
  name: `worker ${process.pid}`,
  tasks: database.tasks,
  actors: {
    [MEDIA_ACTOR]: mediaActor({
      providers: { provider: (id) => (id === 'acme' ? provider : null), serverKey: () => 'server-key-1234' },
      credentials: database.credentials,
      media: database.media,
      calls: database.calls,
      files: mediaDirectory(dataDir),
      download: createMediaDownload({ allow: [new URL(vendorUrl).host] }),
      inspect: fakeInspect,
      clock,
      ids,
      log,
    }),
  },
  limits: () => ({ acme: { atOnce: settings.atOnce } }),
  runs: {
    // The runs of these trials are rows without a workflow: there is nothing to carry on.
    report: (task) => database.tasks.markReported({ taskId: task.task_id }),
    sweepTasks: async () => 0,
    sweepRuns: async () => 0,
  },
  clock,
  timings,
  slots: settings.slots,
  log,
});
stopOnSignal(async () => {
  await worker.stop();
  await database.close();
}, log);
log.info('working');
await worker.run();
