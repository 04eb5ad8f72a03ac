import { expect, test } from 'vitest';
import { faultWords } from './fault-words.ts';
import { type FaultContext, faultOfJob, faultOfReply, faultOfThrown } from './vendor-fault.ts';

const context: FaultContext = {
  provider: 'painter',
  title: 'Painter',
  secrets: ['top-secret-key'],
  keySetting: 'PAINTER_KEY',
  urlSetting: 'PAINTER_URL',
  starts: true,
};
const of = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  faultOfReply({ status, body, headers }, context);

test.each([
  [400, { error: 'width is missing' }, 'provider_failed', false, 'request'],
  [400, { error: { message: 'blocked by our safety system' } }, 'provider_failed', false, 'policy'],
  [401, {}, 'provider_auth', false, 'key'],
  [401, { detail: { status: 'quota_exceeded', message: 'used up' } }, 'provider_credits', false, 'credits'],
  [402, {}, 'provider_credits', false, 'credits'],
  [403, {}, 'provider_auth', false, 'key'],
  [403, { message: 'prompt violates our content policy' }, 'provider_failed', false, 'policy'],
  [404, { detail: 'Not Found' }, 'provider_failed', false, 'address'],
  [404, { detail: 'Sampler not found' }, 'provider_failed', false, 'request'],
  [408, {}, 'provider_failed', true, 'status'],
  [422, { detail: [{ loc: ['body', 'seed'], msg: 'not an integer' }] }, 'provider_failed', false, 'request'],
  [429, {}, 'provider_rate_limited', true, 'rate'],
  [429, { detail: { status: 'too_many_concurrent_requests' } }, 'provider_rate_limited', true, 'concurrency'],
  [429, { detail: { status: 'system_busy' } }, 'provider_rate_limited', true, 'busy'],
  [302, '', 'provider_failed', false, 'address'],
  [455, { msg: 'The website is currently undergoing maintenance' }, 'provider_failed', true, 'status'],
  [500, '<html>oops</html>', 'provider_failed', true, 'status'],
  [503, {}, 'provider_failed', true, 'status'],
])('24 status %d with %j is %s', (status, body, code, transient, reason) => {
  const fault = of(status, body);
  expect([fault.code, fault.transient, fault.params['reason']]).toEqual([code, transient, reason]);
  expect(fault.params).toMatchObject({ provider: 'painter', status });
});

test('only an order whose outcome is unknown may be billed', () => {
  const billed = (status: number) => of(status).params['maybe_billed'];
  expect([400, 401, 429, 455, 503].map(billed)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect([500, 502, 504].map(billed)).toEqual([true, true, true]);
  const look = faultOfReply({ status: 500, body: {}, headers: {} }, { ...context, starts: false });
  expect(look.params['maybe_billed']).toBeUndefined();
});

test.each([
  [{ 'retry-after': '3' }, 3_000],
  [{ 'retry-after-ms': '250' }, 250],
  [{ 'retry-after': '999999999' }, 3_600_000],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-5' }, 0],
  [{}, undefined],
])('what a vendor asks to wait by %j is %s ms', (headers, wait) => {
  expect(of(429, {}, headers as Record<string, string>).retryAfterMs).toBe(wait);
  expect(of(503, {}, headers as Record<string, string>).retryAfterMs).toBe(wait);
});

test('S13 a vendor’s sentence goes on short, on one line, without keys and addresses', () => {
  const message = `Bad\nkey top-secret-key at https://internal.example/x?y=1 Bearer abc.def ${'word '.repeat(200)}`;
  const fault = of(400, { error: message });
  expect(fault.message).toContain('It says: Bad key (key) at (address) (key)');
  expect(fault.message).not.toMatch(/top-secret|internal\.example|abc\.def|\n/);
  expect(fault.message.length).toBeLessThan(400);
  expect(of(401, { error: 'the key top-secret-key is wrong' }).message).not.toContain('It says');
});

test('a page, a huge or a deep body says nothing, and no shape breaks the reading', () => {
  expect(of(502, '<!doctype html><html>Bad gateway</html>').message).not.toContain('html');
  let deep: unknown = 'bottom';
  for (let i = 0; i < 100; i += 1) deep = { error: deep };
  expect(of(400, deep).message).not.toContain('bottom');
  expect(faultWords([{ message: 'a', extensions: { code: 'X', details: { message: 'b' } } }])).toEqual({
    labels: 'x',
    message: 'a b',
  });
  for (const body of [null, undefined, 5, [], [[[[]]]], { error: null }, { detail: [{ loc: [], msg: 'm' }] }])
    expect(faultWords(body).labels).toBe('');
});

test('a broken connection is transient; only one that stood may be billed', () => {
  const broken = (code: string) => {
    const inner = Object.assign(new Error('inner'), { code });
    return faultOfThrown(new TypeError('fetch failed', { cause: inner }), context);
  };
  expect(broken('ECONNRESET').params).toMatchObject({ reason: 'network', maybe_billed: true });
  expect(broken('ECONNREFUSED').params['maybe_billed']).toBeUndefined();
  expect(broken('ENOTFOUND').params['maybe_billed']).toBeUndefined();
  expect([broken('ECONNRESET').transient, broken('ENOTFOUND').transient]).toEqual([true, true]);
  expect(broken('ECONNRESET').cause).toBeUndefined();
});

test('a job that the vendor gave up is final', () => {
  expect(faultOfJob('NSFW content detected', context)).toMatchObject({
    transient: false,
    params: { reason: 'policy' },
  });
  expect(faultOfJob('', context)).toMatchObject({ transient: false, params: { reason: 'job' } });
});
