import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, systemClock } from '@wfm/db';
import { keyFiles, keyId, secretHash, sessionCookie, signAccessToken } from '@wfm/http';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { composeVirtualServer } from './compose.ts';
import { readConfig } from './config.ts';
import { createProduction, realLines, waitingPostcard } from './testing/production.ts';
import { postcard, targets } from './testing/sample-workflows.ts';

const accessKey = `wfk_${randomBytes(32).toString('base64url')}`;
const workflow = postcard();
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wfm-virtual-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const env = () => ({
  WFM_DATA_DIR: dataDir,
  WFM_LOG_LEVEL: 'silent',
  WFM_LLM_PROVIDER: 'local',
  WFM_VIRTUAL_PORT: '0',
});

/** What the production server does at its first start: a database with a user, and the public half of its key. */
async function startProduction() {
  const database = await openDatabase({ dataDir, clock: systemClock(), role: 'owner' });
  const created_at = new Date().toISOString();
  const user = {
    user_id: 'ada',
    email: 'ada@example.org',
    name: 'Ada',
    role: 'member',
    password_hash: null,
    disabled: false,
    token_version: 0,
    created_at,
  } as const;
  await database.users.create({ user });
  const sha256 = secretHash(accessKey);
  await database.users.addAccessKey({
    key: {
      key_id: 'key',
      user_id: 'ada',
      label: '',
      prefix: 'wfk_',
      sha256,
      created_at,
      expires_at: null,
      last_used_at: null,
    },
  });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const file = keyFiles(dataDir).publicKey;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }));
  const claims = { userId: 'ada', sessionId: 'session', tokenVersion: 0 };
  const token = await signAccessToken(claims, { kid: keyId(publicKey), privateKey, now: new Date() });
  return { database, token };
}

const hashOfDatabase = (): string[] =>
  ['wfm.sqlite', 'wfm.sqlite-wal'].map((name) => {
    const file = join(dataDir, name);
    return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'absent';
  });

