import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const backend = join(import.meta.dirname, '../backend');
/** Of our own, of databases and secrets, and of vendors: what a name of a setting looks like. */
const setting =
  /['"`.](WFM_\w+|MONGODB_\w+|JWT_\w+|NODE_ENV|CORS_ORIGINS|COOKIE_DOMAIN|\w+_(?:SECRET|API_KEY|API_TOKEN|BASE_URL|WEBUI_URL|WEBUI_AUTH))\b/g;
/** Nobody sets these but tests. */
const ofTests = new Set(['WFM_TEST_CLOCK']);

test('.env.example lists the settings that programs read, and no other', () => {
  const sources = readdirSync(backend, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !/node_modules|testing|\.test\.ts$|\.testsuite\.ts$/.test(path),
  );
  const read = new Set(
    sources.flatMap((path) =>
      [...readFileSync(join(backend, path), 'utf8').matchAll(setting)].map(([, name = '']) => name),
    ),
  );
  const listed = readFileSync(join(backend, '../.env.example'), 'utf8').matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm);
  const wanted = [...read].filter((name) => !ofTests.has(name)).sort();
  expect([...new Set([...listed].map(([, name = '']) => name))].sort()).toEqual(wanted);
});
