import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWfmError } from '@wfm/workflow-engine/errors';
import type { HttpClient, HttpRequest } from '@wfm/workflow-engine/ports';
import { startServer, type TestServer } from '../testing/http-server.ts';
import { createSafeFetch } from './safe-fetch.ts';

let server: TestServer;
let other: TestServer;
let client: HttpClient;

beforeAll(async () => {
  other = await startServer((_request, response) => {
    response.end('other origin');
  });
  server = await startServer((request, response) => {
    const url = new URL(request.path, 'http://x');
    const [, command, detail = ''] = url.pathname.split('/');
    if (command === 'echo') return void response.setHeader('x-reply', 'yes').end(`${request.method} ${request.body}`);
    if (command === 'status') return void response.writeHead(Number(detail)).end('body');
    if (command === 'redirect')
      return void response.writeHead(Number(detail), { location: url.searchParams.get('to') ?? '' }).end();
    if (command === 'loop') return void response.writeHead(302, { location: '/loop' }).end();
    if (command === 'gzip') return void response.setHeader('content-encoding', 'gzip').end(gzipSync('packed'));
    if (command === 'br') return void response.setHeader('content-encoding', 'br').end(brotliCompressSync('packed'));
    if (command === 'deflate') return void response.setHeader('content-encoding', 'deflate').end(deflateSync('packed'));
    if (command === 'zstd') return void response.setHeader('content-encoding', 'zstd').end('packed');
    if (command === 'not-gzip') return void response.setHeader('content-encoding', 'gzip').end('plain text');
    if (command === 'cut') {
      response.writeHead(200, {
        'content-length': '1000',
        'content-encoding': detail === 'gzip' ? 'gzip' : 'identity',
      });
      response.write(detail === 'gzip' ? gzipSync('x'.repeat(99)).subarray(0, 15) : 'some');
      return void setTimeout(() => response.destroy(), 20);
    }
    if (command === 'bomb')
      return void response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(20 * 1024 * 1024)));
    if (command === 'members') {
      // Empty gzip members: nothing comes out however much goes in.
      const member = gzipSync('');
      return void response
        .setHeader('content-encoding', 'gzip')
        .end(Buffer.concat(Array.from({ length: 5000 }, () => member)));
    }
    if (command === 'endless') {
      const timer = setInterval(() => response.write('x'), 5);
      return void response.on('close', () => clearInterval(timer));
    }
    if (command === 'declared') return void response.writeHead(200, { 'content-length': '99999999' }).write('x');
    return undefined;
  });
  client = createSafeFetch({
    allow: [`127.0.0.1:${server.port}`, `127.0.0.1:${other.port}`, `localhost:${server.port}`],
  });
});

afterAll(() => Promise.all([server.close(), other.close()]));

function get(path: string, more: Partial<HttpRequest> = {}) {
  return client.fetch({
    url: path.startsWith('http') ? path : `${server.url}${path}`,
    method: 'GET',
    headers: {},
    timeoutMs: 5_000,
    maxBytes: 100_000,
    signal: new AbortController().signal,
    ...more,
  });
}

const text = (reply: { body: Uint8Array }) => Buffer.from(reply.body).toString();
const last = () => server.requests.at(-1)!;

async function failure(promise: Promise<unknown>) {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isWfmError(thrown)) throw new Error(`expected a WfmError, got ${String(thrown)}`);
  return thrown;
}

test('14.2 a listed private host is reached, by address and by name', async () => {
  const reply = await get('/echo', { method: 'post', body: 'hello', headers: { 'X-Mine': '1' } });
  expect([reply.status, reply.url, reply.headers['x-reply'], text(reply)]).toEqual([
    200,
    `${server.url}/echo`,
    'yes',
    'POST hello',
  ]);
  expect(last().headers['x-mine']).toBe('1');
  expect(text(await get(`http://localhost:${server.port}/echo`))).toBe('GET ');
});

test('a status that is no success is a reply, not an error', async () => {
  expect((await get('/status/503')).status).toBe(503);
  expect(text(await get('/status/204'))).toBe('');
});

test.each(['gzip', 'br', 'deflate'])('a reply in %s arrives inflated', async (coding) => {
  expect(text(await get(`/${coding}`))).toBe('packed');
});

test('a HEAD has no body, whatever its headers say', async () => {
  expect((await get('/gzip', { method: 'HEAD' })).body).toHaveLength(0);
});

test('a coding that was not asked for is an error, not a body of noise', async () => {
  const error = await failure(get('/zstd'));
  expect([error.code, error.params['reason'], error.transient]).toEqual(['http_failed', 'content_coding', false]);
});

