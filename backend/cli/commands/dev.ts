import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** One program of the product, as `wfm dev` runs it. */
interface Program {
  name: string;
  file: string;
  /** Undefined: it serves nothing. */
  port: number | undefined;
}

const RESTART_WAIT_MS = 1_000;
/** A program that dies again within this time counts as broken; after so many such deaths everything stops. */
const BROKEN_AFTER_MS = 10_000;
const BROKEN_TIMES = 3;
const READY_WAIT_MS = 60_000;
/** The servers promise to stop within 10 s (R15). */
const STOP_WAIT_MS = 15_000;

/**
 * `wfm dev`: server, virtual server and worker as processes of their own under one supervisor, which starts a dead one
 * again and prints one address when the servers answer. SIGINT and SIGTERM stop them all.
 */
export async function dev(): Promise<void> {
  const port = portOf('WFM_PORT', 9000);
  const programs: Program[] = [
    { name: 'server', file: entry('server/server.ts'), port },
    { name: 'virtual-server', file: entry('virtual-server/server.ts'), port: portOf('WFM_VIRTUAL_PORT', 9001) },
    // It waits for the database, which the server makes.
    { name: 'worker', file: entry('worker/worker.ts'), port: undefined },
  ];
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const running = programs.map((program) => keepRunning(program, stop));
  const ready = await Promise.all(programs.map((program) => answers(program, stop.signal)));
  if (ready.every(Boolean)) {
    console.log(
      `\nWFM is ready: http://localhost:${port}/   (previews on port ${programs[1]?.port})\nStop it with Ctrl+C.\n`,
    );
  } else if (!stop.signal.aborted) {
    console.error('wfm: not every program came up; see the messages above.');
    process.exitCode = 1;
    stop.abort();
  }
  await Promise.all(running);
}

function entry(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

function portOf(name: string, fallback: number): number {
  const value = process.env[name];
  if (value === undefined || value === '') return fallback;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${name} must be a port between 1 and 65535, not "${value}".`);
  return port;
}

async function keepRunning(program: Program, stop: AbortController): Promise<void> {
  let quickDeaths = 0;
  while (!stop.signal.aborted) {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--disable-proto=delete', program.file], {
      stdio: 'inherit',
      env: { WFM_LOG_LEVEL: 'warn', ...process.env },
    });
    const code = await endOf(child, stop.signal);
    if (stop.signal.aborted) return;
    quickDeaths = performance.now() - startedAt < BROKEN_AFTER_MS ? quickDeaths + 1 : 0;
    if (quickDeaths >= BROKEN_TIMES) {
      console.error(`wfm: ${program.name} keeps ending (${code}); giving up.`);
      process.exitCode = 1;
      stop.abort();
      return;
    }
    console.error(`wfm: ${program.name} ended (${code}); starting it again.`);
    await sleep(RESTART_WAIT_MS, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

/** Waits for the end of a program; asks it to stop when the supervisor does, and insists after a while. */
async function endOf(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const ended = Promise.withResolvers<string>();
  child.once('exit', (code, killedBy) => ended.resolve(killedBy ?? `exit code ${code}`));
  child.once('error', (error) => ended.resolve(error.message));
  let insist: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    child.kill('SIGTERM');
    insist = setTimeout(() => child.kill('SIGKILL'), STOP_WAIT_MS);
  };
  signal.addEventListener('abort', onStop, { once: true });
  const how = await ended.promise;
  clearTimeout(insist);
  signal.removeEventListener('abort', onStop);
  return how;
}

async function answers(program: Program, signal: AbortSignal): Promise<boolean> {
  if (program.port === undefined) return true;
  const until = performance.now() + READY_WAIT_MS;
  while (performance.now() < until && !signal.aborted) {
    const ok = await fetch(`http://127.0.0.1:${program.port}/ready`, { signal: AbortSignal.timeout(2_000) }).then(
      (reply) => reply.ok,
      () => false,
    );
    if (ok) return true;
    await sleep(100);
  }
  return false;
}
