import { join } from 'node:path';
import { defineRoute, pagesTag, type Route } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type BuiltApp, type BuiltFile, readBuiltApp } from '../../utils/built-app.ts';
import type { RouteContext } from '../collaborators.ts';
import { bytesOf } from '../common.ts';

/** Addresses that a person opens; each app finds its own page by them (ux.md 2.1). Any other is a 404 problem. */
export const appPages = {
  runner: [
    '/app/',
    '/app/sign-in',
    '/app/invite/:code',
    '/app/w/:id',
    '/app/r/:run',
    '/app/waiting',
    '/app/runs',
    '/app/settings',
    '/app/admin/users',
  ],
  editor: ['/editor/w/:id', '/editor/w/:id/compare'],
} as const;

const ui = join(import.meta.dirname, '..', '..', '..', '..', 'ui');
const year = 'public, max-age=31536000, immutable';

/** The pages as they were built, below /app/ and /editor/. Reading them changes nothing. */
export function appRoutes({ settings }: RouteContext): Route[] {
  const policy = contentPolicy(settings.virtualApiUrl);
  return [
    defineRoute({
      method: 'GET',
      path: '/',
      access: 'public',
      schema: { summary: 'Leads to the runner', tags: [pagesTag], response: { 302: bytesOf('text/html', 'To /app/') } },
      handler: ({ reply }) => reply.redirect('/app/', 302),
    }),
    ...routesOf('runner', '/app', readBuiltApp(join(ui, 'runner', 'dist')), policy),
    ...routesOf('editor', '/editor', readBuiltApp(join(ui, 'editor', 'dist')), policy),
  ];
}

function routesOf(name: keyof typeof appPages, base: string, app: BuiltApp | null, policy: string): Route[] {
  const pages = appPages[name].map((path) =>
    defineRoute({
      method: 'GET',
      path,
      access: 'public',
      schema: {
        summary: `A page of the ${name}`,
        tags: [pagesTag],
        ...(path.includes(':') ? { params: z.record(z.string(), z.string()) } : {}),
        response: { 200: bytesOf('text/html; charset=utf-8', `The ${name}`) },
      },
      handler: ({ request, reply }) => {
        if (!app) throw notBuilt(name);
        // An address may carry a token or a name: it reaches no other site, and no cache keeps the page.
        void reply.headers({
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'content-security-policy': policy,
        });
        return send(app.page, request, reply);
      },
    }),
  );
  const assets = defineRoute({
    method: 'GET',
    path: `${base}/assets/:file`,
    access: 'public',
    schema: {
      summary: `A file of the ${name}; its name holds its hash`,
      tags: [pagesTag],
      params: z.object({ file: z.string() }),
      response: { 200: bytesOf('application/octet-stream', 'The file') },
    },
    handler: ({ params, request, reply }) => {
      const file = app?.files.get(`assets/${params.file}`);
      if (!file) throw new WfmError('file_not_found', 'There is no such file.', { params: { file: params.file } });
      return send(file, request, reply.header('cache-control', year));
    },
  });
  const icon = defineRoute({
    method: 'GET',
    path: `${base}/icon.svg`,
    access: 'public',
    schema: {
      summary: `The icon of the ${name}`,
      tags: [pagesTag],
      response: { 200: bytesOf('image/svg+xml', 'Icon') },
    },
    handler: ({ request, reply }) => {
      const file = app?.files.get('icon.svg');
      if (!file) throw notBuilt(name);
      return send(file, request, reply.header('cache-control', 'public, max-age=3600'));
    },
  });
  return [...pages, assets, icon];
}

function send(file: BuiltFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.type(file.type).header('vary', 'accept-encoding');
  const packs = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const body = packs && file.gzip ? file.gzip : file.data;
  if (body === file.gzip) void reply.header('content-encoding', 'gzip');
  return reply.serializer(((data: Buffer) => data) as never).send(body);
}

/** ux.md 2.6: nothing inline, nothing made at run time, and no address but ours and the preview server's. */
function contentPolicy(virtualApiUrl: string): string {
  const preview = new URL(virtualApiUrl).origin;
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self' ${preview}`,
    `img-src 'self' ${preview} data: blob:`,
    `media-src 'self' ${preview} data: blob:`,
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function notBuilt(name: string): WfmError {
  return new WfmError('file_not_found', `The ${name} has not been built. Run: npm run build`, {
    params: { app: name },
  });
}