test('S2 the cap holds for the inflated size, and memory stays flat', async () => {
  const before = process.memoryUsage().rss;
  const error = await failure(get('/bomb'));
  expect([error.code, error.params['limit']]).toEqual(['reply_too_large', 100_000]);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test('S2 the cap holds for the bytes on the wire too', async () => {
  expect((await failure(get('/members', { maxBytes: 50_000 }))).code).toBe('reply_too_large');
});

test('a reply that declares too much is not read at all', async () => {
  expect((await failure(get('/declared'))).code).toBe('reply_too_large');
});

test('24 a slow body ends at the deadline', async () => {
  const started = performance.now();
  const error = await failure(get('/endless', { timeoutMs: 150 }));
  expect([error.code, error.transient]).toEqual(['module_timeout', true]);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('24 a silent server ends at the deadline', async () => {
  expect((await failure(get('/silence', { timeoutMs: 100 }))).code).toBe('module_timeout');
});

test('an abort throws the signal’s own reason, before, during and while resolving', async () => {
  const reason = new Error('cancelled');
  await expect(get('/echo', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const controller = new AbortController();
  const pending = get('/endless', { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 50);
  await expect(pending).rejects.toBe(reason);
  const stuck = createSafeFetch({}, { resolve: () => new Promise(() => undefined) });
  const late = new AbortController();
  setTimeout(() => late.abort(reason), 20);
  await expect(
    stuck.fetch({
      url: 'http://a.example/',
      method: 'GET',
      headers: {},
      timeoutMs: 5000,
      maxBytes: 9,
      signal: late.signal,
    }),
  ).rejects.toBe(reason);
});

test.each(['/cut', '/cut/gzip'])('a connection that breaks is transient: %s', async (path) => {
  const error = await failure(get(path));
  expect([error.code, error.transient]).toEqual(['http_failed', true]);
});

test('a closed port and an unknown name are transient and name no address', async () => {
  const gone = await startServer(() => undefined);
  await gone.close();
  const narrow = createSafeFetch({ allow: [`localhost:${gone.port}`] });
  const ask = (url: string) =>
    failure(
      narrow.fetch({
        url,
        method: 'GET',
        headers: {},
        timeoutMs: 5000,
        maxBytes: 9,
        signal: new AbortController().signal,
      }),
    );
  const refused = await ask(`http://localhost:${gone.port}/`);
  expect([refused.code, refused.transient, refused.params['host']]).toEqual(['http_failed', true, 'localhost']);
  expect(JSON.stringify([refused.message, refused.params])).not.toMatch(/127\.0\.0\.1|::1/);
  const unknown = await ask('http://no-such-host.invalid/');
  expect([unknown.code, unknown.params['reason']]).toEqual(['http_failed', 'dns']);
});

test('what is no TLS, no HTTP or no gzip fails for good', async () => {
  const https = await failure(get(server.url.replace('http:', 'https:')));
  expect([https.code, https.transient, https.message.includes('failed (E')]).toEqual(['http_failed', false, true]);
  const noise = createTcpServer((socket) => void socket.end('220 mail ready\r\n'));
  await new Promise<void>((resolve) => noise.listen(0, '127.0.0.1', resolve));
  const { port } = noise.address() as AddressInfo;
  const narrow = createSafeFetch({ allow: [`127.0.0.1:${port}`] });
  const signal = new AbortController().signal;
  const asked = narrow.fetch({
    url: `http://127.0.0.1:${port}/`,
    method: 'GET',
    headers: {},
    timeoutMs: 5000,
    maxBytes: 9,
    signal,
  });
  const spoken = await failure(asked);
  noise.close();
  expect([spoken.code, spoken.transient]).toEqual(['http_failed', false]);
  const garbled = await failure(get('/not-gzip'));
  expect([garbled.code, garbled.transient]).toEqual(['http_failed', false]);
});

test('a method that is not HTTP fails for good', async () => {
  const error = await failure(get('/echo', { method: 'G E T' }));
  expect([error.code, error.transient]).toEqual(['http_failed', false]);
});

test.each([
  [301, 'POST', 'GET '],
  [302, 'POST', 'GET '],
  [303, 'PUT', 'GET '],
  [307, 'POST', 'POST data'],
  [308, 'PUT', 'PUT data'],
  [302, 'PUT', 'PUT data'],
])('RFC 9110 15.4: %i after %s', async (status, method, expected) => {
  const reply = await get(`/redirect/${status}?to=/echo`, {
    method,
    body: 'data',
    headers: { 'Content-Type': 'text/plain' },
  });
  expect([text(reply), reply.url]).toEqual([expected, `${server.url}/echo`]);
  expect(last().headers['content-type']).toBe(expected === 'GET ' ? undefined : 'text/plain');
});

test('credentials stay with their origin', async () => {
  const headers = { Authorization: 'Bearer x', Cookie: 'a=b', 'X-Api-Key': 'k', Accept: 'text/plain' };
  await get('/redirect/302?to=/echo', { headers });
  expect(last().headers.authorization).toBe('Bearer x');
  await get(`/redirect/302?to=${other.url}/`, { headers });
  const seen = other.requests.at(-1)!.headers;
  expect([seen.authorization, seen.cookie, seen['x-api-key'], seen.accept]).toEqual([
    undefined,
    undefined,
    undefined,
    'text/plain',
  ]);
});

test('redirects end after five', async () => {
  const before = server.requests.length;
  const error = await failure(get('/loop'));
  expect([error.code, error.params['reason']]).toEqual(['http_failed', 'redirects']);
  expect(server.requests.length - before).toBe(6);
});

test('no connection is left behind, not even by a redirect whose body never ends', async () => {
  const local: TestServer = await startServer((request, response) => {
    if (request.path === '/end') return void response.end('done');
    response.writeHead(302, { location: '/end' }).write('and then');
    return undefined;
  });
  const narrow = createSafeFetch({ allow: [`127.0.0.1:${local.port}`] });
  const ask = {
    url: local.url,
    method: 'GET',
    headers: {},
    timeoutMs: 5000,
    maxBytes: 99,
    signal: new AbortController().signal,
  };
  expect(text(await narrow.fetch(ask))).toBe('done');
  await expect.poll(() => local.open()).toBe(0);
  expect(local.connections()).toBe(2);
  await local.close();
});
