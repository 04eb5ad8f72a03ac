import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BellFile } from './bell-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wfm-bell-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a ring is heard by whoever listens, until it no longer does', async () => {
  const file = join(folder, 'wfm.sqlite');
  const [ours, theirs, deaf] = [new BellFile(file), new BellFile(file), new BellFile(file)];
  const heard = { ours: 0, theirs: 0, deaf: 0 };
  ours.listen(() => (heard.ours += 1));
  deaf.listen(() => (heard.deaf += 1));
  deaf.deafen();
  theirs.listen(() => (heard.theirs += 1));
  await expect
    .poll(() => {
      ours.ring();
      return Math.min(heard.ours, heard.theirs);
    })
    .toBeGreaterThan(0);
  expect(heard.deaf).toBe(0);
  expect(statSync(`${file}-bell`)).toMatchObject({ size: 0, mode: 0o100600 });
  for (const bell of [ours, theirs, deaf]) bell.close();
});

test('where no file can be made, nothing is heard and nothing thrown', () => {
  const bell = new BellFile(join(folder, 'none', 'wfm.sqlite'));
  const work = () => {
    bell.ring();
    bell.listen(() => undefined);
    bell.close();
    bell.close();
  };
  expect(work).not.toThrow();
  expect(readdirSync(folder)).toEqual([]);
});
