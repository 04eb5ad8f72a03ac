import { createServer, type Server } from 'node:http';
import type { WorkerMetrics } from './metrics.ts';

/** `/health` and `/metrics` of a worker, for whoever watches the machine; nothing else is answered. */
export interface Health {
  /** Resolves when it listens; rejects where it cannot. */
  listen(port: number, host: string): Promise<number>;
  close(): Promise<void>;
}

/** `check` throws where the worker cannot work now. */
export function createHealth(parts: { engine: string; metrics: WorkerMetrics; check(): Promise<void> }): Health {
  const { engine, metrics } = parts;
  const server = createServer((request, reply) => {
    const path = request.url?.split('?')[0];
    const answer = (status: number, type: string, text: string): void => {
      reply.writeHead(status, { 'content-type': type }).end(request.method === 'HEAD' ? undefined : text);
    };
    const broken = (): void => answer(503, 'text/plain', 'The storage is not available.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'text/plain', 'Only GET.\n');
    else if (path === '/health') {
      const body = JSON.stringify({ service: 'worker', engine });
      parts.check().then(() => answer(200, 'application/json', body), broken);
    } else if (path === '/metrics') metrics.text().then((text) => answer(200, metrics.contentType, text), broken);
    else answer(404, 'text/plain', 'There is /health and /metrics.\n');
  });
  return {
    listen: (port, host) => listen(server, port, host),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
