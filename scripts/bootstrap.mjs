// Installs the dependencies when they are missing or belong to another lockfile; runs before `npm start` and
// `npm test`. It must work on a fresh clone, so it has no dependencies and needs only Node 18.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withInstallLock } from './install-lock.mjs';

const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const minimumRuntime = 24;

/** Where the stamp lies: inside `node_modules`, so that removing the folder removes the claim. */
export const stampPath = (/** @type {string} */ root) => join(root, 'node_modules', '.wfm-install.json');

/**
 * The name of one installation: SHA-256 (hex) of the lockfile, with the platform, because the pinned runtime is
 * a different package on each.
 * @param {string} root
 */
export function installKey(root) {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  return `${process.platform}-${process.arch}-${createHash('sha256').update(lockfile).digest('hex')}`;
}

/** Records that `node_modules` is what the lockfile asks for. @param {string} root */
export function writeStamp(root) {
  writeFileSync(stampPath(root), `${JSON.stringify({ key: installKey(root) })}\n`);
}

/**
 * Why an install is needed, as the end of a sentence, or null when nothing is to be done. An installation that
 * someone made with npm by hand counts as current when npm's own record of it agrees with the lockfile.
 * @param {string} root
 * @returns {string | null}
 */
export function whyInstall(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'node_modules is missing';
  const stamp = readJson(stampPath(root));
  if (stamp?.key === installKey(root)) return null;
  if (installedByHand(root)) return null;
  return stamp ? 'package-lock.json has changed since the last install' : 'the last install did not finish';
}

/**
 * npm writes `node_modules/.package-lock.json` as the last act of an install: every package of the lockfile must
 * stand there in the same version, save optional ones that belong to other platforms.
 * @param {string} root
 */
function installedByHand(root) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    if (!found) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * The environment for `npm ci`: without `NODE_ENV` (production would leave out what the tests need) and without
 * what the npm that started us told its scripts, save where packages come from and are cached.
 * @param {NodeJS.ProcessEnv} env
 */
export function childEnv(env) {
  const kept = /^npm_config_(registry|cache|userconfig|globalconfig|cafile|proxy|https_proxy|noproxy)$/;
  const entries = Object.entries(env).filter(
    ([name]) => name !== 'NODE_ENV' && name !== 'INIT_CWD' && (!name.startsWith('npm_') || kept.test(name)),
  );
  return Object.fromEntries(entries);
}

/**
 * Makes `node_modules` match the lockfile; does nothing when it already does. Two at once are safe: the second
 * waits and finds the work done. Throws an Error whose message tells a person what to do.
 * @param {{ root?: string, say?: (line: string) => void, install?: (root: string) => Promise<number> }} [options]
 */
export async function ensureInstalled({ root = projectRoot, say = console.error, install = npmCi } = {}) {
  if (whyInstall(root) !== null) {
    await withInstallLock(root, say, async () => {
      const reason = whyInstall(root);
      if (reason === null) return;
      say(`wfm: installing dependencies with npm ci, because ${reason} (about a minute)`);
      const code = await install(root);
      if (code !== 0) {
        throw new Error(
          `npm ci ended with code ${code}, so the dependencies are not complete. Its own words stand above. ` +
            'Check that the package registry can be reached and that the disk has room, then try again.',
        );
      }
      writeStamp(root);
    });
  }
  if (!existsSync(stampPath(root))) writeStamp(root);
  checkRuntime(root);
}

/**
 * The pinned runtime comes as an optional package; where there is none, the system's Node must do.
 * @param {string} root
 */
function checkRuntime(root) {
  const pinned = ['node', 'node.exe', 'node.cmd'].some((name) => existsSync(join(root, 'node_modules/.bin', name)));
  if (pinned || Number(process.versions.node.split('.')[0]) >= minimumRuntime) return;
  throw new Error(
    `WFM runs on Node ${minimumRuntime} or later and brings it along for Linux (x64, arm64) and Windows (x64). ` +
      `This is Node ${process.versions.node} on ${process.platform}-${process.arch}: install Node ${minimumRuntime}, ` +
      'or remove "omit=optional" from your npm settings.',
  );
}

/** Runs `npm ci` and gives its exit code. @param {string} root @returns {Promise<number>} */
function npmCi(root) {
  const args = ['ci', '--include=dev', '--include=optional'];
  // Under npm we know its script and the Node that runs it: on Windows the command alone is not a program.
  const cli = process.env['npm_execpath'];
  const direct = cli !== undefined && basename(cli) === 'npm-cli.js' && existsSync(cli);
  const node = process.env['npm_node_execpath'] ?? process.execPath;
  const command = direct ? node : 'npm';
  const child = spawn(command, direct ? [cli, ...args] : args, {
    cwd: root,
    env: childEnv(process.env),
    stdio: ['ignore', 2, 2],
    shell: !direct && process.platform === 'win32',
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`npm could not be started (${error.message}). Is it on the PATH?`)),
    );
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) {
  ensureInstalled().catch((error) => {
    console.error(`wfm: ${error.message}`);
    process.exitCode = 1;
  });
}
