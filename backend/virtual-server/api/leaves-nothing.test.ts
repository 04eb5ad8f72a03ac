import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runs } from '@wfm/workflow-engine/testing';

interface Held {
  heap: number;
  handles: string[];
  files: number;
}

describe('R19 previews leave nothing behind', () => {
  // Each round is four executing requests and a read: 200 previews in CI.
  it('no handles, no timers, no files, no memory', async () => {
    const soak = fileURLToPath(new URL('../testing/preview-soak.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', soak, String(runs(50, 2500))]);
    const { before, after, metrics } = JSON.parse(stdout) as { before: Held; after: Held; metrics: string };
    expect(after.handles).toEqual(before.handles);
    expect(after.files).toBe(before.files);
    expect(after.heap / before.heap).toBeLessThan(1.1);
    expect(metrics).toMatch(/wfm_previews\{state="running"\} 0/);
  });
});
