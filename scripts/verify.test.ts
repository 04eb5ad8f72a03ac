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

  test('adds gate steps and tests', () => {
    const tests = { testResults: [file('passed', 'passed', 'passed', 'pending')] };
    expect(countOutcomes(gate, tests, 0)).toEqual({ passed: 3, failed: 0, skipped: 1, reasons: [] });
  });

  test('a red gate step fails', () => {
    const tests = { testResults: [file('passed', 'passed')] };
    expect(countOutcomes([{ name: 'types', ok: false }], tests, 0)).toMatchObject({ passed: 1, failed: 1 });
  });

  test('a file that could not be loaded fails', () => {
    const tests = { testResults: [file('failed'), file('passed', 'passed')] };
    expect(countOutcomes(gate, tests, 1)).toMatchObject({ passed: 2, failed: 1 });
  });

  test('no test at all fails', () => {
    expect(countOutcomes(gate, { testResults: [] }, 0).reasons).toEqual(['no test was executed']);
  });

  test('a missing report fails', () => {
    expect(countOutcomes(undefined, undefined, 124).failed).toBe(2);
  });

  test('an error outside every test fails', () => {
    const tests = { testResults: [file('passed', 'passed')] };
    expect(countOutcomes(gate, tests, 1).reasons).toEqual(['the test command ended with code 1']);
  });
});
