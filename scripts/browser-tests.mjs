// The tests in a real browser: `browser-tests.mjs [REPORT.json] [playwright's arguments]`. Where no Chromium is, they
// are skipped, out loud and in the report; nothing is downloaded.
import { writeFileSync } from 'node:fs';
import { chromiumPath } from './chromium.mjs';
import { runSteps } from './steps.mjs';

const report = process.argv[2]?.endsWith('.json') ? process.argv[2] : undefined;
const rest = process.argv.slice(report === undefined ? 2 : 3);

if (chromiumPath() === null) {
  console.warn(
    'SKIPPED: the browser tests. There is no Chromium: install one ("apt-get install chromium"), or say where it is in WFM_CHROMIUM.',
  );
  if (report !== undefined) writeFileSync(report, JSON.stringify({ skipped: 'no Chromium' }));
} else {
  const [outcome] = await runSteps([
    {
      name: 'browser tests',
      command: ['playwright', 'test', '-c', 'e2e/browser/playwright.config.ts', ...rest],
      env: report === undefined ? {} : { WFM_BROWSER_REPORT: report },
    },
  ]);
  process.exitCode = outcome?.ok ? 0 : 1;
}
