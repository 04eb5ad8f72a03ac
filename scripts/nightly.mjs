// What is too slow for every change: property tests with their full number of cases (`runs(ci, nightly)` reads
// WFM_NIGHTLY), every test in a browser, then the benches.
import { ensureInstalled } from './bootstrap.mjs';
import { runSteps } from './steps.mjs';

const fifteenMinutes = String(15 * 60_000);

try {
  await ensureInstalled();
  const outcomes = await runSteps(
    [
      {
        name: 'tests at full size',
        command: ['vitest', 'run', `--testTimeout=${fifteenMinutes}`, `--hookTimeout=${fifteenMinutes}`],
        env: { WFM_NIGHTLY: '1' },
      },
      { name: 'every test in a browser', command: ['node', 'scripts/browser-tests.mjs'] },
      { name: 'bench', command: ['node', 'bench/run.ts'] },
    ],
    { keepGoing: true },
  );
  const failed = outcomes.filter((outcome) => !outcome.ok).map((outcome) => outcome.name);
  console.log(failed.length === 0 ? '\nnightly: passed' : `\nnightly: FAILED at ${failed.join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`nightly: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
