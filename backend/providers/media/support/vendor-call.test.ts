import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startServer, type TestServer } from '../../testing/http-server.ts';
import { faultOf, testContext } from '../../testing/media-rig.ts';
import { callVendor, fetchFile, type VendorCall, type VendorSite } from './vendor-call.ts';

const apiKey = 'canary-key-of-the-call';
let server: TestServer;
let other: TestServer;
let site: VendorSite;

beforeAll(async () => {
  other = await startServer((_seen, response) => void response.end('{"id": "elsewhere"}'));
  server = await startServer((seen, response) => {
    const path = seen.path.split('?')[0];
    const json = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (path === '/ok') return void json({ id: 'job-1', note: `your key is ${apiKey}` });
    if (path === '/inside') return void json({ code: 402, msg: 'Insufficient credits' });
    if (path === '/redirect') return void response.writeHead(307, { location: `${other.url}/` }).end();
    if (path === '/bomb')
      return void response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
        .end(gzipSync(Buffer.alloc(4 * 1024 * 1024, ' ')));
    if (path === '/many-words') return void json({ error: 'x'.repeat(1024 * 1024) }, 500);
    if (path === '/audio') return void response.writeHead(200, { 'content-type': 'Audio/MPEG; q=1' }).end('sound');
    if (path === '/untyped') return void response.end('sound');
    if (path === '/page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    if (path === '/empty') return void response.writeHead(200, { 'content-type': 'audio/mpeg' }).end();
    return undefined;
  });
});
afterAll(() => Promise.all([server.close(), other.close()]));
beforeEach(() => {
  site = {
    provider: 'painter',
    title: 'Painter',
    baseUrl: server.url,
    keySetting: 'PAINTER_KEY',
    urlSetting: 'PAINTER_URL',
    authHeaders: (key) => ({ authorization: `Bearer ${key}` }),
  };
});

const replySchema = z.object({ id: z.string() });
const ask = (path: string, more: Partial<VendorCall<{ id: string }>> = {}, context = testContext({ apiKey })) =>
  callVendor(site, { method: 'GET', path, ...more }, replySchema, context);

test('the key is sent, and the call is kept without it', async () => {
  const context = testContext({ apiKey });
  const call = { method: 'POST', path: '/ok', query: { a: '1' }, json: { prompt: `use ${apiKey}` } } as const;
  expect(await callVendor(site, call, replySchema, context)).toEqual({ id: 'job-1' });
  expect(server.requests.at(-1)).toMatchObject({ path: '/ok?a=1', headers: { authorization: `Bearer ${apiKey}` } });
  const [kept] = context.calls;
  expect(kept).toMatchObject({
    target: `POST ${new URL(server.url).host}/ok`,
    request: { query: { a: '1' }, body: { prompt: 'use (removed)' } },
    reply: { status: 200, body: { id: 'job-1', note: 'your key is (removed)' } },
    error: null,
  });
  expect(kept!.duration_ms).toBeGreaterThanOrEqual(0);
});

test('of looks only those are kept that ask for it, and all that fail', async () => {
  const context = testContext({ apiKey });
  await ask('/ok', { keep: () => false }, context);
  expect(context.calls).toEqual([]);
  await ask('/ok', { keep: (reply) => reply.id === 'job-1' }, context);
  expect(context.calls).toHaveLength(1);
  await faultOf(ask('/many-words', { keep: () => false }, context));
  expect(context.calls).toHaveLength(2);
  expect(JSON.stringify(context.calls).length).toBeLessThan(3_000);
});

test('S13 only the key itself is taken out: not the name before it, not the word that says how it is sent', async () => {
  site.authHeaders = (key) => ({ authorization: `Basic ${Buffer.from(key).toString('base64')}` });
  const context = testContext({ apiKey: 'painter:canary-password' });
  const prompt = `Basic painter, canary-password, ${Buffer.from('painter:canary-password').toString('base64')}`;
  await ask('/ok', { method: 'POST', json: { prompt } }, context);
  expect(context.calls[0]!.request).toEqual({ body: { prompt: 'Basic painter, (removed), (removed)' } });
});

test('a failure inside a reply with status 200 counts as what it says', async () => {
  site.statusInBody = (body) => (body as { code?: number }).code ?? null;
  expect((await faultOf(ask('/inside'))).code).toBe('provider_credits');
});

test('no redirect is followed: the key goes nowhere else', async () => {
  const fault = await faultOf(ask('/redirect', { starts: true }));
  expect([fault.code, fault.transient, fault.params['reason']]).toEqual(['provider_failed', false, 'address']);
  expect(other.requests).toEqual([]);
});

test('23 the cap holds for what a reply inflates to', async () => {
  const fault = await faultOf(ask('/bomb', { maxBytes: 1024 * 1024, starts: true }));
  expect(fault.params).toMatchObject({ reason: 'reply_too_large', limit: 1024 * 1024, maybe_billed: true });
});

test('a reply of another shape names what is wrong with it; an order is then not repeated, a look is', async () => {
  const wide = z.object({ id: z.object({ deep: z.string() }) });
  const order = { method: 'POST', path: '/ok', json: {}, starts: true } as const;
  const fault = await faultOf(callVendor(site, order, wide, testContext({ apiKey })));
  expect([fault.transient, fault.params['reason'], fault.params['maybe_billed']]).toEqual([false, 'malformed', true]);
  expect(fault.message).toContain('id is not as expected');
  const look = await faultOf(callVendor(site, { method: 'GET', path: '/ok' }, wide, testContext({ apiKey })));
  expect([look.transient, look.params['maybe_billed']]).toEqual([true, undefined]);
});

test('24 a silent vendor ends at the deadline, and the connection with it', async () => {
  const started = performance.now();
  const fault = await faultOf(ask('/silent', { timeoutMs: 100, starts: true }));
  expect([fault.code, fault.transient]).toEqual(['provider_timeout', true]);
  expect(fault.params).toMatchObject({ limit: 100, maybe_billed: true });
  expect(performance.now() - started).toBeLessThan(2_000);
  await expect.poll(() => server.open(), { timeout: 10_000 }).toBe(0);
});

test('an abort throws the signal’s own reason and is kept as such', async () => {
  const controller = new AbortController();
  const context = testContext({ apiKey, signal: controller.signal });
  const asked = ask('/silent', {}, context);
  setTimeout(() => controller.abort(new Error('enough')), 30);
  await expect(asked).rejects.toThrow('enough');
  expect(context.calls[0]!.error).toEqual({ code: 'aborted' });
});

test('a port where nobody listens is transient and names no address', async () => {
  const gone = await startServer(() => undefined);
  await gone.close();
  site.baseUrl = gone.url;
  const fault = await faultOf(ask('/ok', { starts: true }));
  expect([fault.transient, fault.params['maybe_billed']]).toEqual([true, undefined]);
  expect(JSON.stringify([fault.message, fault.params])).not.toContain('127.0.0.1');
});

test('without a key nobody is asked, unless the vendor wants none', async () => {
  const before = server.requests.length;
  const fault = await faultOf(ask('/ok', {}, testContext()));
  expect([fault.code, fault.params['setting'], server.requests.length]).toEqual([
    'provider_not_configured',
    'PAINTER_KEY',
    before,
  ]);
  site.keySetting = null;
  expect(await ask('/ok', {}, testContext())).toEqual({ id: 'job-1' });
});

test('a key that no header can carry is a refused key, and is not told', async () => {
  const fault = await faultOf(ask('/ok', {}, testContext({ apiKey: 'pasted\nkey' })));
  expect([fault.code, fault.transient]).toEqual(['provider_auth', false]);
  expect(fault.message).not.toContain('pasted');
});

const fetchAudio = (path: string, maxBytes = 1_000) =>
  fetchFile(site, { method: 'POST', path, json: {}, maxBytes, starts: true }, 'audio/', testContext({ apiKey }));

test('a file that is the answer itself comes with its type', async () => {
  expect(await fetchAudio('/audio')).toMatchObject({ mime: 'audio/mpeg', bytes: new Uint8Array(Buffer.from('sound')) });
  expect((await fetchAudio('/untyped')).mime).toBe('');
});

test.each([
  ['/page', 1_000, 'provider_failed', 'malformed'],
  ['/empty', 1_000, 'provider_failed', 'malformed'],
  ['/audio', 3, 'content_too_large', 'too_large'],
])('an answer %s under %d bytes is %s', async (path, maxBytes, code, reason) => {
  const fault = await faultOf(fetchAudio(path, maxBytes));
  expect([fault.code, fault.transient, fault.params['reason'], fault.params['maybe_billed']]).toEqual([
    code,
    false,
    reason,
    true,
  ]);
});
