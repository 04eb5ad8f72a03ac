import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepSecret } from './secrets.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'wfm-secret-')), 'data');
});
afterEach(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

describe('a kept secret', () => {
  it('is made once, and is its owner’s alone', () => {
    const first = keepSecret(dataDir, 'keys/snapshot.secret');
    expect(first.length).toBeGreaterThanOrEqual(43);
    expect(keepSecret(dataDir, 'keys/snapshot.secret', () => 'another')).toBe(first);
    expect(statSync(join(dataDir, 'keys/snapshot.secret')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'keys')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(dataDir, 'keys'))).toEqual(['snapshot.secret']);
  });

  it('is the same for programs that start at once', async () => {
    const script = `
      import { keepSecret } from './backend/db/secrets.ts';
      process.stdout.write(keepSecret(process.argv[1], 'keys/snapshot.secret'));`;
    const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, dataDir]);
    const secrets = await Promise.all([start(), start(), start(), start()]);
    expect(new Set(secrets.map(({ stdout }) => stdout)).size).toBe(1);
  });

  it('is never replaced behind an operator’s back: an empty file stops the start', () => {
    keepSecret(dataDir, 'a.secret');
    writeFileSync(join(dataDir, 'a.secret'), '');
    expect(() => keepSecret(dataDir, 'a.secret')).toThrow(/is empty/);
  });
});
