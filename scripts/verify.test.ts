import { describe, expect, test } from 'vitest';
import { countOutcomes } from './ci-summary.mjs';
import { runSteps } from './steps.mjs';

const step = (name: string) => ({ name, command: [name] });
const quiet = { say: () => undefined };

describe('the steps of the gate', () => {
  const run = ({ name }: { name: string }): Promise<number> => Promise.resolve(name === 'bad' ? 3 : 0);

  test('stop at the first that fails', async () => {
    const outcomes = await runSteps([step('good'), step('bad'), step('late')], { ...quiet, run });
    expect(outcomes.map(({ name, ok }) => [name, ok])).toEqual([
      ['good', true],
      ['bad', false],
    ]);
  });

  test('all run when told to keep going', async () => {
    const outcomes = await runSteps([step('bad'), step('late')], { ...quiet, run, keepGoing: true });
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true]);
  });

  test('a program that does not exist is a failure, not a crash', async () => {
    const outcomes = await runSteps([step('no-such-program-anywhere')], quiet);
    expect(outcomes.map(({ ok }) => ok)).toEqual([false]);
  });
});

describe("CI's closing count", () => {
  const gate = [{ name: 'lint', ok: true }];
  const file = (status: string, ...results: string[]) => ({
    name: 'a.test.ts',
    status,
    assertionResults: results.map((result) => ({ status: result })),
  });

  const stats = { expected: 2, unexpected: 0, flaky: 0, skipped: 0 };
  const browser = { stats, errors: [] };

  test('adds gate steps, tests and those in a browser', () => {
    const tests = { testResults: [file('passed', 'passed', 'passed', 'pending')] };
    expect(countOutcomes(gate, tests, browser, 0)).toEqual({ passed: 5, failed: 0, skipped: 1, reasons: [] });
  });

  test('a red gate step fails', () => {
    const tests = { testResults: [file('passed', 'passed')] };
    expect(countOutcomes([{ name: 'types', ok: false }], tests, browser, 0)).toMatchObject({ passed: 3, failed: 1 });
  });

  test('a file that could not be loaded fails', () => {
    const tests = { testResults: [file('failed'), file('passed', 'passed')] };
    expect(countOutcomes(gate, tests, browser, 1)).toMatchObject({ passed: 4, failed: 1 });
  });

  test('no test at all fails', () => {
    expect(countOutcomes(gate, { testResults: [] }, browser, 0).reasons).toEqual(['no test was executed']);
  });

  test('a missing report fails', () => {
    expect(countOutcomes(undefined, undefined, undefined, 124).failed).toBe(3);
  });

  test('an error outside every test fails', () => {
    const tests = { testResults: [file('passed', 'passed')] };
    expect(countOutcomes(gate, tests, browser, 1).reasons).toEqual(['the test command ended with code 1']);
  });

  test('a browser test that fails, or passes at a second try only, is a failure', () => {
    const tests = { testResults: [file('passed', 'passed')] };
    const red = { stats: { ...stats, unexpected: 1, flaky: 1 }, errors: [] };
    expect(countOutcomes(gate, tests, red, 1)).toMatchObject({ passed: 4, failed: 2 });
    expect(countOutcomes(gate, tests, { stats, errors: [{}] }, 1)).toMatchObject({ passed: 4, failed: 1 });
  });

  test('a machine without Chromium skips, and says so', () => {
    const tests = { testResults: [file('passed', 'passed')] };
    expect(countOutcomes(gate, tests, { skipped: 'no Chromium' }, 0)).toMatchObject({
      passed: 2,
      failed: 0,
      skipped: 1,
    });
  });
});
