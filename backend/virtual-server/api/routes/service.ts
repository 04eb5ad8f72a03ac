import { defineRoute, type Route } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import { z } from 'zod';
import type { RouteContext } from '../route-context.ts';

const tags = ['service'];

/** For machines that watch the server; `/health` comes with the app itself. */
export function serviceRoutes({ production, publicKeys, snapshots, metrics }: RouteContext): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/ready',
      access: 'public',
      schema: {
        summary: 'Readiness: users can be read, schema current, sign-in keys there',
        tags,
        response: { 200: z.object({ status: z.literal('ready') }) },
      },
      async handler() {
        await Promise.all([assertReady(production, publicKeys), snapshots.check()]);
        return { status: 'ready' as const };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/metrics',
      access: 'public',
      whileDraining: true,
      schema: {
        summary: 'Prometheus metrics',
        tags,
        response: { 200: { description: 'Prometheus text', content: { 'text/plain': { schema: z.unknown() } } } },
      },
      async handler({ reply }) {
        return reply
          .type(metrics.registry.contentType)
          .serializer(String)
          .send(await metrics.registry.metrics());
      },
    }),
  ];
}

async function assertReady(production: RouteContext['production'], publicKeys: RouteContext['publicKeys']) {
  await production.check();
  if (publicKeys.refresh()) return;
  throw new WfmError('schema_outdated', 'The production server has not been started here yet. Start it first.', {
    transient: true,
    retryAfterMs: 1000,
  });
}
