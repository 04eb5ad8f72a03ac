import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { firstAnswer, sampleWorkflow, secondAnswer } from './testing/sample-workflow.ts';

/** The program itself, as a process of its own. */

const program = join(import.meta.dirname, 'server.ts');
let dataDir: string;
let port: number;
let children: Started[] = [];
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wfm-program-'));
  port = await freePort();
});
afterEach(async () => {
  for (const child of children) child.process.kill('SIGKILL');
  await Promise.all(children.map((child) => child.exit));
  children = [];
  rmSync(dataDir, { recursive: true, force: true });
});

interface Started {
  process: ChildProcess;
  output(): string;
  exit: Promise<number | null>;
}

function start(env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, ['--disable-proto=delete', program], {
    env: {
      PATH: process.env['PATH'] ?? '',
      WFM_DATA_DIR: dataDir,
      WFM_PORT: String(port),
      WFM_LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const started = { process: child, output: () => text, exit };
  children.push(started);
  return started;
}

async function ready(): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(`${base()}/ready`).then(
          (reply) => reply.status,
          () => 0,
        ),
      { timeout: 15_000, interval: 50 },
    )
    .toBe(200);
}

const base = () => `http://localhost:${port}`;

async function signIn(started: Started): Promise<string> {
  const token = /sign-in#token=([\w-]{43})/.exec(started.output())?.[1];
  const headers = { 'content-type': 'application/json', origin: base() };
  const reply = await fetch(`${base()}/auth/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ one_time_token: token }),
  });
  expect(reply.status).toBe(200);
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

function client(cookie: string) {
  return async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const reply = await fetch(base() + path, {
      method,
      headers: { cookie, origin: base(), ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return reply.json();
  };
}

describe('the program', () => {
  test('on an empty folder it prints a link that signs the administrator in; a restart prints a fresh one and keeps sessions', async () => {
    const first = start();
    await ready();
    const cookie = await signIn(first);
    const call = client(cookie);
    expect(await call('GET', '/auth/me')).toMatchObject({
      user: { email: 'admin@localhost', role: 'admin', has_password: false },
    });
    const { items } = await call('GET', '/workflow-templates');
    expect(items.map((template: { workflow_id: string; is_global: boolean }) => template.is_global)).not.toContain(
      false,
    );
    expect(items.map((template: { workflow_id: string }) => template.workflow_id)).toContain('pocket_museum_window');
    // The log is for machines, and holds no token: the link went to the terminal beside it.
    const log = first
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(log.length).toBeGreaterThan(1);
    for (const line of log) expect(JSON.parse(line)).not.toHaveProperty('url');
    expect(log.join('\n')).not.toContain('token=');
    first.process.kill('SIGTERM');
    expect(await first.exit).toBe(0);

    const second = start();
    await ready();
    expect(await call('GET', '/auth/me')).toMatchObject({ user: { email: 'admin@localhost' } });
    await call('POST', '/auth/password', { new_password: 'a long password' });
    second.process.kill('SIGTERM');
    expect(await second.exit).toBe(0);

    const third = start();
    await ready();
    expect(third.output()).not.toContain('sign-in#token');
  });

  test('R15 told to stop, it ends streams, hands back what runs, and exits with 0; the next process goes on', async () => {
    const first = start({ WFM_LLM_LOCAL_DELAY_MS: '300' });
    await ready();
    const cookie = await signIn(first);
    const call = client(cookie);
    const run = await call('POST', '/workflow/start', { project_name: 'p', workflow_content: sampleWorkflow() });
    const at = await call('POST', '/workflow/respond', answerOf(run, firstAnswer));
    const stream = await fetch(`${base()}/workflow/${run.workflow_run_id}/stream`, { headers: { cookie } });
    const streamed = stream.text();
    const pending = call('POST', '/workflow/respond', answerOf(at, secondAnswer));
    await expect
      .poll(async () => (await call('GET', `/workflow/${run.workflow_run_id}/status`)).progress.current_module)
      .toBe('write');
    const stopping = performance.now();
    first.process.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    expect(performance.now() - stopping).toBeLessThan(10_000);
    expect(await streamed).toMatch(/event: shutdown\ndata: \{\}\n\n$/);
    expect(await pending).toMatchObject({ status: 'processing' });

    start();
    await ready();
    await expect
      .poll(async () => (await call('GET', `/workflow/${run.workflow_run_id}/status`)).status, {
        timeout: 15_000,
        interval: 100,
      })
      .toBe('completed');
    const events = await call('GET', `/workflow/${run.workflow_run_id}/events?limit=1000`);
    expect(
      events.items.filter(
        ({ type, module_name: name }: { type: string; module_name: string }) =>
          type === 'module_completed' && name === 'write',
      ),
    ).toHaveLength(1);
  });

  test.each([
    ['a port that is no port', { WFM_PORT: 'ninety' }, /WFM_PORT must be a whole number/],
    ['production without a key', { NODE_ENV: 'production' }, /JWT_PRIVATE_KEY is missing/],
    ['a key that is none', { JWT_PRIVATE_KEY: 'x' }, /JWT_PRIVATE_KEY cannot be read/],
    ['a provider that is none', { WFM_LLM_PROVIDER: 'nobody' }, /WFM_LLM_PROVIDER/],
  ])('%s stops the start with a sentence and no stack', async (_name, env, message) => {
    const started = start(env);
    expect(await started.exit).toBe(1);
    expect(started.output()).toMatch(message);
    expect(started.output()).not.toMatch(/\n\s+at /);
  });

  test('a port in use is named as such', async () => {
    const other = createServer().listen(port, 'localhost');
    const started = start();
    expect(await started.exit).toBe(1);
    expect(started.output()).toContain('The port is in use already');
    other.close();
  });
});

function answerOf(
  at: { workflow_run_id: string; interaction_request: { interaction_id: string } },
  response: object,
): object {
  return { workflow_run_id: at.workflow_run_id, interaction_id: at.interaction_request.interaction_id, response };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
