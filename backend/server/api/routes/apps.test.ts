import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pagesTag } from '@wfm/http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServerRig, type ServerRig } from '../../testing/server-rig.ts';
import { appPages } from './apps.ts';

/** The pages (ux.md 2.1, 2.6). */

const ui = join(import.meta.dirname, '..', '..', '..', '..', 'ui');
const isBuilt = existsSync(join(ui, 'runner', 'dist', 'index.html'));

let rig: ServerRig;
beforeAll(async () => {
  rig = await createServerRig();
});
afterAll(() => rig.close());

const concrete = (path: string): string => path.replaceAll(/:\w+/g, 'some-id');

describe('the pages', () => {
  test('their addresses are none of the API’s, and the root leads to the runner', async () => {
    const api = rig.routes.filter((route) => !route.schema.tags.includes(pagesTag)).map(({ path }) => path);
    const overlaps = api.filter((path) => path.startsWith('/app'));
    expect(overlaps).toEqual([]);
    expect((await rig.app.inject('/')).headers.location).toBe('/app/');
  });

  test('any other address is a 404 problem, below the apps too', async () => {
    for (const path of ['/app', '/app/nothing', '/app/r/a/b', '/editor/', '/sign-in', '/app/assets/none.js']) {
      const reply = await rig.app.inject(path);
      expect([path, reply.statusCode, reply.headers['content-type']]).toEqual([path, 404, 'application/problem+json']);
    }
  });

  test.skipIf(!isBuilt)(
    'each is the app’s page, under a policy without inline scripts (skipped where the apps are not built)',
    async () => {
      for (const path of Object.values(appPages).flat()) {
        const reply = await rig.app.inject(concrete(path));
        expect([path, reply.statusCode]).toEqual([path, 200]);
        expect(reply.headers).toMatchObject({
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'content-security-policy': expect.stringMatching(/script-src 'self';.*connect-src 'self' http:\/\/\S+;/),
        });
        expect(reply.body).not.toMatch(/<script>|<style|onclick|style=/);
        const [, file] = /src="([^"]+\.js)"/.exec(reply.body) ?? [];
        const script = await rig.app.inject({ url: file ?? '', headers: { 'accept-encoding': 'gzip' } });
        expect([script.statusCode, script.headers['content-encoding'], script.headers['cache-control']]).toEqual([
          200,
          'gzip',
          'public, max-age=31536000, immutable',
        ]);
      }
    },
  );
});
