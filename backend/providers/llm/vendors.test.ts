import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWfmError } from '@wfm/workflow-engine/errors';
import type { LlmCallOptions, LlmProvider, LlmRequest } from '@wfm/workflow-engine/ports';
import { createSafeFetch } from '../safe-fetch/safe-fetch.ts';
import { startFakeAnthropic } from '../testing/fake-anthropic-server.ts';
import { startFakeOpenai } from '../testing/fake-openai-server.ts';
import type { FakeReply, FakeVendor } from '../testing/fake-reply.ts';
import { createLlmProvider } from './registry.ts';
import { readProviderSettings } from './settings.ts';

const openaiKey = 'sk-openai-0123456789abcdef';
const anthropicKey = 'sk-ant-0123456789abcdef';
const compatibleKey = 'local-0123456789abcdef';

/** Per provider: what the fake answers next. */
let next: FakeReply | ((body: Record<string, unknown>) => FakeReply) = {};
const answer = (body: Record<string, unknown>) => (typeof next === 'function' ? next(body) : next);

let openai: FakeVendor;
let anthropic: FakeVendor;
let llm: LlmProvider;

beforeAll(async () => {
  openai = await startFakeOpenai(answer);
  anthropic = await startFakeAnthropic(answer);
  llm = createLlmProvider(
    readProviderSettings({
      OPENAI_API_KEY: openaiKey,
      OPENAI_BASE_URL: openai.baseUrl,
      ANTHROPIC_API_KEY: anthropicKey,
      ANTHROPIC_BASE_URL: anthropic.baseUrl,
      WFM_LLM_COMPATIBLE_BASE_URL: `${openai.baseUrl}/`,
      WFM_LLM_COMPATIBLE_API_KEY: compatibleKey,
      WFM_LLM_COMPATIBLE_MODELS: 'served-model, other-model',
    }).llm,
    createSafeFetch({ allow: [`127.0.0.1:${openai.port}`] }),
  );
});

afterAll(() => Promise.all([openai.close(), anthropic.close()]));

const user = (text: string): LlmRequest['messages'][number] => ({ role: 'user', parts: [{ type: 'text', text }] });

function ask(provider: string, request: Partial<LlmRequest> = {}, options: Partial<LlmCallOptions> = {}) {
  return llm.generate(
    { provider, model: undefined, messages: [user('Say hello')], ...request },
    { signal: new AbortController().signal, idempotencyKey: 'key-1', ...options },
  );
}

async function failure(promise: Promise<unknown>) {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isWfmError(thrown)) throw new Error(`expected a WfmError, got ${String(thrown)}`);
  return thrown;
}

const fakeOf = (provider: string) => (provider === 'anthropic' ? anthropic : openai);
const lastBody = (provider: string) => fakeOf(provider).bodies().at(-1)!;
const lastHeaders = (provider: string) => fakeOf(provider).requests.at(-1)!.headers;

const providers = ['openai', 'anthropic', 'compatible'];

