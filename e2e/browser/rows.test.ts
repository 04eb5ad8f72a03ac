import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The rows of the plan for the runner. */
const rows = Array.from({ length: 25 }, (_, index) => `U${index + 1}`);

test('each of U1 to U25 is named by a test in a browser', () => {
  const named = new Set(
    readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.spec.ts'))
      .flatMap((name) => titlesOf(readFileSync(join(import.meta.dirname, name), 'utf8')))
      .flatMap((title) => title.match(/\bU\d+\b/g) ?? []),
  );
  expect(rows.filter((row) => !named.has(row))).toEqual([]);
});

/** The titles of a file's tests, also of those that are written once for several cases. */
function titlesOf(source: string): string[] {
  return [...source.matchAll(/\btest\(\s*(['"`])(.*?)\1/gs)].map(([, , title = '']) => title);
}
