import { existsSync } from 'node:fs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Where this machine has a Chromium, by WFM_CHROMIUM or in the usual places; null where it has none.
 * @returns {string | null}
 */
export function chromiumPath() {
  return [process.env['WFM_CHROMIUM'], ...places].find((path) => path !== undefined && existsSync(path)) ?? null;
}
