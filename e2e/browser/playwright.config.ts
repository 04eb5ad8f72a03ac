import { defineConfig } from '@playwright/test';
import { chromiumPath } from '../../scripts/chromium.mjs';
import type { Options } from './support/options.ts';

const executablePath = chromiumPath();
const report = process.env['WFM_BROWSER_REPORT'];

/** Real pages, servers and worker (README.md beside this file). */
export default defineConfig<Options>({
  testDir: '.',
  // Tests of the folder itself are vitest's.
  testMatch: '*.spec.ts',
  outputDir: '.results/artefacts',
  globalSetup: './support/build.ts',
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: report === undefined ? [['list']] : [['list'], ['json', { outputFile: report }]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Lisbon',
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
