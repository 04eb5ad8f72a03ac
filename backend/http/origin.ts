import { WfmError } from '@wfm/workflow-engine/errors';
import type { FastifyRequest } from 'fastify';
import { accessKeyHeader, refreshCookie, sessionCookie } from './credentials.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Closes CSRF (security.md S11): a request that changes something comes from an allowed origin. Throws `origin_refused`.
 *
 * A browser always names the origin of such a request; one that names none, or `null`, is believed only where a browser
 * cannot have added a credential by itself: no cookie of ours. An access key is never sent by a browser on its own.
 */
export function assertOrigin(request: FastifyRequest, allowed: ReadonlySet<string>): void {
  if (safeMethods.has(request.method)) return;
  const hasCookie = request.cookies[sessionCookie] !== undefined || request.cookies[refreshCookie] !== undefined;
  if (!hasCookie && request.headers[accessKeyHeader] !== undefined) return;
  const { origin } = request.headers;
  if (origin === undefined ? !hasCookie : allowed.has(origin)) return;
  throw new WfmError('origin_refused', 'Requests from this origin are not allowed to change anything here.', {
    params: { origin: origin ?? null },
  });
}
