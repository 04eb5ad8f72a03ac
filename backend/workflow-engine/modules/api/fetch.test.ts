import { describe, expect, it } from 'vitest';
import { WfmError } from '../../errors/index.ts';
import type { HttpClient, HttpReply, HttpRequest } from '../../ports/http-client.ts';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { apiFetch } from './fetch.ts';

const json = (value: unknown, rest: Partial<HttpReply> = {}): HttpReply => ({
  url: 'https://example.com/',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify(value)),
  ...rest,
});
const plain = (text: string, rest: Partial<HttpReply> = {}) =>
  json(null, { headers: { 'content-type': 'text/plain' }, body: new TextEncoder().encode(text), ...rest });

function setUp(reply: HttpReply | Error = json({})) {
  const requests: HttpRequest[] = [];
  const http: HttpClient = {
    fetch: async (request) => {
      requests.push(request);
      if (reply instanceof Error) throw reply;
      return reply;
    },
  };
  const test = moduleContext({ ports: { http } });
  return {
    requests,
    test,
    run: (inputs: Record<string, unknown>) => runModule(apiFetch, { url: 'https://example.com/', ...inputs }, test),
  };
}

describe('api.fetch', () => {
  it('14.2 a JSON reply is parsed', async () => {
    const { requests, run } = setUp(json({ items: [1] }));
    expect(await run({})).toEqual({ response: { items: [1] }, status_code: 200, success: true });
    expect(requests[0]).toMatchObject({ method: 'GET', timeoutMs: 30_000, maxBytes: 10 * 1024 * 1024 });
    expect(requests[0]).not.toHaveProperty('body');
  });

  it.each([
    [plain('hello'), { text: 'hello' }],
    [plain(' {"a":1}'), { a: 1 }],
    [plain('[not json'), { text: '[not json' }],
    [json(null, { body: new TextEncoder().encode('{broken') }), { text: '{broken' }],
    [json(null, { headers: { 'content-type': 'application/problem+json; charset=utf-8' } }), null],
    [plain(''), { text: '' }],
  ])('14.2 JSON is parsed, anything else is { text }: %#', async (reply, response) => {
    expect(await setUp(reply).run({})).toMatchObject({ response });
  });

  it.each([
    [
      { url: 'https://example.com/a', params: { q: 'café & co', n: 2, tag: ['x', 'y'], none: null } },
      'https://example.com/a?q=caf%C3%A9+%26+co&n=2&tag=x&tag=y',
    ],
    [
      { url: '/dishes?a=1', base_url: 'https://example.com/v1/', params: { b: 2 } },
      'https://example.com/v1/dishes?a=1&b=2',
    ],
    [{ url: 'https://other.com/x', base_url: 'https://example.com' }, 'https://other.com/x'],
  ])('14.2 the address: %j', async (inputs, url) => {
    const { requests, run } = setUp();
    await run(inputs);
    expect(requests[0]?.url).toBe(url);
  });

  it('14.2 a body goes as JSON or as the text it is, with a stable idempotency key', async () => {
    const { requests, run } = setUp();
    await run({ method: 'post', body: { a: 1 }, headers: { 'X-Trace': 7 } });
    await run({
      method: 'PUT',
      body: '<a/>',
      headers: { 'Content-Type': 'application/xml', 'Idempotency-Key': 'mine' },
    });
    await run({ body: { ignored: true } });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'x-trace': '7', 'idempotency-key': 'key-1' },
    });
    expect(requests[1]).toMatchObject({
      body: '<a/>',
      headers: { 'content-type': 'application/xml', 'idempotency-key': 'mine' },
    });
    expect(requests[2]?.headers).toEqual({ accept: expect.any(String) });
  });

  it('14.2 extract_path takes a part, on success only', async () => {
    const reply = json({ data: { items: [{ name: 'Dal' }] } });
    expect(await setUp(reply).run({ extract_path: 'data.items.0.name' })).toMatchObject({ response: 'Dal' });
    await expect(setUp(reply).run({ extract_path: 'data.toString' })).rejects.toMatchObject({
      code: 'extract_path_missing',
      params: { missing: 'toString' },
    });
    const failed = setUp(json({ problem: 1 }, { status: 404 }));
    expect(await failed.run({ extract_path: 'data', error_on_failure: false })).toEqual({
      response: { problem: 1 },
      status_code: 404,
      success: false,
    });
  });

  it.each([
    [404, false],
    [429, true],
    [503, true],
  ])('14.2 status %i is http_failed, transient: %s', async (status, transient) => {
    const reply = plain('try later', { status, headers: { 'retry-after': '7' } });
    await expect(setUp(reply).run({})).rejects.toMatchObject({
      code: 'http_failed',
      transient,
      retryAfterMs: 7000,
      params: { status },
    });
  });

  it.each([
    new WfmError('http_failed', 'The connection was reset.', { transient: true }),
    new WfmError('module_timeout', 'The host did not answer in time.', { transient: true }),
  ])('14.2 a network fault fails, or is no success where failing is switched off: $code', async (error) => {
    await expect(setUp(error).run({})).rejects.toBe(error);
    expect(await setUp(error).run({ error_on_failure: false })).toEqual({
      response: null,
      status_code: 0,
      success: false,
    });
    const refused = new WfmError('url_refused', 'Not public.');
    await expect(setUp(refused).run({ error_on_failure: false })).rejects.toBe(refused);
  });

  it('8.4 no credential is kept with the call', async () => {
    const { test, run } = setUp(json({ ok: true }));
    const secret = 'hunter2';
    await run({
      url: `https://me:${secret}@example.com/a?api_key=${secret}&q=1`,
      method: 'POST',
      params: { access_token: secret },
      headers: {
        Authorization: `Bearer ${secret}`,
        Cookie: secret,
        'X-Api-Key': secret,
        'X-Session-Token': secret,
        Accept: 'text/html',
      },
      body: { nested: [{ password: secret, name: 'kept' }] },
    });
    const [call] = test.told.calls;
    expect(JSON.stringify(call)).not.toContain(secret);
    expect(call).toMatchObject({
      kind: 'http',
      provider: 'example.com',
      request: {
        headers: { authorization: '[redacted]', accept: 'text/html' },
        body: { nested: [{ password: '[redacted]', name: 'kept' }] },
      },
      reply: { status: 200, body: '{"ok":true}' },
    });
  });

  it('14.2 a failed call is kept too', async () => {
    const { test, run } = setUp(new WfmError('url_refused', 'Not public.'));
    await expect(run({})).rejects.toMatchObject({ code: 'url_refused' });
    expect(test.told.calls).toMatchObject([{ reply: null, error: { code: 'url_refused' } }]);
  });

  it.each([
    [{ url: 'not an address' }, 'url_refused'],
    [{ url: '/path' }, 'url_refused'],
    [{ headers: { 'bad name': 'x' } }, 'input_invalid'],
    [{ headers: { 'X-A': 'a\r\nX-B: b' } }, 'input_invalid'],
    [{ headers: { Authorization: { $secret: 'shop' } } }, 'input_invalid'],
    [{ method: 'POST', body: { deep: [{ $secret: 'shop' }] } }, 'input_invalid'],
    [{ method: 'GET HTTP/1.1' }, 'input_invalid'],
    [{ timeout: 121 }, 'input_invalid'],
    [{ timeout: 0 }, 'input_invalid'],
  ])('14.2 refused before anything is asked: %j', async (inputs, code) => {
    const { requests, run } = setUp();
    await expect(run(inputs)).rejects.toMatchObject({ code });
    expect(requests).toEqual([]);
  });

  it('14.2 mock data, and credentials in the definition (5.10)', () => {
    const mock = apiFetch.kind === 'effect' ? apiFetch.mock?.({}) : undefined;
    expect(mock?.outputs).toMatchObject({ response: { mock: true }, status_code: 200, success: true });
    expect(apiFetch.check?.({ headers: { Authorization: 'Bearer x', Accept: 'y' } })).toMatchObject([
      { code: 'credential_in_definition', path: 'headers.Authorization', severity: 'warning' },
    ]);
    expect(apiFetch.check?.({ headers: { Authorization: { $secret: 'x' }, 'X-Api-Key': '{{ config.key }}' } })).toEqual(
      [],
    );
  });
});
