// `npm test`: all tests without a browser, then the journeys in one; `npm run test:browser` and the nightly run take
// every browser test, which are more than CI has time for. Arguments go to vitest alone; WFM_BROWSER_REPORT names
// the file for the browser's report. Both run, whatever the first says.
import { runSteps } from './steps.mjs';

const report = process.env['WFM_BROWSER_REPORT'];
const journeys = ['smoke.spec.ts', 'pages.spec.ts', 'sessions.spec.ts', 'journeys.spec.ts'];
const outcomes = await runSteps(
  [
    { name: 'tests', command: ['vitest', 'run', ...process.argv.slice(2)] },
    {
      name: 'journeys in a browser',
      command: ['node', 'scripts/browser-tests.mjs', ...(report ? [report] : []), ...journeys],
    },
  ],
  { keepGoing: true },
);
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
