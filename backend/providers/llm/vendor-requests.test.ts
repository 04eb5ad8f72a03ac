import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWfmError } from '@wfm/workflow-engine/errors';
import type { LlmCallOptions, LlmProvider, LlmRequest } from '@wfm/workflow-engine/ports';
import { createSafeFetch } from '../safe-fetch/safe-fetch.ts';
import { startFakeAnthropic } from '../testing/fake-anthropic-server.ts';
import { startFakeOpenai } from '../testing/fake-openai-server.ts';
import type { FakeReply, FakeVendor } from '../testing/fake-reply.ts';
import { startServer, type TestServer } from '../testing/http-server.ts';
import { createLlmProvider } from './registry.ts';
import { readProviderSettings } from './settings.ts';

let reply: FakeReply | ((body: Record<string, unknown>) => FakeReply) = { chunks: ['{}'] };
let openai: FakeVendor;
let anthropic: FakeVendor;
let pictures: TestServer;
let llm: LlmProvider;

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

beforeAll(async () => {
  const answer = (body: Record<string, unknown>) => (typeof reply === 'function' ? reply(body) : reply);
  openai = await startFakeOpenai(answer);
  anthropic = await startFakeAnthropic(answer);
  pictures = await startServer((request, response) => {
    if (request.path === '/page') return void response.setHeader('content-type', 'text/html').end('<p>');
    response.setHeader('content-type', 'image/png').end(pixel);
    return undefined;
  });
  const settings = readProviderSettings({
    OPENAI_API_KEY: 'sk-a',
    OPENAI_BASE_URL: openai.baseUrl,
    ANTHROPIC_API_KEY: 'sk-b',
    ANTHROPIC_BASE_URL: anthropic.baseUrl,
    WFM_LLM_COMPATIBLE_BASE_URL: openai.baseUrl,
    WFM_LLM_COMPATIBLE_MODELS: 'served-model',
  });
  llm = createLlmProvider(settings.llm, createSafeFetch({ allow: [`127.0.0.1:${pictures.port}`] }));
});

afterAll(() => Promise.all([openai.close(), anthropic.close(), pictures.close()]));

