import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childEnv, ensureInstalled, stampPath, whyInstall, writeStamp } from './bootstrap.mjs';
import { lockPath, lockTimes, withInstallLock } from './install-lock.mjs';

let root: string;
let said: string[];
const say = (line: string): void => void said.push(line);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wfm-bootstrap-'));
  said = [];
  writeLockfile('1.0.0');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function packages(version: string): Record<string, object> {
  return {
    '': { name: 'wfm' },
    'node_modules/left': { version, integrity: `sha512-${version}` },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  };
}

function writeLockfile(version: string): void {
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: packages(version) }));
}

/** What npm leaves behind: the folder, its own record, and the pinned runtime's command. */
function pretendInstall(version = '1.0.0'): Promise<number> {
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(root, 'node_modules/.bin/node'), '');
  const { '': _root, 'node_modules/other-platform': _optional, ...installed } = packages(version);
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  return Promise.resolve(0);
}

describe('whether an install is needed', () => {
  test('no node_modules', () => {
    expect(whyInstall(root)).toBe('node_modules is missing');
  });

  test('a stamp of this lockfile means no', async () => {
    await pretendInstall();
    rmSync(join(root, 'node_modules/.package-lock.json'));
    writeStamp(root);
    expect(whyInstall(root)).toBeNull();
  });

  test('a lockfile changed after the stamp means yes', async () => {
    await pretendInstall();
    writeStamp(root);
    writeLockfile('1.0.1');
    expect(whyInstall(root)).toContain('has changed');
  });

  test('an install broken off before npm wrote its record means yes', () => {
    mkdirSync(join(root, 'node_modules/left'), { recursive: true });
    expect(whyInstall(root)).toContain('did not finish');
  });

  test("npm's own record of the same versions means no, of others yes", async () => {
    await pretendInstall('1.0.0');
    expect(whyInstall(root)).toBeNull();
    await pretendInstall('0.9.0');
    expect(whyInstall(root)).toContain('did not finish');
  });
});

describe('ensureInstalled', () => {
  test('installs once, says why in one line, and is silent afterwards', async () => {
    let installs = 0;
    const install = (): Promise<number> => {
      installs += 1;
      return pretendInstall();
    };
    await ensureInstalled({ root, say, install });
    await ensureInstalled({ root, say, install });
    expect(installs).toBe(1);
    expect(said).toEqual([expect.stringMatching(/npm ci, because node_modules is missing/)]);
    expect(existsSync(stampPath(root))).toBe(true);
    expect(existsSync(lockPath(root))).toBe(false);
  });

  test('two at once install once', async () => {
    let installs = 0;
    const install = async (): Promise<number> => {
      installs += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return pretendInstall();
    };
    await Promise.all([ensureInstalled({ root, say, install }), ensureInstalled({ root, say, install })]);
    expect(installs).toBe(1);
    expect(said.some((line) => line.includes('waiting for another install'))).toBe(true);
  });

  test('a failed install is told, leaves no stamp and no lock', async () => {
    const failing = ensureInstalled({ root, say, install: () => Promise.resolve(7) });
    await expect(failing).rejects.toThrow(/ended with code 7/);
    expect(existsSync(stampPath(root))).toBe(false);
    expect(existsSync(lockPath(root))).toBe(false);
  });
});

describe('the lock of an install', () => {
  const times = { ...lockTimes, poll: 5, patience: 100 };
  const leaveLock = (owner: object): void => {
    mkdirSync(lockPath(root));
    writeFileSync(join(lockPath(root), 'owner.json'), JSON.stringify(owner));
  };

  test('of a process that is gone is taken over', async () => {
    leaveLock({ pid: 2 ** 22 + 1, host: hostname() });
    expect(await withInstallLock(root, say, () => Promise.resolve('done'), times)).toBe('done');
  });

  test('of another machine is taken over only when it has not been touched for long', async () => {
    leaveLock({ pid: 1, host: 'elsewhere' });
    await expect(withInstallLock(root, say, () => Promise.resolve(), times)).rejects.toThrow(/held .* too long/);
    const longAgo = new Date(Date.now() - lockTimes.stale - 1_000);
    utimesSync(lockPath(root), longAgo, longAgo);
    expect(await withInstallLock(root, say, () => Promise.resolve('done'), times)).toBe('done');
  });

  test('names its holder while it is held', async () => {
    const owner = await withInstallLock(root, say, () =>
      Promise.resolve(readFileSync(join(lockPath(root), 'owner.json'), 'utf8')),
    );
    expect(JSON.parse(owner)).toEqual({ pid: process.pid, host: hostname() });
  });
});

test('the child sees neither NODE_ENV nor what npm tells its scripts, but still finds its registry', () => {
  const env = childEnv({
    PATH: '/bin',
    NODE_ENV: 'production',
    npm_lifecycle_event: 'pretest',
    npm_config_omit: 'dev',
    npm_package_name: 'wfm',
    npm_config_registry: 'http://localhost:4873/',
    NPM_CONFIG_USERCONFIG: '/etc/npmrc',
  });
  expect(env).toEqual({
    PATH: '/bin',
    npm_config_registry: 'http://localhost:4873/',
    NPM_CONFIG_USERCONFIG: '/etc/npmrc',
  });
});
