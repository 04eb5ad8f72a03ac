import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../testing/http-server.ts';
import { faultOf } from '../../testing/media-rig.ts';
import { createMediaDownload, type DownloadFile, type DownloadOptions, type DownloadSource } from './download.ts';

let server: TestServer;
let other: TestServer;

beforeAll(async () => {
  other = await startServer((_seen, response) => {
    response.writeHead(200, { 'content-type': 'image/png' }).end('other picture');
  });
  server = await startServer((seen, response) => {
    const [, command, detail = ''] = seen.path.split('?')[0]!.split('/');
    const send = (type: string, body: string | Buffer, more = {}) =>
      response.writeHead(200, { ...(type === '' ? {} : { 'content-type': type }), ...more }).end(body);
    if (command === 'picture') return void send('image/png', 'picture');
    if (command === 'raw') return void send('application/octet-stream', 'picture');
    if (command === 'untyped') return void send('', 'picture');
    if (command === 'json') return void send('application/json', '{}');
    if (command === 'packed') return void send('image/png', gzipSync('picture'), { 'content-encoding': 'gzip' });
    if (command === 'status') return void response.writeHead(Number(detail)).end('words');
    if (command === 'nothing') return void response.writeHead(200, { 'content-type': 'image/png' }).end();
    if (command === 'other') return void response.writeHead(302, { location: `${other.url}/x` }).end();
    if (command === 'private') return void response.writeHead(302, { location: 'http://10.0.0.1/x' }).end();
    if (command === 'endless') {
      response.writeHead(200, { 'content-type': 'video/mp4' });
      const timer = setInterval(() => response.write(Buffer.alloc(1000)), 2);
      return void response.on('close', () => clearInterval(timer));
    }
    return undefined;
  });
});
afterAll(() => Promise.all([server.close(), other.close()]));

async function whole(file: DownloadFile): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.data) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const options = (more: Partial<DownloadOptions> = {}): DownloadOptions => ({
  maxBytes: 100_000,
  timeoutMs: 5_000,
  signal: new AbortController().signal,
  ...more,
});
const allowed = () => createMediaDownload({ allow: [`127.0.0.1:${server.port}`, `127.0.0.1:${other.port}`] });
const get = (path: string, more: Partial<DownloadOptions> = {}, source: Partial<DownloadSource> = {}) =>
  allowed().open({ provider: 'painter', url: server.url + path, ...source }, options(more), whole);

test.each(['/picture', '/raw', '/untyped', '/packed'])('a file arrives whole: %s', async (path) => {
  expect(await get(path)).toBe('picture');
});

test('type and length are told before the bytes', async () => {
  const seen = await allowed().open({ provider: 'p', url: `${server.url}/picture` }, options(), async (file) => {
    await whole(file);
    return [file.mime, file.length];
  });
  expect(seen[0]).toBe('image/png');
  expect([null, 7]).toContain(seen[1]);
});

test.each([
  ['http://example.com/a.png', 'not_https'],
  ['https://127.0.0.1/a.png', 'private_address'],
  ['https://169.254.169.254/a.png', 'private_address'],
  ['https://[::1]/a.png', 'private_address'],
  ['https://user:pass@example.com/a.png', 'credentials'],
  ['https://example.com:22/a.png', 'port'],
  ['ftp://example.com/a.png', 'scheme'],
  ['no address', 'invalid_url'],
])('S6 %s is refused (%s)', async (url, reason) => {
  const narrow = createMediaDownload({ allow: [] }, { resolve: async () => [{ address: '93.184.216.34', family: 4 }] });
  const fault = await faultOf(narrow.open({ provider: 'p', url }, options(), whole));
  expect([fault.code, fault.params['reason']]).toEqual(['url_refused', reason]);
});

test('S6 a public name that leads to a private address is refused', async () => {
  const narrow = createMediaDownload({ allow: [] }, { resolve: async () => [{ address: '10.1.2.3', family: 4 }] });
  const url = 'https://cdn.example.com/a.png';
  expect((await faultOf(narrow.open({ provider: 'p', url }, options(), whole))).code).toBe('url_refused');
});

test('S6 every hop is vetted: a redirect may lead to another allowed host, not to a private one', async () => {
  expect(await get('/other')).toBe('other picture');
  expect((await faultOf(get('/private'))).code).toBe('url_refused');
});

test('a credential goes to its own origin and no further', async () => {
  const credential = { headers: { authorization: 'Bearer canary' }, origins: [server.url] };
  await get('/picture', {}, { credential });
  expect(server.requests.at(-1)!.headers.authorization).toBe('Bearer canary');
  await get('/other', {}, { credential });
  expect(other.requests.at(-1)!.headers.authorization).toBeUndefined();
  await get('/picture', {}, { credential: { ...credential, origins: [other.url] } });
  expect(server.requests.at(-1)!.headers.authorization).toBeUndefined();
});

test.each([
  ['/json', 'provider_failed', 'content_type', false],
  ['/nothing', 'provider_failed', 'empty', false],
  ['/status/403', 'provider_failed', 'expired', false],
  ['/status/404', 'provider_failed', 'expired', false],
  ['/status/500', 'provider_failed', 'status', true],
  ['/status/429', 'provider_failed', 'status', true],
])('%s is %s, %s', async (path, code, reason, transient) => {
  const fault = await faultOf(get(path));
  expect([fault.code, fault.params['reason'], fault.transient]).toEqual([code, reason, transient]);
});

test('23 a file over its limit is cut while it streams', async () => {
  const fault = await faultOf(get('/endless', { maxBytes: 10_000 }));
  expect([fault.code, fault.params['limit'], fault.transient]).toEqual(['content_too_large', 10_000, false]);
  expect((await faultOf(get('/packed', { maxBytes: 3 }))).code).toBe('content_too_large');
});

test('a download that takes too long ends, and may be tried again', async () => {
  const fault = await faultOf(get('/endless', { timeoutMs: 80, maxBytes: 100_000_000 }));
  expect([fault.code, fault.transient]).toEqual(['provider_timeout', true]);
});

test('an abort throws the signal’s own reason', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 30);
  await expect(get('/endless', { signal: controller.signal, maxBytes: 100_000_000 })).rejects.toThrow('enough');
});

test('what the receiver throws comes through as it is, also when it looks like the network', async () => {
  const full = Object.assign(new Error('disk full'), { code: 'ECONNRESET' });
  const source = { provider: 'p', url: `${server.url}/endless` };
  const failing = allowed().open(source, options(), async (file) => {
    for await (const _chunk of file.data) throw full;
  });
  await expect(failing).rejects.toBe(full);
});

test('a receiver may stop early, and the connection is let go', async () => {
  const source = { provider: 'p', url: `${server.url}/endless` };
  const first = await allowed().open(source, options(), async (file) => {
    for await (const chunk of file.data) return chunk.byteLength;
    return 0;
  });
  expect(first).toBeGreaterThan(0);
  await expect.poll(() => server.open(), { timeout: 10_000 }).toBe(0);
});

test('a list of hosts that is none stops the start', () => {
  expect(() => createMediaDownload({ allow: ['http://x/'] })).toThrow(TypeError);
});
