import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** Doors that a page enters too (architecture.md 2). */
test.each(['models', 'definition', 'display', 'errors', 'schema', 'checks'])(
  'the door %s runs in a browser: nothing behind it asks for Node',
  async (door) => {
    const { errors, outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, door, 'index.ts')],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      write: false,
      logLevel: 'silent',
    });
    expect(errors).toEqual([]);
    expect(outputFiles[0]?.text).not.toMatch(/from\s*["']node:/);
  },
);
