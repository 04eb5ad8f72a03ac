import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessKeyOf, freePort, type Program, startProgram } from '../support/programs.ts';
import { type Door, hosts, missingNginx, openDoor } from './nginx.ts';

/** Both servers behind the nginx of the deployment, as browsers and scripts meet them. */

const folder = mkdtempSync(join(tmpdir(), 'wfm-door-'));
let server: Program;
let preview: Program;
let door: Door;
let key: string;

const oneQuestion = {
  format: 2,
  workflow_id: 'behind_nginx',
  name: 'Behind nginx',
  steps: [
    {
      step_id: 'ask',
      modules: [{ module_id: 'user.text_input', name: 'ask', inputs: { prompt: 'What?' } }],
    },
  ],
};

async function textOf(reply: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of reply) text += String(chunk);
  return text;
}

const bodyOf = async <T>(reply: IncomingMessage): Promise<T> => JSON.parse(await textOf(reply)) as T;
const post = (host: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  door.ask(host, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-access-key': key, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe.skipIf(missingNginx !== '')(`behind nginx ${missingNginx}`, () => {
  beforeAll(async () => {
    const env = {
      WFM_DATA_DIR: folder,
      WFM_PORT: String(await freePort()),
      WFM_VIRTUAL_PORT: String(await freePort()),
      WFM_TRUST_PROXY_HOPS: '1',
    };
    server = await startProgram('server', env);
    key = await accessKeyOf(server);
    preview = await startProgram('virtual-server', env);
    const upstreamOf = ({ url }: Program): string => url.replace('http://localhost', '127.0.0.1');
    door = await openDoor({ api: upstreamOf(server), virtual: upstreamOf(preview) });
  });

  afterAll(async () => {
    await door?.close();
    await Promise.all([server?.end(), preview?.end()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('each name leads to its program, and only over https', async () => {
    const service = async (host: string): Promise<unknown> =>
      (await bodyOf<{ service: string }>(await door.ask(host, '/health'))).service;
    expect(await service(hosts.app)).toBe('server');
    expect(await service(hosts.api)).toBe('server');
    expect(await service(hosts.virtual)).toBe('virtual');
    const root = await door.ask(hosts.app, '/');
    expect([root.resume().statusCode, root.headers.location]).toEqual([302, '/app/']);
    expect(root.headers['strict-transport-security']).toContain('max-age=');
    const plain = await fetch(`http://127.0.0.1:${door.httpPort}/app/`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([308, 'https://127.0.0.1/app/']);
  });

  test('another name is answered nothing, and what is for those inside is not there', async () => {
    await expect(door.ask('elsewhere.test', '/health')).rejects.toThrow(/alert|handshake|unrecognized/i);
    for (const host of Object.values(hosts)) {
      const reply = await door.ask(host, '/metrics');
      expect([host, reply.resume().statusCode]).toEqual([host, 404]);
    }
  });

  test('a run’s events reach a client as they happen, and go on after the last one that it had', async () => {
    const start = { project_name: 'door', workflow_content: oneQuestion, confirm: true };
    const started = await bodyOf<WorkflowResponse>(await post(hosts.api, '/workflow/start', start));
    const run = started.workflow_run_id ?? '';
    const headers = { 'x-access-key': key, accept: 'text/event-stream' };
    const stream = await door.ask(hosts.api, `/workflow/${run}/stream`, { headers });
    let seen = '';
    const until = async (wanted: string): Promise<void> => {
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        seen += String(chunk);
        if (seen.includes(wanted)) return;
      }
      throw new Error(`the stream ended without ${wanted}:\n${seen}`);
    };
    await until('event: interaction_requested');
    // Only now is there anything more to tell; the stream is open all the while.
    const answer = {
      workflow_run_id: run,
      interaction_id: started.interaction_request?.interaction_id,
      response: { value: 'a door' },
    };
    const answered = await bodyOf<WorkflowResponse>(await post(hosts.api, '/workflow/respond', answer));
    expect(answered.status).toBe('completed');
    await until('event: workflow_completed');
    stream.destroy();

    const ids = [...seen.matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? '');
    const middle = ids[Math.floor(ids.length / 2)] ?? '';
    const rest = await door.ask(hosts.api, `/workflow/${run}/stream`, {
      headers: { ...headers, 'last-event-id': middle },
    });
    let later = '';
    for await (const chunk of rest) {
      later += String(chunk);
      if (later.includes('event: workflow_completed')) break;
    }
    expect([...later.matchAll(/^id: (.+)$/gm)].map(([, id]) => id)).toEqual(ids.slice(ids.indexOf(middle) + 1));
  });

  test('a preview’s frames come one by one, the whole answer last', async () => {
    const body = { workflow: oneQuestion, virtual_db: null, target_step_id: 'ask', target_module_name: 'ask' };
    const reply = await post(hosts.virtual, '/workflow/start', body, { accept: 'text/event-stream' });
    expect(reply.headers['content-type']).toContain('text/event-stream');
    const frames = await textOf(reply);
    expect(frames.match(/^event: (.+)$/gm)?.at(-1)).toBe('event: complete');
  });

  test('what is too large is refused as a problem, by the program or by the door', async () => {
    const large = (bytes: number): string => JSON.stringify({ project_name: 'x'.repeat(bytes) });
    for (const [host, bytes] of [
      [hosts.api, 3 * 2 ** 20],
      [hosts.api, 9 * 2 ** 20],
      [hosts.virtual, 9 * 2 ** 20],
    ] as const) {
      const reply = await post(host, '/workflow/start', large(bytes));
      expect([host, reply.statusCode, reply.headers['content-type']?.split(';')[0]]).toEqual([
        host,
        413,
        'application/problem+json',
      ]);
      expect(await bodyOf(reply)).toMatchObject({ code: 'body_too_large', status: 413 });
    }
  });

  test('a whole draft comes through, and what is larger than that does not', async () => {
    const listed = await door.ask(hosts.api, '/workflow-templates?q=hello', { headers: { 'x-access-key': key } });
    const { items } = await bodyOf<{ items: { template_id: string }[] }>(listed);
    const path = `/workflow-templates/${items[0]?.template_id}`;
    const patch = (bytes: number) =>
      door.ask(hosts.api, `${path}/draft`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'x-access-key': key, 'if-match': '"1"' },
        body: JSON.stringify({ put: { a: 'x'.repeat(bytes), b: 'x'.repeat(bytes) } }),
      });
    expect(await bodyOf(await patch(9 * 2 ** 20))).toMatchObject({ revision: 2 });
    expect(await bodyOf(await patch(17 * 2 ** 20))).toMatchObject({ code: 'body_too_large', status: 413 });
  });

  test('S14 many tries to sign in from one address are told to wait, whoever they say they are', async () => {
    const tries = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const reply = await post(
          hosts.app,
          '/auth/login',
          { email: `nobody-${index}@example.org`, password: 'not this one' },
          { origin: server.url, 'x-forwarded-for': `10.0.0.${index}` },
        );
        return { status: reply.statusCode, body: await bodyOf<{ code: string }>(reply) };
      }),
    );
    const refused = tries.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(25);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['rate_limited']));
  });

  test('a program that is away is a problem that says so, and is back when it is', async () => {
    const port = new URL(preview.url).port;
    await preview.end();
    const away = await door.ask(hosts.virtual, '/health');
    expect([away.statusCode, away.headers['content-type']]).toEqual([503, 'application/problem+json']);
    expect(await bodyOf(away)).toMatchObject({ code: 'storage_unavailable' });
    preview = await startProgram('virtual-server', { WFM_DATA_DIR: folder, WFM_VIRTUAL_PORT: port });
    // nginx leaves a program alone for 10 s once it has failed; with one alone it tries again at once.
    expect((await door.ask(hosts.virtual, '/health')).resume().statusCode).toBe(200);
  });
});
