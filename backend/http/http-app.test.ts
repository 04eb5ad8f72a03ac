import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { assertDepth } from './bodies.ts';
import { defineRoute, type HttpApp, readPreferWait, type Route } from './index.ts';
import { createTestApp, origin } from './testing/http-rig.ts';

const echo = defineRoute({
  method: 'POST',
  path: '/echo',
  access: 'user',
  schema: {
    summary: 'Says what it heard',
    tags: ['test'],
    body: z.strictObject({ n: z.number(), deep: z.unknown().optional() }),
    response: { 200: z.object({ n: z.number() }) },
  },
  handler: async ({ body }) => ({ n: body.n, secret: 'dropped' }),
});
const bytes = defineRoute({
  method: 'POST',
  path: '/bytes',
  access: 'user',
  octets: true,
  bodyLimit: 100_000,
  schema: { summary: 'Counts', tags: ['test'] },
  handler: ({ request }) => ({ bytes: Buffer.isBuffer(request.body) ? request.body.length : -1 }),
});
const broken = defineRoute({
  method: 'GET',
  path: '/broken',
  access: 'public',
  schema: { summary: 'Fails', tags: ['test'] },
  handler: () => {
    throw new Error('ENOENT /etc/secret');
  },
});
const one = defineRoute({
  method: 'GET',
  path: '/things/:thing',
  access: 'user',
  owner: { kind: 'thing', in: 'params', key: 'thing' },
  schema: { summary: 'One', tags: ['test'], params: z.object({ thing: z.string() }) },
  handler: ({ params }) => params,
});

let app: HttpApp;
beforeAll(async () => {
  app = await createTestApp([echo, bytes, broken, one]);
});
afterAll(() => app.close());

const post = (payload: string, type = 'application/json', headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/echo', payload, headers: { 'content-type': type, ...headers } });

describe('bodies', () => {
  test('JSON is parsed, checked and answered by its schema', async () => {
    const reply = await post('{"n":1}');
    expect([reply.statusCode, reply.body]).toEqual([200, '{"n":1}']);
  });

  test.each([
    ['an unknown field', '{"n":1,"m":2}', 'application/json', 400],
    ['a wrong type', '{"n":"1"}', 'application/json', 400],
    ['no JSON', '{"n":1', 'application/json', 400],
    ['nothing', '', 'application/json', 400],
    ['null', 'null', 'application/json', 400],
    ['__proto__', '{"n":1,"__proto__":{"a":1}}', 'application/json', 400],
    ['a deep __proto__', '{"n":1,"deep":[{"__proto__":1}]}', 'application/json', 400],
    ['constructor.prototype', '{"n":1,"deep":{"constructor":{"prototype":{}}}}', 'application/json', 400],
    ['65 levels', `{"n":1,"deep":${'['.repeat(64)}${']'.repeat(64)}}`, 'application/json', 400],
    ['too much', `{"n":1,"deep":"${'x'.repeat(10_000)}"}`, 'application/json', 413],
    ['JSON as text', '{"n":1}', 'text/plain', 415],
    ['a form', 'n=1', 'application/x-www-form-urlencoded', 415],
    ['bytes where JSON belongs', '{"n":1}', 'application/octet-stream', 415],
  ])('%s is refused with a problem', async (_name, payload, type, status) => {
    const reply = await post(payload, type);
    expect(reply.statusCode).toBe(status);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({ status, instance: reply.headers['x-request-id'] });
  });

  test('64 levels pass, and any depth is looked at without recursion', async () => {
    expect((await post(`{"n":1,"deep":${'['.repeat(63)}${']'.repeat(63)}}`)).statusCode).toBe(200);
    let value: unknown = 1;
    for (let level = 0; level < 200_000; level += 1) value = [value];
    expect(() => assertDepth(value)).toThrow(/64/);
  });

  test('octets reach the routes that take them, up to their own limit', async () => {
    const send = (size: number) =>
      app.inject({
        method: 'POST',
        url: '/bytes',
        payload: Buffer.alloc(size),
        headers: { 'content-type': 'application/octet-stream' },
      });
    expect((await send(50_000)).json()).toEqual({ bytes: 50_000 });
    expect((await send(100_001)).statusCode).toBe(413);
  });
});

describe('addresses', () => {
  test.each([
    ['/nothing', 404],
    ['/workflow/virtual/x', 404],
    ['/%zz', 400],
    [`/things/${'x'.repeat(200)}`, 414],
  ])('%s is %i with a problem', async (url, status) => {
    const reply = await app.inject(url);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ status, code: 'request_invalid' });
  });

  test('S13 a fault of ours is a 500 without its cause', async () => {
    const reply = await app.inject('/broken');
    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toMatchObject({ code: 'internal_error' });
    expect(reply.body).not.toMatch(/secret|ENOENT/);
  });

  test('health, the description and its page are public', async () => {
    expect((await app.inject('/health')).json()).toEqual({ status: 'healthy', service: 'server', engine: '1.2.3' });
    const description = (await app.inject('/openapi.json')).json();
    expect(Object.keys(description.paths)).toEqual(['/echo', '/bytes', '/broken', '/things/{thing}']);
    expect(description.paths['/echo'].post.requestBody.content['application/json'].schema.required).toEqual(['n']);
    expect(description.paths['/echo'].post.security).toHaveLength(2);
    expect(description.paths['/broken'].get.security).toBeUndefined();
    const page = await app.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect(page.body).not.toMatch(/<script>|onclick/);
  });

  test('headers keep pages of others out', async () => {
    const { headers } = await app.inject('/health');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
  });
});

