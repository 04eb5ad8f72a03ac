// One install at a time in one folder. The lock is a directory, because making one is atomic everywhere. It lies
// beside node_modules, not inside: npm ci begins by removing that folder.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Where the lock of a project folder lies. @param {string} root */
export const lockPath = (root) => join(root, '.wfm-install.lock');

/**
 * Times in milliseconds. A holder touches its lock every `beat`; a lock untouched for `stale` is given up, even
 * when another machine made it; a waiter gives up after `patience`.
 */
export const lockTimes = { beat: 2_000, stale: 30_000, poll: 250, patience: 15 * 60_000 };

/**
 * Runs `work` while holding the lock of `root`. Throws when another install holds it for too long.
 * @template T
 * @param {string} root
 * @param {(line: string) => void} say
 * @param {() => Promise<T>} work
 * @param {typeof lockTimes} [times]
 * @returns {Promise<T>}
 */
export async function withInstallLock(root, say, work, times = lockTimes) {
  const lock = lockPath(root);
  const giveUpAt = Date.now() + times.patience;
  let told = false;
  while (!tryLock(lock)) {
    if (removeStale(lock, times.stale)) continue;
    if (!told) say(`wfm: waiting for another install in this folder (process ${owner(lock)?.pid ?? 'unknown'})`);
    told = true;
    if (Date.now() > giveUpAt) {
      throw new Error(`Another install has held ${lock} for too long. If none is running, remove that folder.`);
    }
    await new Promise((resolve) => setTimeout(resolve, times.poll));
  }
  const beat = setInterval(() => touch(lock), times.beat);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} lock */
function tryLock(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(lock, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname() }));
  return true;
}

/**
 * Removes a lock whose holder is gone. The rename comes first, so that of two waiters only one removes; if it
 * turns out to have caught a newer holder's lock, it is put back.
 * @param {string} lock
 * @param {number} stale
 */
function removeStale(lock, stale) {
  const seen = owner(lock);
  if (!isStale(lock, seen, stale)) return false;
  const aside = `${lock}.${process.pid}.${Date.now()}`;
  try {
    renameSync(lock, aside);
  } catch {
    return true;
  }
  if (owner(aside)?.pid === seen?.pid) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, lock);
  return true;
}

/**
 * @param {string} lock
 * @param {{ pid: number, host: string } | undefined} holder
 * @param {number} stale
 */
function isStale(lock, holder, stale) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > stale) return true;
  } catch {
    return false;
  }
  if (!holder || holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}

/** @param {string} lock @returns {{ pid: number, host: string } | undefined} */
function owner(lock) {
  try {
    return JSON.parse(readFileSync(join(lock, 'owner.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} lock */
function touch(lock) {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // The folder was removed by hand; the install goes on all the same.
  }
}
