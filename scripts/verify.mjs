// The whole gate, in the order in which a fault is cheapest to find. Options, for CI: `--gate` leaves out the tests,
// `--keep-going` runs every step whatever fails, `--report FILE` writes the outcomes as JSON.
import { writeFileSync } from 'node:fs';
import { ensureInstalled } from './bootstrap.mjs';
import { runSteps } from './steps.mjs';

/** The steps before the tests. */
const gate = [
  { name: 'format', command: ['biome', 'format', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware'] },
  { name: 'boundaries', command: ['npm', 'run', '--silent', 'boundaries'] },
  { name: 'types', command: ['node', 'node_modules/typescript7/bin/tsc', '--build'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
];
const tests = { name: 'tests', command: ['vitest', 'run'] };

const options = process.argv.slice(2);
const steps = options.includes('--gate') ? gate : [...gate, tests];
const reportAt = options.indexOf('--report');

try {
  await ensureInstalled();
  const outcomes = await runSteps(steps, { keepGoing: options.includes('--keep-going') });
  if (reportAt >= 0) writeFileSync(options[reportAt + 1] ?? 'verify.json', JSON.stringify(outcomes));
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
