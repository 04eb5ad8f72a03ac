import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { test as base, expect } from '@playwright/test';
import type { Scene } from '@wfm/shared/testing';
import { repository } from '../../support/examples.ts';
import { watchFaults } from './faults.ts';
import { countRenders, type Renders } from './renders.ts';

export { expect } from '@playwright/test';

/** The stage: a page on which parts of the pages are looked at alone, with no server behind them. */
export interface Stage {
  /** Draws what is asked in the place of what was there. */
  draw(scene: Scene): Promise<void>;
  /** Opens the page anew, in another language or theme. */
  open(language?: 'en' | 'ar' | 'pseudo'): Promise<void>;
  readonly renders: Renders;
}

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
/** As the server sends it (ux.md 2.6). */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; worker-src 'self'; object-src 'none'; frame-ancestors 'none'";

export const test = base.extend<{ stage: Stage }, { stageUrl: string }>({
  stageUrl: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of what a fixture needs from its pattern
    async ({}, use) => {
      const folder = join(repository, 'ui', 'shared', 'testing', 'dist');
      const server = createServer(({ url = '/' }, reply) => {
        const path = normalize(new URL(url, 'http://stage').pathname);
        const file = path === '/' ? 'index.html' : path.slice(1);
        try {
          const content = readFileSync(join(folder, file));
          reply.writeHead(200, {
            'content-type': types[extname(file)] ?? 'application/octet-stream',
            'content-security-policy': policy,
          });
          reply.end(content);
        } catch {
          reply.writeHead(404).end();
        }
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the stage listens nowhere');
      await use(`http://127.0.0.1:${address.port}/`);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    { scope: 'worker' },
  ],
  stage: async ({ page, context, stageUrl }, use) => {
    const watcher = watchFaults([new URL(stageUrl).origin]);
    watcher.watch(context);
    const renders = await countRenders(page);
    const stage: Stage = {
      renders,
      draw: (scene) => page.evaluate((wanted) => globalThis.stage.draw(wanted), scene),
      async open(language = 'en') {
        await page.goto(stageUrl);
        if (language !== 'en') {
          await page.evaluate((name) => globalThis.localStorage.setItem('wfm.language', name), language);
          await page.reload();
        }
        await expect(page.locator('body[data-ready]')).toBeVisible();
      },
    };
    await stage.open();
    await use(stage);
    expect(watcher.seen(), 'the page complained').toEqual([]);
  },
});
