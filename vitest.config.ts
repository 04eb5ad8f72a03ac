import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['backend/**/*.test.ts', 'e2e/**/*.test.ts', 'scripts/**/*.test.ts', 'workflows/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/.tsc/**'],
    // Two cores on the machines that run this; more workers only make every test slower.
    maxWorkers: 2,
    // A focused test left behind must not hide the others, on a developer's machine either.
    allowOnly: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