describe.each(providers)('%s', (provider) => {
  test('14.2 streams, and gives text, model and usage', async () => {
    next = { chunks: ['Hel', 'lo ', 'wörld'], usage: { input: 100, output: 20, cached: 40 } };
    const deltas: string[] = [];
    let activity = 0;
    const reply = await ask(provider, {}, { onDelta: (text) => deltas.push(text), onActivity: () => (activity += 1) });
    expect(deltas).toEqual(['Hel', 'lo ', 'wörld']);
    expect(reply.text).toBe('Hello wörld');
    expect(reply.model).toBe(lastBody(provider)['model']);
    expect(reply.usage).toMatchObject({
      input_tokens: 100,
      output_tokens: 20,
      total_tokens: 120,
      cached_input_tokens: 40,
      calls: 1,
    });
    expect(activity).toBeGreaterThan(0);
  });

  test('deltas arrive as they are sent, with a schema too', async () => {
    for (const outputSchema of [undefined, { type: 'object', properties: { a: { type: 'string' } } }]) {
      next = { chunks: ['{"a":', '"x"', '}'], pauseMs: 40 };
      const times: number[] = [];
      await ask(provider, { outputSchema }, { onDelta: () => times.push(performance.now()) });
      expect(times).toHaveLength(3);
      expect(times[2]! - times[0]!).toBeGreaterThan(50);
    }
  });

  test('sends the settings, the key of the server and the idempotency key', async () => {
    next = { chunks: ['x'] };
    await ask(provider, { temperature: 0.5, maxTokens: 77, model: 'gpt-4o' });
    const headers = lastHeaders(provider);
    const key = { openai: openaiKey, anthropic: anthropicKey, compatible: compatibleKey }[provider];
    expect(headers['x-api-key'] ?? headers.authorization).toBe(provider === 'anthropic' ? key : `Bearer ${key}`);
    expect(headers['idempotency-key']).toBe('key-1');
    const body = lastBody(provider);
    expect([
      body['temperature'],
      body['max_output_tokens'] ?? body['max_tokens'],
      body['stream'],
      body['model'],
    ]).toEqual([0.5, 77, true, 'gpt-4o']);
  });

  test('14.2 a key that comes with the request is used for that call alone', async () => {
    next = { chunks: ['x'] };
    await ask(provider, {}, { apiKey: 'sk-of-the-request' });
    expect(JSON.stringify(lastHeaders(provider))).toContain('sk-of-the-request');
    await ask(provider);
    expect(JSON.stringify(lastHeaders(provider))).not.toContain('sk-of-the-request');
  });

  test('a key that HTTP cannot carry is refused without being quoted', async () => {
    const error = await failure(ask(provider, {}, { apiKey: 'secret\r\nx-evil: 1' }));
    expect([error.code, error.message.includes('secret')]).toEqual(['llm_auth', false]);
  });

  test('14.2 a conversation keeps its turns, system texts lead, texts of one role join', async () => {
    next = { chunks: ['x'] };
    await ask(provider, {
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'S1' }] },
        user('U1'),
        user('U2'),
        { role: 'assistant', parts: [{ type: 'text', text: 'A1' }] },
        { role: 'system', parts: [{ type: 'text', text: 'S2' }] },
        user('U3'),
      ],
    });
    const body = JSON.stringify(lastBody(provider));
    const order = ['S1\\n\\nS2', 'U1\\n\\nU2', 'A1', 'U3'].map((text) => body.indexOf(text));
    expect(order.every((at) => at >= 0)).toBe(true);
    expect(order.slice(1)).toEqual(order.slice(1).sort((a, b) => a - b));
  });

  test('a request of system texts alone is still a conversation', async () => {
    next = { chunks: ['x'] };
    await ask(provider, { messages: [{ role: 'system', parts: [{ type: 'text', text: 'Only this' }] }] });
    expect(JSON.stringify(lastBody(provider))).toMatch(/"role":"user".*Only this|Only this.*"role":"user"/);
  });

  test('14.2 a picture travels as its bytes', async () => {
    next = { chunks: ['x'] };
    const data = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    await ask(provider, {
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', text: 'Look' },
            { type: 'image', mime: 'image/png', data: new Uint8Array(data) },
          ],
        },
      ],
    });
    expect(JSON.stringify(lastBody(provider))).toContain(data.toString('base64'));
  });

  test('an answer that was cut at the token limit says so', async () => {
    next = { chunks: ['half'], finish: 'length' };
    expect(await ask(provider)).toMatchObject({ text: 'half', truncated: true });
  });

  test('24 a refusal is llm_refused', async () => {
    next = { chunks: [], finish: 'refusal' };
    const error = await failure(ask(provider));
    expect([error.code, error.params['reason'], error.transient]).toEqual(['llm_refused', 'content', false]);
  });

  test.each<[number, FakeReply['error'], string, boolean, string]>([
    [
      401,
      { type: 'authentication_error', code: 'invalid_api_key', message: `Incorrect API key: ${openaiKey}` },
      'llm_auth',
      false,
      'key',
    ],
    [403, { type: 'permission_error', message: 'No access' }, 'llm_auth', false, 'key'],
    [402, { message: 'Pay first' }, 'llm_rate_limited', false, 'quota'],
    [
      429,
      { type: 'insufficient_quota', code: 'insufficient_quota', message: 'You exceeded your quota' },
      'llm_rate_limited',
      false,
      'quota',
    ],
    [429, { type: 'rate_limit_error', message: 'Slow down' }, 'llm_rate_limited', true, 'rate'],
    [400, { type: 'invalid_request_error', message: 'prompt is too long' }, 'llm_refused', false, 'request'],
    [413, { type: 'request_too_large', message: 'Too large' }, 'llm_refused', false, 'request'],
    [
      400,
      { type: 'invalid_request_error', code: 'content_policy_violation', message: 'Not that' },
      'llm_refused',
      false,
      'content',
    ],
    [
      404,
      { type: 'not_found_error', code: 'model_not_found', message: 'model: nope' },
      'model_unknown',
      false,
      'model',
    ],
    [400, { type: 'invalid_request_error', message: 'nope is not a valid model ID' }, 'model_unknown', false, 'model'],
    [404, { message: 'No such path' }, 'llm_unavailable', false, 'address'],
    [408, { message: 'Timeout' }, 'llm_unavailable', true, 'status'],
    [500, { type: 'api_error', message: 'Oops' }, 'llm_unavailable', true, 'status'],
    [503, undefined, 'llm_unavailable', true, 'status'],
    [529, { type: 'overloaded_error', message: 'Overloaded' }, 'llm_unavailable', true, 'status'],
    [302, undefined, 'llm_unavailable', false, 'address'],
  ])('24 status %i %j is %s', async (status, error, code, transient, reason) => {
    next = { status, error, headers: { location: 'http://127.0.0.1:1/steal' } };
    const thrown = await failure(ask(provider, { model: 'nope' }));
    expect([thrown.code, thrown.transient, thrown.params['reason'], thrown.params['provider']]).toEqual([
      code,
      transient,
      reason,
      provider,
    ]);
    expect(thrown.params['status']).toBe(status);
    expectNoSecrets(thrown);
  });

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after-ms': '120', 'retry-after': '7' }, 120],
    [{ 'retry-after': new Date(Date.now() + 600_000).toUTCString() }, 600_000],
    [{}, undefined],
  ])('24 a rate limit says how long to wait: %j', async (headers, expected) => {
    next = { status: 429, error: { message: 'Slow down' }, headers };
    const { retryAfterMs } = await failure(ask(provider));
    // A date has whole seconds and was written before the test ran.
    if (expected === 600_000) expect(Math.abs((retryAfterMs ?? 0) - expected)).toBeLessThan(60_000);
    else expect(retryAfterMs).toBe(expected);
  });

  test('an error inside the stream is an error of its kind', async () => {
    next = { chunks: ['so far'], error: { type: 'overloaded_error', message: 'Overloaded' } };
    const overloaded = await failure(ask(provider));
    expect([overloaded.code, overloaded.transient]).toEqual(['llm_unavailable', true]);
    next = {
      chunks: ['so far'],
      error: { type: 'rate_limit_error', code: 'rate_limit_exceeded', message: 'Slow down' },
    };
    expect((await failure(ask(provider))).code).toBe('llm_rate_limited');
  });

  test('24 a connection that breaks off is transient, before and in the middle', async () => {
    next = { chunks: ['so far'], then: 'cut' };
    const cut = await failure(ask(provider));
    expect([cut.code, cut.transient]).toEqual(['llm_unavailable', true]);
    expectNoSecrets(cut);
  });

  test('an abort throws the signal’s reason and closes the connection', async () => {
    next = { chunks: ['so far'], then: 'hang' };
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const pending = ask(
      provider,
      {},
      { signal: controller.signal, onDelta: () => setTimeout(() => controller.abort(reason), 20) },
    );
    await expect(pending).rejects.toBe(reason);
    await expect(ask(provider, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('23 a reply over 10 MB is cut off', async () => {
    next = { chunks: Array.from({ length: 12 }, () => 'x'.repeat(1024 * 1024)), then: 'hang' };
    expect((await failure(ask(provider))).code).toBe('reply_too_large');
  });

  test('23 an event that never ends is cut off', async () => {
    next = { chunks: ['x'.repeat(25 * 1024 * 1024)], then: 'hang' };
    expect((await failure(ask(provider))).code).toBe('reply_too_large');
  });

  test('24 an error page without end is cut off', async () => {
    next = { status: 500, body: 'x'.repeat(3 * 1024 * 1024) };
    expect((await failure(ask(provider))).code).toBe('reply_too_large');
  });

  test('an effort that nobody knows is refused with the ones that are known', async () => {
    const error = await failure(ask(provider, { reasoningEffort: 'turbo' }));
    expect([error.code, error.message.includes('medium')]).toEqual(['llm_refused', true]);
  });
});

function expectNoSecrets(error: { message: string; params: object; cause?: unknown; details?: unknown }): void {
  const told = JSON.stringify([error.message, error.params, error.details]);
  expect(told).not.toMatch(/0123456789abcdef|127\.0\.0\.1|https?:/);
  expect(error.cause).toBeUndefined();
}