describe('the preview server as a program', () => {
  it('R18 leaves the production database untouched, whatever it does', async () => {
    const { database } = await startProduction();
    const before = hashOfDatabase();
    const { app, close } = await composeVirtualServer(readConfig(env()), env());
    const post = async (path: string, payload: object) => {
      const reply = await app.inject({ method: 'POST', url: path, headers: { 'x-access-key': accessKey }, payload });
      expect(reply.statusCode).toBe(200);
      return reply.json<VirtualWorkflowResponse>();
    };
    expect((await app.inject('/ready')).statusCode).toBe(200);
    for (const mock of [true, false]) {
      const at = await post('/workflow/start', {
        workflow,
        virtual_db: null,
        mock,
        answers: 'sample',
        ...targets.pickLine,
      });
      expect(at).toMatchObject({ status: 'awaiting_input', mock });
      const { virtual_db } = at;
      await post('/workflow/retry', { workflow, virtual_db, step_id: 'words', module_name: 'write_lines' });
      await post('/workflow/start', { workflow: postcard({ ask: 'Whither?' }), virtual_db, ...targets.askCity });
      for (const path of ['state', 'interaction-history', 'branches']) await post(`/workflow/${path}`, { virtual_db });
    }
    await close();
    expect(hashOfDatabase()).toEqual(before);
    await database.close();
  });

  it('R18 opening a run and going on from it leaves the production database untouched, too', async () => {
    const { database } = await startProduction();
    const production = createProduction({ database, clock: systemClock(), userId: 'ada' });
    const runId = await waitingPostcard(production);
    const before = hashOfDatabase();
    const { app, close } = await composeVirtualServer(readConfig(env()), env());
    const post = async (path: string, payload: object) => {
      const reply = await app.inject({ method: 'POST', url: path, headers: { 'x-access-key': accessKey }, payload });
      expect(reply.statusCode).toBe(200);
      return reply.json<VirtualWorkflowResponse & { definition: object }>();
    };
    const opened = await post('/workflow/open', { workflow_run_id: runId });
    expect(opened).toMatchObject({ status: 'awaiting_input', definition: workflow, mode: 'real', mock: true });
    const { definition, virtual_db } = opened;
    const more = { workflow: definition, virtual_db };
    await post('/workflow/start', { ...more, workflow: postcard({ ask: 'Whither?' }), ...targets.pickLine });
    await post('/workflow/retry', { ...more, step_id: 'words', module_name: 'write_lines' });
    const done = await post('/workflow/respond', {
      ...more,
      virtual_run_id: runId,
      interaction_id: opened.interaction_request?.interaction_id,
      response: { selected_indices: [0] },
    });
    expect(done).toMatchObject({ status: 'completed', result: { line: realLines[0] } });
    await close();
    expect(hashOfDatabase()).toEqual(before);
    // What was opened goes on in production as if nobody had looked.
    const at = await production.ada.processor.status({ runId, userId: 'ada' });
    expect((await production.ada.respond(at, { selected_indices: [1] })).status).toBe('completed');
    await database.close();
  });

  it('R17 waits for a production server that starts later, and says so', async () => {
    const { app, close } = await composeVirtualServer(readConfig(env()), env());
    expect((await app.inject('/health')).json()).toMatchObject({ status: 'healthy', service: 'virtual' });
    const early = await app.inject('/ready');
    expect(early.statusCode).toBe(503);
    expect(early.json()).toMatchObject({ code: expect.stringMatching(/^(schema_outdated|storage_unavailable)$/) });
    const refused = await app.inject({
      method: 'POST',
      url: '/workflow/start',
      headers: { 'x-access-key': accessKey },
      payload: { workflow, virtual_db: null },
    });
    expect(refused.statusCode).toBe(503);
    const { database, token } = await startProduction();
    expect((await app.inject('/ready')).statusCode).toBe(200);
    const started = await app.inject({
      method: 'POST',
      url: '/workflow/start',
      headers: { origin: 'http://localhost:9000' },
      cookies: { [sessionCookie]: token },
      payload: { workflow, virtual_db: null, ...targets.askCity },
    });
    expect(started.statusCode).toBe(200);
    await close();
    await database.close();
  });

  it('S7 without signing in nothing is executed or read', async () => {
    const { app, close } = await composeVirtualServer(readConfig(env()), env());
    const paths = [
      'start',
      'respond',
      'retry',
      'jump',
      'resume',
      'resume/confirm',
      'state',
      'interaction-history',
      'branches',
      'files',
      'generations',
    ];
    for (const path of paths) {
      const reply = await app.inject({ method: 'POST', url: `/workflow/${path}`, payload: {} });
      expect(reply.statusCode).toBe(401);
      expect((await app.inject({ method: 'GET', url: `/workflow/${path}` })).statusCode).toBe(404);
    }
    await close();
  });

  it('describes all its routes', async () => {
    const { app, close } = await composeVirtualServer(readConfig(env()), env());
    const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, unknown> }>();
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/workflow/start', '/workflow/resume/confirm', '/workflow/files']),
    );
    await close();
  });

  it('R15 starts by itself, keeps its secret over restarts, and goes when told', async () => {
    const { database } = await startProduction();
    const first = await startProgram();
    const asked = await first.post('/workflow/start', { workflow, virtual_db: null, ...targets.pickLine });
    expect(await first.stop()).toBe(0);
    const second = await startProgram();
    const { virtual_db, virtual_run_id, interaction_request: request } = asked;
    const answer = { interaction_id: request?.interaction_id, response: { value: 'Tavira' } };
    const at = await second.post('/workflow/respond', { workflow, virtual_db, virtual_run_id, ...answer });
    expect(at).toMatchObject({ status: 'awaiting_input', progress: { current_module: 'pick_line' } });
    const again = await second.post('/workflow/respond', { workflow, virtual_db, virtual_run_id, ...answer });
    expect(again.state.state_mapped).toEqual(at.state.state_mapped);
    expect(await second.stop()).toBe(0);
    await database.close();
  });

  it('a setting that cannot be used stops the start with a sentence', async () => {
    const child = spawnProgram({ SNAPSHOT_SECRET: 'short' });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(1);
    expect(said).toMatch(/^wfm virtual-server: SNAPSHOT_SECRET must have/);
    expect(said).not.toMatch(/\bat .*\.ts:/);
  });
});

function spawnProgram(more: Record<string, string>): ChildProcess {
  const file = fileURLToPath(new URL('server.ts', import.meta.url));
  return spawn(process.execPath, ['--disable-proto=delete', file], {
    env: { PATH: process.env['PATH'], ...env(), WFM_LOG_LEVEL: 'info', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The program in a process of its own, once it listens. */
async function startProgram() {
  const child = spawnProgram({});
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      const found =
        /Server listening at (http:\/\/127[^"\s]+)/.exec(said) ?? /Server listening at (http:\/\/[^"\s]+)/.exec(said);
      if (found?.[1] !== undefined) resolve(found[1]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(said)));
  });
  return {
    async post(path: string, body: object): Promise<VirtualWorkflowResponse> {
      const headers = { 'content-type': 'application/json', 'x-access-key': accessKey };
      const reply = await fetch(`${address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!reply.ok) throw new Error(await reply.text());
      return (await reply.json()) as VirtualWorkflowResponse;
    },
    stop(): Promise<unknown> {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      return gone;
    },
  };
}
