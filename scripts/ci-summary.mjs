// Prints CI's closing line from three reports: `ci-summary.mjs GATE.json TESTS.json BROWSER.json EXIT`, where EXIT is the
// exit code of the tests. A report that is missing counts as a failure, and so does a run without a single test.
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ status: string, message?: string, name: string, assertionResults: { status: string }[] }} TestFile
 * @typedef {{ skipped: string } | { stats: { expected: number, unexpected: number, flaky: number, skipped: number },
 *   errors: unknown[] }} BrowserReport
 * @typedef {{ passed: number, failed: number, skipped: number, reasons: string[] }} Count
 */

/**
 * Counts gate steps and tests together.
 * @param {{ name: string, ok: boolean }[] | undefined} gate outcomes of the gate's steps
 * @param {{ testResults: TestFile[] } | undefined} tests vitest's JSON report
 * @param {BrowserReport | undefined} browser Playwright's JSON report, or why there is none
 * @param {number} exit exit code of the test command
 * @returns {Count}
 */
export function countOutcomes(gate, tests, browser, exit) {
  /** @type {Count} */
  const count = { passed: 0, failed: 0, skipped: 0, reasons: [] };
  const fail = (/** @type {string} */ reason) => {
    count.failed += 1;
    count.reasons.push(reason);
  };
  if (!gate) fail('the gate left no report');
  for (const step of gate ?? []) {
    if (step.ok) count.passed += 1;
    else fail(`gate: ${step.name}`);
  }
  if (!tests) fail('the tests left no report');
  const beforeTests = count.failed;
  let executed = 0;
  for (const file of tests?.testResults ?? []) {
    const failures = file.assertionResults.filter((result) => result.status === 'failed').length;
    const passes = file.assertionResults.filter((result) => result.status === 'passed').length;
    executed += failures + passes;
    count.passed += passes;
    count.skipped += file.assertionResults.length - failures - passes;
    for (let i = 0; i < failures; i += 1) fail(`test in ${file.name}`);
    // A file that could not be loaded, or whose hooks failed, has no failed test of its own.
    if (file.status === 'failed' && failures === 0) fail(`test file ${file.name}`);
  }
  if (tests && executed === 0) fail('no test was executed');
  countBrowser(browser, count, fail);
  if (tests && browser && exit !== 0 && count.failed === beforeTests) fail(`the test command ended with code ${exit}`);
  return count;
}

/**
 * @param {BrowserReport | undefined} browser
 * @param {Count} count
 * @param {(reason: string) => void} fail
 */
function countBrowser(browser, count, fail) {
  if (!browser) return fail('the tests in a browser left no report');
  if ('skipped' in browser) {
    count.skipped += 1;
    return console.warn(`SKIPPED: the tests in a browser: ${browser.skipped}`);
  }
  const { expected, unexpected, flaky, skipped } = browser.stats;
  count.passed += expected;
  count.skipped += skipped;
  // A test that needs a second try is one that fails.
  for (let i = 0; i < unexpected + flaky; i += 1) fail('a test in a browser');
  for (let i = 0; i < browser.errors.length; i += 1) fail('the tests in a browser, outside of any');
  if (expected + unexpected + flaky === 0) fail('no test in a browser was executed');
}

/** @param {string | undefined} path */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path ?? '', 'utf8'));
  } catch {
    return undefined;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) {
  const [gatePath, testsPath, browserPath, exit] = process.argv.slice(2);
  const count = countOutcomes(readReport(gatePath), readReport(testsPath), readReport(browserPath), Number(exit));
  for (const reason of new Set(count.reasons)) console.log(`failed: ${reason}`);
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
  console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
  process.exitCode = count.failed === 0 ? 0 : 1;
}
