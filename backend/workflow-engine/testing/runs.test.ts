import { afterEach, expect, test, vi } from 'vitest';
import { runs } from './runs.ts';

afterEach(() => vi.unstubAllEnvs());

test('the gate takes the small number, a nightly run the large one', () => {
  vi.stubEnv('WFM_NIGHTLY', undefined);
  expect(runs(200, 5000)).toBe(200);
  vi.stubEnv('WFM_NIGHTLY', '1');
  expect(runs(200, 5000)).toBe(5000);
});

test('any other value of the variable is an everyday run', () => {
  vi.stubEnv('WFM_NIGHTLY', '0');
  expect(runs(200, 5000)).toBe(200);
});
