import type { UserRow } from '@wfm/workflow-engine/ports';

/** What a test may ask for with `test.use({ … })`, beside Playwright's own options (`colorScheme: 'dark'`, …). */
export interface Options {
  /** Who the test's person is; default `member`. */
  role: UserRow['role'];
  /** False: the page begins signed out. */
  signedIn: boolean;
  /** The page's language; `ar` reads from right to left, `pseudo` is longer and strange. */
  language: 'en' | 'ar' | 'pseudo';
}

/** A phone as ux.md U23 has it. */
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
