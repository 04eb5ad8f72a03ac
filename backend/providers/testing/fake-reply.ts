import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { startServer, type TestServer } from './http-server.ts';

/** What a fake vendor answers to one request, in terms that every vendor's wire format can say. */
export interface FakeReply {
  chunks?: string[];
  /** Why the answer ends; `refusal` as each vendor tells it. */
  finish?: 'stop' | 'length' | 'refusal';
  usage?: { input: number; output: number; cached?: number; reasoning?: number };
  /** An answer by status instead of a stream. */
  status?: number;
  headers?: Record<string, string>;
  /** The body of a failing status, or an error inside the stream after its chunks. */
  error?: { type?: string; code?: string; message: string; param?: string };
  body?: string;
  /** After the chunks: the connection breaks, or nothing more ever comes. */
  /** …or it ends in good order before the event that ends the answer. */
  then?: 'cut' | 'hang' | 'stop-early';
  pauseMs?: number;
}

export interface FakeVendor extends TestServer {
  /** The address to give to a client as base URL. */
  baseUrl: string;
  /** The parsed JSON bodies, in order. */
  bodies: () => Record<string, unknown>[];
}

/** How a vendor's wire format writes a stream: its events before, per chunk and after. */
export interface Wire {
  open: (model: string) => object[];
  chunk: (text: string, at: number) => object;
  close: (reply: FakeReply, text: string) => object[];
  failure: (error: NonNullable<FakeReply['error']>) => object;
  /** The body of a failing status. */
  errorBody: (error: NonNullable<FakeReply['error']>) => object;
  /** Server-sent events carry a name in some formats. */
  named: boolean;
  last?: string;
}

/** Starts a fake vendor on loopback; `wires` says which paths it knows, `reply` what it answers to a parsed body. */
export async function startFake(
  wires: Record<string, Wire>,
  reply: (body: Record<string, unknown>) => FakeReply,
): Promise<FakeVendor> {
  const server = await startServer(async (request, response) => {
    const wire = wires[request.path];
    if (!wire) return void response.writeHead(404).end('<html>not here</html>');
    const body = JSON.parse(request.body) as Record<string, unknown>;
    const answer = reply(body);
    if (answer.status !== undefined && answer.status !== 200) {
      const text = answer.body ?? (answer.error ? JSON.stringify(wire.errorBody(answer.error)) : '');
      return void response
        .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        .end(text);
    }
    return await streamReply(wire, answer, String(body['model']), response);
  });
  return {
    ...server,
    baseUrl: `${server.url}/v1`,
    bodies: () => server.requests.map((request) => JSON.parse(request.body) as Record<string, unknown>),
  };
}

async function streamReply(wire: Wire, reply: FakeReply, model: string, response: ServerResponse): Promise<void> {
  const send = (event: object): void => {
    const name = wire.named && 'type' in event ? `event: ${String(event.type)}\n` : '';
    response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunks = reply.chunks ?? [];
  for (const event of wire.open(model)) send(event);
  for (const [at, chunk] of chunks.entries()) {
    if (reply.pauseMs !== undefined) await wait(reply.pauseMs);
    send(wire.chunk(chunk, at));
  }
  if (reply.error) send(wire.failure(reply.error));
  if (reply.then === 'hang') return;
  if (reply.then === 'cut') {
    await wait(10);
    response.destroy();
    return;
  }
  if (!reply.error && reply.then !== 'stop-early') for (const event of wire.close(reply, chunks.join(''))) send(event);
  response.end(reply.then === 'stop-early' ? undefined : wire.last);
}
