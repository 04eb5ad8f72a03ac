/**
 * How many cases a property test tries: `ci` in the everyday gate, `nightly` when `npm run nightly` set
 * `WFM_NIGHTLY=1`. Pass it as fast-check's `numRuns`.
 */
export function runs(ci: number, nightly: number): number {
  return process.env['WFM_NIGHTLY'] === '1' ? nightly : ci;
}
