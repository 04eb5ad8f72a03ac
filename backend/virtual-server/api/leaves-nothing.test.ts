import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runs } from '@wfm/workflow-engine/testing';

interface Held {
  heap: number;
  handles: string[];
  files: number;
  descriptors: number;
}

describe('R19 previews leave nothing behind', () => {
  it('10 000 sessions (500 in CI) leave no handles, no timers, no files, and memory within 10 %', async () => {
    const soak = fileURLToPath(new URL('../testing/preview-soak.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', soak, String(runs(500, 10_000))]);
    const { before, after, metrics } = JSON.parse(stdout) as { before: Held; after: Held; metrics: string };
    expect(after.handles).toEqual(before.handles);
    expect([after.files, after.descriptors]).toEqual([before.files, before.descriptors]);
    expect(after.heap / before.heap).toBeLessThan(1.1);
    expect(metrics).toMatch(/wfm_previews\{state="running"\} 0/);
  });
});
