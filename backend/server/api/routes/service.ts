import { defineRoute, type HttpMethod, type Route } from '@wfm/http';
import { engineVersion } from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import { z } from 'zod';
import { bytesOf } from '../common.ts';
import type { RouteContext } from '../collaborators.ts';

const tags = ['service'];

/** For machines that watch the server and pages that look for it; `/health` comes with the app itself. */
export function serviceRoutes(context: RouteContext): Route[] {
  const { database, metrics, settings } = context;
  return [
    defineRoute({
      method: 'GET',
      path: '/ready',
      access: 'public',
      schema: {
        summary: 'Readiness: storage reachable, schema current',
        tags,
        response: { 200: z.object({ status: z.literal('ready') }) },
      },
      async handler() {
        await database.check();
        return { status: 'ready' as const };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/metrics',
      access: 'public',
      whileDraining: true,
      schema: { summary: 'Prometheus metrics', tags, response: { 200: bytesOf('text/plain', 'Prometheus text') } },
      async handler({ reply }) {
        return reply
          .type(metrics.registry.contentType)
          .serializer(String)
          .send(await metrics.registry.metrics());
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/config.json',
      access: 'public',
      schema: {
        summary: 'Where the servers are, for the pages',
        tags,
        response: { 200: z.object({ api_url: z.string(), virtual_api_url: z.string(), version: z.string() }) },
      },
      async handler() {
        return { api_url: settings.apiUrl, virtual_api_url: settings.virtualApiUrl, version: engineVersion };
      },
    }),
    ...previewRoutes(),
  ];
}

/** Addresses of the preview server answer 404 here (api.md), and not as runs of that name. */
function previewRoutes(): Route[] {
  const methods: HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const paths = ['/workflow/virtual', '/workflow/virtual/*', '/workflow/plan', '/workflow/generations'];
  return paths.flatMap((path) =>
    methods.map((method) =>
      defineRoute({
        method,
        path,
        access: 'public',
        schema: { summary: 'Not here: previews live on the virtual server', tags },
        handler({ reply }) {
          reply.callNotFound();
          return reply;
        },
      }),
    ),
  );
}

/** Answers of a run's start and so on must not carry preview settings: they would be ignored, and somebody would pay. */
export function refuseMockSettings(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const found = ['mock', 'modes', 'answers', 'scenario'].filter((key) => Object.hasOwn(body, key));
  if (found.length === 0) return;
  throw new WfmError(
    'mock_not_allowed',
    `"${found.join('", "')}" belongs to previews; this server executes for real.`,
    {
      params: { fields: found },
      place: found[0] ?? '',
    },
  );
}
