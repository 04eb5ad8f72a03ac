import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A program of the product as a process of its own, started as its image would start it. */
export interface Program {
  url: string;
  output(): string;
  /** Sends the signal and waits for the end; answers the exit code, or the signal that ended it. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
}

// Several may start at once on a machine that has other things to do.
const READY_MS = 60_000;

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}

const programs = {
  server: { file: 'server/server.ts', port: 'WFM_PORT', ready: '/ready' },
  'virtual-server': { file: 'virtual-server/server.ts', port: 'WFM_VIRTUAL_PORT', ready: '/ready' },
  worker: { file: 'worker/worker.ts', port: 'WFM_WORKER_PORT', ready: '/health' },
};

/** Starts a program as its image would, and waits until it is ready; its output tells why it is not. */
export async function startProgram(name: keyof typeof programs, env: Record<string, string>): Promise<Program> {
  const port = env[programs[name].port];
  const file = fileURLToPath(new URL(`../../backend/${programs[name].file}`, import.meta.url));
  const child = spawn(process.execPath, ['--disable-proto=delete', file], {
    env: { PATH: process.env.PATH ?? '', WFM_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = endOf(child);
  const url = `http://localhost:${port}`;
  const until = performance.now() + READY_MS;
  let alive = true;
  void ended.then(() => {
    alive = false;
  });
  while (!(await answers(`${url}${programs[name].ready}`))) {
    if (!alive || performance.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not come up:\n${output}`);
    }
    await sleep(25);
  }
  return {
    url,
    output: () => output,
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')));
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (reply) => reply.ok,
    () => false,
  );
}

/** Signs in with the link that a fresh server prints, and makes an access key. */
export async function accessKeyOf(server: Program): Promise<string> {
  const token = /token=([\w-]+)/.exec(server.output())?.[1];
  if (token === undefined) throw new Error(`the server printed no sign-in link:\n${server.output()}`);
  return accessKeyBy(server.url, await signInBy(server.url, token));
}

/** Signs in by a one-time token; the `Set-Cookie` lines of the session. `from` is the address to be seen as. */
export async function signInBy(url: string, token: string, from?: string): Promise<string[]> {
  const login = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: url,
      ...(from === undefined ? {} : { 'x-forwarded-for': from }),
    },
    body: JSON.stringify({ one_time_token: token }),
  });
  if (!login.ok) throw new Error(`the link was refused: ${await login.text()}`);
  return login.headers.getSetCookie();
}

/** Makes an access key in a session. */
export async function accessKeyBy(url: string, cookies: readonly string[]): Promise<string> {
  const made = await fetch(`${url}/auth/access-keys`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: url,
      cookie: cookies.map((entry) => entry.split(';')[0]).join('; '),
    },
    body: JSON.stringify({ label: 'tests' }),
  });
  const body = (await made.json()) as { key?: string; access_key?: string };
  const key = body.key ?? body.access_key;
  if (key === undefined) throw new Error(`no access key was made: ${JSON.stringify(body)}`);
  return key;
}

/** A reply that is not 2xx, as the server said it. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly problem: { code?: string; detail?: string; params?: Record<string, unknown> };
  constructor(status: number, problem: HttpProblem['problem']) {
    super(`${status} ${problem.code}: ${problem.detail}`);
    this.status = status;
    this.problem = problem;
  }
}

/** One JSON request with an access key. Throws an `HttpProblem` for anything but 2xx. */
export async function call<T>(key: string, method: string, url: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: { 'x-access-key': key, prefer: 'wait=30' } };
  if (body !== undefined) {
    init.headers = { ...init.headers, 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  const reply = await fetch(url, init);
  const text = await reply.text();
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  if (!reply.ok) throw new HttpProblem(reply.status, parsed as HttpProblem['problem']);
  return parsed as T;
}
