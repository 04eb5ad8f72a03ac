import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A line to the server that a test cuts and mends. */
export interface CutProxy {
  url: string;
  /** Streams that are open now. */
  streams(): number;
  /** The `Last-Event-ID` of each stream that was opened, in order. */
  opened(): readonly (string | undefined)[];
  /** How often an address was asked for. */
  asked(path: string): number;
  /** Breaks every connection, and takes no more. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Stands before the server: a page that is opened here asks here for all it needs. */
export async function startCutProxy(target: string): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  const open = new Set<ServerResponse>();
  const opened: (string | undefined)[] = [];
  const paths: string[] = [];
  let isCut = false;
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    if (request.url?.endsWith('/stream')) {
      open.add(response);
      const id = request.headers['last-event-id'];
      opened.push(typeof id === 'string' ? id : undefined);
      response.once('close', () => open.delete(response));
    }
    if (request.url === '/config.json') void configuration(target, response);
    else forward(target, request, response);
  });
  server.on('connection', (socket: Socket) => {
    if (isCut) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    streams: () => open.size,
    opened: () => opened,
    asked: (path) => paths.filter((asked) => asked.startsWith(path)).length,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => void (isCut = false),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The page's own address is the one to ask. */
async function configuration(target: string, response: ServerResponse): Promise<void> {
  const said = (await (await fetch(`${target}/config.json`)).json()) as Record<string, unknown>;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...said, api_url: '' }));
}

function forward(target: string, request: IncomingMessage, response: ServerResponse): void {
  const { host, port } = new URL(target);
  const { origin } = request.headers;
  const passed = send({
    host: '127.0.0.1',
    port,
    method: request.method,
    path: request.url,
    headers: { ...request.headers, host, ...(origin === undefined ? {} : { origin: target }) },
  });
  passed.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  passed.on('error', () => response.destroy());
  response.on('close', () => passed.destroy());
  request.pipe(passed);
}
