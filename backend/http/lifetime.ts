import type { FastifyRequest } from 'fastify';
import type { HttpApp } from './app-types.ts';

/** Lets `clientSignal` reach the response of a request, which Fastify hands to handlers only. */
export function trackLifetimes(app: HttpApp): void {
  app.decorateRequest('lifetime', null);
  app.addHook('onRequest', async (request, reply) => {
    const controller = new AbortController();
    request.lifetime = controller.signal;
    // Of the response, not the request: a request "closes" as soon as its body has been read.
    reply.raw.once('close', () => controller.abort(new Error('the client has gone, or the answer is complete')));
  });
}

/** Aborted when the client goes away, and when the answer is complete. */
export function clientSignal(request: FastifyRequest): AbortSignal {
  return request.lifetime ?? AbortSignal.abort();
}

/** `Prefer: wait=N` in ms: 10 s by default, 60 s at most, 0 for an answer at once (api.md, Execution). */
export function readPreferWait(headers: Record<string, unknown>): number {
  const { prefer } = headers;
  const text = Array.isArray(prefer) ? prefer.join(',') : typeof prefer === 'string' ? prefer : '';
  const found = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})/i.exec(text);
  return Math.min(found ? Number(found[1]) : 10, 60) * 1000;
}

/** True for `Prefer: respond-async` (RFC 7240): the answer comes at once, and news of the work by another way. */
export function prefersAsync(headers: Record<string, unknown>): boolean {
  const { prefer } = headers;
  const text = Array.isArray(prefer) ? prefer.join(',') : typeof prefer === 'string' ? prefer : '';
  return text.split(/[,;]/).some((part) => part.trim().toLowerCase() === 'respond-async');
}