function ask(provider: string, request: Partial<LlmRequest> = {}, options: Partial<LlmCallOptions> = {}) {
  const messages: LlmRequest['messages'] = [{ role: 'user', parts: [{ type: 'text', text: 'Go' }] }];
  return llm.generate(
    { provider, model: undefined, messages, ...request },
    { signal: new AbortController().signal, idempotencyKey: 'k', ...options },
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

const bodyAt = (vendor: FakeVendor, at = -1) => vendor.bodies().at(at)!;
const closed = { type: 'object', required: ['a'], properties: { a: { type: 'string' } } };
const map = { type: 'object', additionalProperties: { type: 'string' } };

test('14.2 OpenAI is held to a schema that strict mode can say, and told of any other', async () => {
  reply = { chunks: ['{"a":"x"}'] };
  await ask('openai', { outputSchema: closed });
  expect(bodyAt(openai)['text']).toEqual({
    format: { type: 'json_schema', name: 'answer', strict: true, schema: { ...closed, additionalProperties: false } },
  });
  await ask('openai', { outputSchema: map });
  expect(bodyAt(openai)['text']).toEqual({
    format: { type: 'json_schema', name: 'answer', strict: false, schema: map },
  });
});

test('14.2 a compatible server gets the same as response_format', async () => {
  reply = { chunks: ['{"a":"x"}'] };
  await ask('compatible', { outputSchema: closed });
  expect(bodyAt(openai)['response_format']).toEqual({
    type: 'json_schema',
    json_schema: { name: 'answer', strict: true, schema: { ...closed, additionalProperties: false } },
  });
});

test('14.2 Anthropic gets a format', async () => {
  reply = { chunks: ['{"a":"x"}'] };
  await ask('anthropic', { outputSchema: closed });
  expect(bodyAt(anthropic)['output_config']).toMatchObject({
    format: { type: 'json_schema', schema: { required: ['a'] } },
  });
});

test('14.2 the reply comes back in the author’s shape: unwrapped, without the nulls of strict mode', async () => {
  reply = { chunks: ['{"value":', '["x"]}'] };
  const list = { type: 'array', items: { type: 'string' } };
  for (const provider of ['openai', 'anthropic', 'compatible'])
    expect((await ask(provider, { outputSchema: list })).text).toBe('["x"]');
  reply = { chunks: ['{"a":"x","b":null}'] };
  const optional = { ...closed, properties: { ...closed.properties, b: { type: 'number' } } };
  expect((await ask('openai', { outputSchema: optional })).text).toBe('{"a":"x"}');
});

test('a compatible server that knows no schemas is asked again with the schema in words, once', async () => {
  reply = (body) =>
    'response_format' in body
      ? { status: 400, error: { message: "'response_format' is not supported" } }
      : { chunks: ['{"a":"x"}'] };
  const before = openai.requests.length;
  expect((await ask('compatible', { outputSchema: closed })).text).toBe('{"a":"x"}');
  expect(openai.requests.length - before).toBe(2);
  expect(JSON.stringify(bodyAt(openai))).toContain('follows this JSON Schema');
  reply = { status: 400, error: { message: 'no' } };
  expect((await failure(ask('compatible', { outputSchema: closed }))).code).toBe('llm_refused');
  expect(openai.requests.length - before).toBe(4);
});

test('a compatible server without a key gets no authorization', async () => {
  reply = { chunks: ['x'] };
  const { model } = await ask('compatible');
  expect([model, openai.requests.at(-1)!.headers.authorization]).toEqual(['served-model', undefined]);
});

test('3.7 Anthropic is asked to cache the parts that say so, the longer first; others ignore the wish', async () => {
  reply = { chunks: ['x'] };
  const messages: LlmRequest['messages'] = [
    {
      role: 'system',
      parts: [
        { type: 'text', text: 'S1' },
        { type: 'text', text: 'S2', cacheTtlSeconds: 60 },
        { type: 'text', text: 'S3' },
      ],
    },
    {
      role: 'user',
      parts: [
        { type: 'text', text: 'U1', cacheTtlSeconds: 3600 },
        { type: 'text', text: 'U2', cacheTtlSeconds: 300 },
        { type: 'text', text: 'U3' },
      ],
    },
  ];
  await ask('anthropic', { messages });
  const mark = (ttl: string) => ({ type: 'ephemeral', ttl });
  expect(bodyAt(anthropic)).toMatchObject({
    system: [{ text: 'S1\n\nS2', cache_control: mark('1h') }, { text: 'S3' }],
    messages: [
      {
        content: [{ text: 'U1', cache_control: mark('1h') }, { text: 'U2', cache_control: mark('5m') }, { text: 'U3' }],
      },
    ],
  });
  await ask('openai', { messages });
  expect(JSON.stringify(bodyAt(openai))).not.toMatch(/cache_control|breakpoint/);
});

test('reasoning effort reaches each vendor in its own words', async () => {
  reply = { chunks: ['x'] };
  await ask('openai', { reasoningEffort: 'high', model: 'gpt-5.4-mini' });
  expect(bodyAt(openai)['reasoning']).toMatchObject({ effort: 'high' });
  await ask('compatible', { reasoningEffort: 'low' });
  expect(bodyAt(openai)['reasoning_effort']).toBe('low');
  await ask('anthropic', { reasoningEffort: 'high', model: 'claude-sonnet-5' });
  expect(bodyAt(anthropic)['output_config']).toMatchObject({ effort: 'high' });
  await ask('anthropic', { reasoningEffort: 'max', model: 'claude-opus-5-5' });
  expect(bodyAt(anthropic)['output_config']).toMatchObject({ effort: 'max' });
});

test('nothing is kept at OpenAI unless the author labels the call', async () => {
  reply = { chunks: ['x'] };
  await ask('openai');
  expect([bodyAt(openai)['store'], bodyAt(openai)['metadata']]).toEqual([false, undefined]);
  await ask('openai', { metadata: { campaign: 'spring', run: 7, long: 'x'.repeat(600), ['__proto__']: 'x' } });
  expect(bodyAt(openai)['metadata']).toEqual({ campaign: 'spring', run: '7', long: 'x'.repeat(512) });
  expect(bodyAt(openai)['store']).toBe(true);
  await ask('anthropic', { metadata: { user_id: 'u-1', campaign: 'spring' } });
  expect(bodyAt(anthropic)['metadata']).toEqual({ user_id: 'u-1' });
});

const picture = (url: string): LlmRequest['messages'] => [{ role: 'user', parts: [{ type: 'image_url', url }] }];

test('14.2 a picture’s address goes to vendors that take one', async () => {
  reply = { chunks: ['x'] };
  const url = 'https://pictures.example/a.png';
  await ask('openai', { messages: picture(url) });
  expect(JSON.stringify(bodyAt(openai))).toContain(`"image_url":"${url}"`);
  await ask('anthropic', { messages: picture(url) });
  expect(JSON.stringify(bodyAt(anthropic))).toContain(`"url":"${url}"`);
});

test('S6 a picture is fetched for the others by the client that keeps private networks out', async () => {
  reply = { chunks: ['x'] };
  await ask('compatible', { messages: picture(`${pictures.url}/a.png`) });
  expect(JSON.stringify(bodyAt(openai))).toContain(`data:image/png;base64,${pixel.toString('base64')}`);
  const before = openai.requests.length;
  const refused = await failure(ask('compatible', { messages: picture('http://169.254.169.254/latest/meta-data') }));
  expect([refused.code, refused.params['reason']]).toEqual(['url_refused', 'private_address']);
  expect((await failure(ask('compatible', { messages: picture(`${pictures.url}/page`) }))).code).toBe('image_refused');
  expect(openai.requests.length).toBe(before);
});

test('pictures of a system or assistant message are shown by the person after it', async () => {
  reply = { chunks: ['x'] };
  const image = { type: 'image', mime: 'image/png', data: new Uint8Array(pixel) } as const;
  await ask('anthropic', {
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 'S' }, image] },
      { role: 'user', parts: [{ type: 'text', text: 'U' }] },
      { role: 'assistant', parts: [{ type: 'text', text: 'A' }, image] },
      { role: 'user', parts: [{ type: 'text', text: 'V' }] },
    ],
  });
  const types = (bodyAt(anthropic)['messages'] as { role: string; content: { type: string }[] }[]).map((message) => [
    message.role,
    ...message.content.map((part) => part.type),
  ]);
  expect(types).toEqual([
    ['user', 'image', 'text'],
    ['assistant', 'text'],
    ['user', 'image', 'text'],
  ]);
});

