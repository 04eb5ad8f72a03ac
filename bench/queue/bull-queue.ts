import { importPeer, type Place, type Queue } from './contender.ts';

/** What is used of BullMQ. Its own types would make a build fail where it is not installed. */
interface Bull {
  Queue: new (
    name: string,
    options: object,
  ) => {
    add(name: string, data: object): Promise<unknown>;
    getJobCountByTypes(...types: string[]): Promise<number>;
    close(): Promise<void>;
  };
  Worker: new (
    name: string,
    process: (job: { data: { sent_at: number } }) => Promise<void>,
    options: object,
  ) => {
    on(event: 'error', heard: (error: Error) => void): void;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  };
}

/** BullMQ on Redis. */
export async function openBullQueue({ at }: Place): Promise<Queue> {
  const { Queue: BullQueue, Worker } = (await importPeer('bullmq')) as Bull;
  const connection = { host: '127.0.0.1', port: Number(at), maxRetriesPerRequest: null };
  const queue = new BullQueue('bench', { connection });
  let worker: InstanceType<Bull['Worker']> | undefined;
  return {
    async enqueue(sentAt) {
      await queue.add('bench', { sent_at: sentAt });
    },
    async work({ slots, onBegin }) {
      worker = new Worker('bench', async ({ data }) => onBegin(data.sent_at), { connection, concurrency: slots });
      worker.on('error', (error) => console.error(error.message));
      await worker.waitUntilReady();
    },
    left: () => queue.getJobCountByTypes('wait', 'active', 'delayed', 'prioritized', 'paused'),
    async close() {
      await worker?.close();
      await queue.close();
    },
  };
}
