import { importPeer, type Place, type Queue } from './contender.ts';

/** What is used of graphile-worker. Its own types would make a build fail where it is not installed. */
interface Graphile {
  makeWorkerUtils(options: { pgPool: Pool; logger: unknown }): Promise<{
    migrate(): Promise<void>;
    addJob(task: string, payload: object): Promise<unknown>;
    release(): Promise<void>;
  }>;
  run(options: object): Promise<{ stop(): Promise<void> }>;
  Logger: new (factory: () => (level: string, message: string) => void) => unknown;
}

interface Pool {
  query(sql: string): Promise<{ rows: Record<string, string>[] }>;
  on(event: 'error', heard: (error: Error) => void): void;
  on(event: 'connect', heard: (client: { on: Pool['on'] }) => void): void;
  end(): Promise<void>;
}
type Postgres = { Pool: new (options: { connectionString: string; max: number }) => Pool };

/**
 * graphile-worker on PostgreSQL: as it comes, or `batched`, with its local queue, so that one look takes as many jobs as
 * there are slots and ends that come together are written together.
 */
export async function openGraphileQueue({ at: connectionString, more }: Place): Promise<Queue> {
  const { makeWorkerUtils, run, Logger } = (await importPeer('graphile-worker')) as Graphile;
  const { Pool } = ((await importPeer('pg')) as { default: Postgres }).default;
  const logger = new Logger(() => (level, message) => {
    if (level === 'error') console.error(message);
  });
  const pgPool = new Pool({ connectionString, max: 20 });
  const complain = (error: Error): void => console.error(error.message);
  pgPool.on('error', complain);
  pgPool.on('connect', (client) => client.on('error', complain));
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  let stop = async (): Promise<void> => undefined;
  return {
    async enqueue(sentAt) {
      await utils.addJob('bench', { sent_at: sentAt });
    },
    async work({ slots, onBegin }) {
      const batched =
        more?.['batched'] === undefined ? {} : { localQueue: { size: slots + 1 }, completeJobBatchDelay: 0 };
      const runner = await run({
        preset: { worker: { concurrentJobs: slots, ...batched } },
        pgPool,
        noHandleSignals: true,
        logger,
        taskList: { bench: async (payload: { sent_at: number }) => onBegin(payload.sent_at) },
      });
      stop = () => runner.stop();
    },
    async left() {
      const { rows } = await pgPool.query('SELECT count(*) AS n FROM graphile_worker._private_jobs');
      return Number(rows[0]?.['n']);
    },
    async close() {
      await stop();
      await utils.release();
      await pgPool.end();
    },
  };
}
