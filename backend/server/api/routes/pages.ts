import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineRoute, type Route } from '@wfm/http';
import { bytesOf } from '../common.ts';

const folder = join(import.meta.dirname, '..', '..', 'pages');

const pages = [
  { path: '/sign-in', file: 'sign-in.html', type: 'text/html; charset=utf-8', summary: 'The plain sign-in page' },
  { path: '/sign-in.css', file: 'sign-in.css', type: 'text/css; charset=utf-8', summary: 'Its style' },
  { path: '/sign-in.js', file: 'sign-in.js', type: 'text/javascript; charset=utf-8', summary: 'Its script' },
  { path: '/icon.svg', file: 'icon.svg', type: 'image/svg+xml', summary: 'Its icon' },
];

/** The page that takes a one-time link, until the product's own pages exist. Reading it changes nothing. */
export function pageRoutes(): Route[] {
  const served = pages.map(({ path, file, type, summary }) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return defineRoute({
      method: 'GET',
      path,
      access: 'public',
      schema: { summary, tags: ['pages'], response: { 200: bytesOf(type, summary) } },
      // The address may carry a token: it must not reach another site, nor stay in a cache.
      handler: ({ reply }) =>
        reply
          .type(type)
          .header('cache-control', 'no-store')
          .header('referrer-policy', 'no-referrer')
          .serializer(String)
          .send(text),
    });
  });
  const home = defineRoute({
    method: 'GET',
    path: '/',
    access: 'public',
    schema: {
      summary: 'Leads to the sign-in page',
      tags: ['pages'],
      response: { 302: bytesOf('text/html', 'To /sign-in') },
    },
    handler: ({ reply }) => reply.redirect('/sign-in', 302),
  });
  return [home, ...served];
}
