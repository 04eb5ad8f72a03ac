// The whole gate, in the order in which a fault is cheapest to find. For CI, `--ci REPORT` leaves the tests to
// `npm test`, tries `npm start` instead, runs every step whatever fails and writes the outcomes to REPORT as JSON.
import { writeFileSync } from 'node:fs';
import { ensureInstalled } from './bootstrap.mjs';
import { runSteps } from './steps.mjs';

/** The steps before the tests. */
const gate = [
  { name: 'format', command: ['biome', 'format', '--reporter=summary', '.'] },
  { name: 'types of the APIs', command: ['node', 'scripts/api-types.ts'] },
  { name: 'lint', command: ['oxlint', '--type-aware'] },
  { name: 'boundaries', command: ['npm', 'run', '--silent', 'boundaries'] },
  { name: 'types', command: ['node', 'node_modules/typescript7/bin/tsc', '--build'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
];
const tests = { name: 'tests', command: ['node', 'scripts/test.mjs'] };
const start = { name: 'start', command: ['node', 'scripts/smoke-start.mjs'] };

const [option, report] = process.argv.slice(2);
const inCi = option === '--ci' && report !== undefined;
const steps = inCi ? [...gate, start] : [...gate, tests];

try {
  await ensureInstalled();
  const outcomes = await runSteps(steps, { keepGoing: inCi });
  if (inCi) writeFileSync(report, JSON.stringify(outcomes));
  const failed = outcomes.filter((outcome) => !outcome.ok).map((outcome) => outcome.name);
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
  if (failed.length === 0) console.log(`\nverify: all ${steps.length} steps passed in ${seconds.toFixed(0)} s`);
  else {
    console.log(`\nverify: FAILED at ${failed.join(', ')} (see above)`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error(`verify: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
