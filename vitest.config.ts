import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'backend/**/*.test.ts',
      'ui/**/*.test.{ts,tsx}',
      'e2e/**/*.test.ts',
      'scripts/**/*.test.ts',
      'workflows/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/.tsc/**'],
    // Two cores on the machines that run this; more workers only make every test slower.
    maxWorkers: 2,
    // A focused test left behind must not hide the others, on a developer's machine either.
    allowOnly: false,
    // Ends what hangs. Much more than anything takes on an idle machine, since a busy one is no fault.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
