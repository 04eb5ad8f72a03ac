import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { PICTURE } from './fake-inspect.ts';

/** One order as the vendor saw it. */
export interface Created {
  jobId: string;
  key: string;
  prompt: string;
  authorization: string;
  /** When it was asked, and how many jobs were unfinished then, this one among them. */
  at: number;
  inFlight: number;
}

/** A vendor on loopback whose jobs take a while, and whose journal says who asked for what. */
export interface FakeVendor {
  url: string;
  created: Created[];
  /** Orders that were answered with an earlier job of the same key. */
  repeated: number;
  polled: number;
  cancelled: string[];
  /** Held: the answer to the first order of a key is kept back until it is released. */
  hold(): void;
  release(): void;
  /** Polls are answered with 503 for so long. */
  failPolls: boolean;
  close(): Promise<void>;
}

export async function startFakeVendor(
  options: { jobMs?: () => number; idempotent?: boolean } = {},
): Promise<FakeVendor> {
  const { jobMs = () => 5 + Math.random() * 20, idempotent = true } = options;
  const jobs = new Map<string, { doneAt: number }>();
  const byKey = new Map<string, string>();
  let gate: PromiseWithResolvers<void> | undefined;

  const create = async (request: IncomingMessage): Promise<object> => {
    const { key, prompt } = JSON.parse(await bodyOf(request)) as { key: string; prompt: string };
    const known = idempotent ? byKey.get(key) : undefined;
    if (known !== undefined) {
      vendor.repeated += 1;
      return { id: known };
    }
    const jobId = randomUUID();
    const now = performance.now();
    jobs.set(jobId, { doneAt: now + jobMs() });
    byKey.set(key, jobId);
    const inFlight = [...jobs.values()].filter(({ doneAt }) => doneAt > now).length;
    const authorization = request.headers.authorization ?? '';
    vendor.created.push({ jobId, key, prompt, authorization, at: now, inFlight });
    await gate?.promise;
    return { id: jobId };
  };

  const answer = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const [, kind, id = ''] = (request.url ?? '').split('/');
    const job = jobs.get(id);
    if (request.method === 'POST' && id === '') return json(reply, 201, await create(request));
    if (!job) return json(reply, 404, { error: 'no such job' });
    if (request.method === 'DELETE') {
      vendor.cancelled.push(id);
      job.doneAt = 0;
      return json(reply, 200, {});
    }
    if (kind === 'files') {
      reply.writeHead(200, { 'content-type': 'image/png' }).end(PICTURE + id);
      return;
    }
    vendor.polled += 1;
    if (vendor.failPolls) return json(reply, 503, { error: 'busy' });
    const done = job.doneAt <= performance.now();
    json(reply, 200, done ? { status: 'done', url: `${vendor.url}/files/${id}` } : { status: 'running' });
  };

  const server = createServer((request, reply) => {
    answer(request, reply).catch(() => reply.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const vendor: FakeVendor = {
    url: `http://127.0.0.1:${port}`,
    created: [],
    repeated: 0,
    polled: 0,
    cancelled: [],
    failPolls: false,
    hold() {
      gate = Promise.withResolvers();
    },
    release() {
      gate?.resolve();
      gate = undefined;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return vendor;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function json(reply: ServerResponse, status: number, body: object): void {
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