test.each(['openai', 'anthropic', 'compatible'])(
  'a stream that ends before its end is no answer: %s',
  async (provider) => {
    reply = { chunks: ['so far'], then: 'stop-early' };
    const error = await failure(ask(provider));
    expect([error.code, error.transient]).toEqual(['llm_unavailable', true]);
  },
);

test('14.2 cost is given where the price is known, and absent where it is not', async () => {
  reply = { chunks: ['x'], usage: { input: 1_000_000, output: 1_000_000, cached: 500_000, reasoning: 10 } };
  const known = await ask('openai', { model: 'gpt-5.4-mini' });
  expect(known.usage.cost_usd).toBeGreaterThan(4);
  expect(known.usage.cost_usd).toBeLessThan(5.25);
  expect(known.usage.reasoning_tokens).toBe(10);
  const full = await ask('anthropic', { model: 'claude-haiku-4-5-20251001' });
  expect(full.usage.cost_usd).toBeCloseTo(5.55, 5);
  for (const [provider, model] of [
    ['openai', 'gpt-99-nova'],
    ['anthropic', 'claude-haiku-4-5-9'],
    ['compatible', 'gpt-5'],
  ] as const) {
    expect(await ask(provider, { model }).then(({ usage }) => usage.cost_usd)).toBeUndefined();
  }
});

test('an endpoint that is not there is transient and named by its setting, not by its address', async () => {
  const gone = await startServer(() => undefined);
  await gone.close();
  const { llm: settings } = readProviderSettings({
    WFM_LLM_COMPATIBLE_BASE_URL: `${gone.url}/v1`,
    WFM_LLM_COMPATIBLE_MODELS: 'm',
  });
  const options = { signal: new AbortController().signal, idempotencyKey: 'k' };
  const error = await failure(
    createLlmProvider(settings).generate({ provider: '', model: undefined, messages: [] }, options),
  );
  expect([error.code, error.transient, error.params['reason']]).toEqual(['llm_unavailable', true, 'network']);
  expect(error.message).not.toContain(String(gone.port));
});
