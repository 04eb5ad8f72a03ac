/** What can be said of a package by the modules that we ship, without running it. Runs in a page's worker too. */
export { type CheckedPackage, checkPackage } from './check-package.ts';
