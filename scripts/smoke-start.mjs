// Does `npm start` do what the README promises? Starts it on free ports with an empty data directory, waits for the
// printed address and for both servers, stops it and sees the ports closed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './steps.mjs';

const startLimit = 60_000;
const stopLimit = 20_000;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** A port that is free now. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The service's name from /health, or undefined while it does not answer. @param {number} port */
async function service(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok ? (await answer.json()).service : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Asks again every 200 ms until the answer is yes; throws after `limit` milliseconds.
 * @param {string} what
 * @param {number} limit
 * @param {() => Promise<boolean>} done
 */
async function until(what, limit, done) {
  const deadline = Date.now() + limit;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${limit / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const [port, virtualPort] = [await freePort(), await freePort()];
const dataDir = mkdtempSync(join(tmpdir(), 'wfm-start-'));
const child = spawn(npm, ['start'], {
  cwd: projectRoot,
  env: { ...process.env, WFM_PORT: String(port), WFM_VIRTUAL_PORT: String(virtualPort), WFM_DATA_DIR: dataDir },
  stdio: ['ignore', 'pipe', 'pipe'],
  // A group of its own, so that a stop reaches npm and everything below it, as Ctrl-C in a terminal does.
  detached: true,
});
let printed = '';
let ended = false;
child.stdout.on('data', (chunk) => (printed += String(chunk)));
child.stderr.on('data', (chunk) => (printed += String(chunk)));
child.once('exit', () => (ended = true));

/** @param {NodeJS.Signals} signal */
function signalAll(signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // Everything in the group has already ended.
  }
}

try {
  await until('npm start serving both ports', startLimit, async () => {
    if (ended) throw new Error('npm start ended by itself');
    return (await service(port)) === 'server' && (await service(virtualPort)) === 'virtual';
  });
  await until('printing the address', 5_000, async () => printed.includes(`:${port}`));
  signalAll('SIGINT');
  await until('stopping', stopLimit, async () => ended && !(await service(port)) && !(await service(virtualPort)));
  console.log('npm start served both ports, printed its address and stopped when told to');
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}. It printed:\n${printed}`);
  process.exitCode = 1;
} finally {
  signalAll('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
}