describe('S11 requests that change something', () => {
  const session = 'wfm_session=x';
  test.each([
    ['our page with its cookie', { cookie: session, origin }, 200],
    ['another site with the cookie', { cookie: session, origin: 'https://evil.example' }, 403],
    ['a sibling subdomain', { cookie: session, origin: 'http://evil.localhost:9000' }, 403],
    ['another port', { cookie: session, origin: 'http://localhost:9999' }, 403],
    ['Origin: null', { cookie: session, origin: 'null' }, 403],
    ['a cookie and no origin', { cookie: session }, 403],
    ['the refresh cookie alone and no origin', { cookie: 'wfm_refresh=x' }, 403],
    [
      'a key beside a cookie, from another site',
      { cookie: session, 'x-access-key': 'k', origin: 'https://evil.example' },
      403,
    ],
    ['a key without a cookie, from anywhere', { 'x-access-key': 'k', origin: 'https://evil.example' }, 200],
    ['a program without cookie and origin', {}, 200],
    ['another site without any cookie', { origin: 'https://evil.example' }, 403],
  ])('%s', async (_name, headers, status) => {
    const reply = await post('{"n":1}', 'application/json', headers);
    expect(reply.statusCode).toBe(status);
    if (status === 403) expect(reply.json().code).toBe('origin_refused');
  });
});

describe('S12 cross-origin reads', () => {
  test.each([
    [origin, true],
    ['http://localhost:9000.evil.example', false],
    ['http://evil-localhost:9000', false],
    ['https://localhost:9000', false],
    ['http://localhost:9001', false],
    ['http://LOCALHOST:9000', false],
    ['null', false],
    ['', false],
  ])('origin "%s" may read: %s', async (from, allowed) => {
    for (const request of [
      { method: 'GET' as const, url: '/health' },
      { method: 'OPTIONS' as const, url: '/echo', headers: { 'access-control-request-method': 'POST' } },
    ]) {
      const reply = await app.inject({ ...request, headers: { ...request.headers, origin: from } });
      expect(reply.headers['access-control-allow-origin']).toBe(allowed ? origin : undefined);
      expect(reply.headers['vary']).toContain('Origin');
    }
  });
});

describe('rules of routes', () => {
  const register = (changes: Partial<Route>) => createTestApp([{ ...one, ...changes }]);
  test.each([
    ['no access', { access: undefined as never }, /who may call/],
    ['an unknown access', { access: 'everybody' as never }, /who may call/],
    ['an id and no owner', { owner: undefined as never }, /whose object/],
    ['an owner that nobody checks', { owner: { kind: 'ghost', in: 'params', key: 'thing' } as const }, /nobody checks/],
    ['an owner of a public object', { access: 'public' as const }, /public/],
  ])('a route with %s stops the start', async (_name, changes, message) => {
    await expect(register(changes)).rejects.toThrow(message);
  });

  test('a route beside the table stops the start', async () => {
    const bare = await createTestApp([]).catch(() => null);
    expect(bare).not.toBeNull();
    await bare?.close();
    const { createHttpApp } = await import('./index.ts');
    const other = await createHttpApp({
      service: 'server',
      engine: '1',
      bodyLimit: 1,
      corsOrigins: [],
      openapi: { title: 'T' },
    });
    expect(() => other.get('/backdoor', async () => 'open')).toThrow(/no rule/);
    await other.close();
  });
});

test.each([
  [undefined, 10_000],
  ['wait=0', 0],
  ['wait=5', 5_000],
  ['respond-async, wait=3', 3_000],
  ['WAIT = 7', 7_000],
  ['wait=100000', 60_000],
  ['wait=soon', 10_000],
  ['await=3', 10_000],
])('Prefer: %s waits %i ms', (prefer, ms) => {
  expect(readPreferWait(prefer === undefined ? {} : { prefer })).toBe(ms);
});

test('a closing app refuses what comes, but says that it lives', async () => {
  const closing = await createTestApp([echo]);
  closing.startDraining();
  const reply = await closing.inject({ method: 'POST', url: '/echo', payload: { n: 1 } });
  expect(reply.json()).toMatchObject({ status: 503, code: 'shutting_down' });
  expect(reply.headers['retry-after']).toBe('1');
  expect((await closing.inject('/health')).statusCode).toBe(200);
  await closing.close();
});

describe('S3 what never becomes a request', () => {
  test('too many headers are 431, garbage is 400, both as problems', async () => {
    const listening = await createTestApp([]);
    await listening.listen({ host: '127.0.0.1', port: 0 });
    const address = listening.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const headers = Array.from({ length: 2000 }, (_, index) => `x-header-${index}: ${'v'.repeat(20)}`).join('\r\n');
    expect(await rawReply(port, `GET /health HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*problem\+json/s,
    );
    expect(await rawReply(port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*request_invalid/s);
    await listening.close();
  });
});

function rawReply(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let reply = '';
    socket.on('data', (chunk) => {
      reply += chunk.toString();
    });
    socket.on('close', () => resolve(reply));
    // The server may stop reading before we have sent everything; what it said counts.
    socket.on('error', () => (reply === '' ? reject(new Error('no reply')) : resolve(reply)));
  });
}
