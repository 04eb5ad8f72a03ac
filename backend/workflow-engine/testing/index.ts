export { runs } from './runs.ts';
export { createTestClock, type TestClock } from './test-clock.ts';
