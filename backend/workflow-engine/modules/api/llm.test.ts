import { afterEach, describe, expect, it, vi } from 'vitest';
import { WfmError } from '../../errors/index.ts';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { type ScriptedReply, scriptedLlm, scriptedUsage } from '../testing/scripted-llm.ts';
import { apiLlm } from './llm.ts';

const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };

function setUp(replies: ScriptedReply[], overrides: Parameters<typeof moduleContext>[0] = {}) {
  const llm = scriptedLlm(replies);
  const test = moduleContext({ ...overrides, ports: { llm } });
  return { llm, test, run: (inputs: Record<string, unknown>) => runModule(apiLlm, inputs, test) };
}

describe('api.llm', () => {
  afterEach(() => void vi.useRealTimers());

  it('14.2 asks, streams, and gives text, model and usage', async () => {
    const { llm, test, run } = setUp(['Hello there']);
    expect(await run({ input: 'Hi', system: 'Be kind' })).toEqual({
      response: 'Hello there',
      response_text: 'Hello there',
      model: 'script-1',
      usage: { ...scriptedUsage, calls: 1 },
      token_usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
      token_usage_detailed: {
        input_tokens: 10,
        output_tokens: 5,
        total_tokens: 15,
        cached_input_tokens: 0,
        reasoning_tokens: 0,
        cost_usd: 0.01,
      },
    });
    expect(llm.requests[0]?.messages).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be kind' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
    ]);
    expect(test.told.progress).toEqual([{ delta: 'Hello ' }, { delta: 'there' }]);
    expect(test.told.usage).toEqual([{ ...scriptedUsage, calls: 1 }]);
    expect(llm.options[0]?.idempotencyKey).toBe('key-1');
  });

  it('14.2 the call is kept with prompt, reply, usage and cost, and without a key', async () => {
    const { test, run } = setUp(['Hello'], { aiConfig: { api_key: 'sk-secret' } });
    await run({
      input: ['Hi', { type: 'image', content: `data:image/png;base64,${btoa('pixels')}` }],
      api_key: 'sk-written',
      max_tokens: 9,
    });
    expect(test.told.calls).toMatchObject([
      {
        kind: 'llm',
        provider: 'scripted',
        target: 'script-1',
        request: { max_tokens: 9, messages: [{ role: 'user', parts: ['Hi', { image: 'image/png', bytes: 6 }] }] },
        reply: { text: 'Hello' },
        error: null,
        usage: { cost_usd: 0.01, calls: 1 },
      },
    ]);
    expect(JSON.stringify(test.told)).not.toMatch(/sk-|apiKey|outputSchema|maxTokens/);
  });

  it('14.2 a key is taken only from the request', async () => {
    const { llm, run } = setUp(['a', 'b'], { aiConfig: { api_key: 'sk-request' } });
    await run({ input: 'Hi', api_key: 'sk-input', ai_config: { api_key: 'sk-module' } });
    expect(llm.options[0]?.apiKey).toBe('sk-request');
    const without = setUp(['a']);
    await without.run({ input: 'Hi', api_key: 'sk-input', ai_config: { api_key: 'sk-module' } });
    expect(without.llm.options[0]).not.toHaveProperty('apiKey');
  });

  it('12.4 the conversation of a retry is appended after the input', async () => {
    const conversation = [
      { role: 'assistant', text: 'First draft' },
      { role: 'user', text: 'Feedback: shorter' },
    ] as const;
    const { llm, run } = setUp(['Short'], { conversation });
    await run({ input: 'Write' });
    expect(llm.requests[0]?.messages.map(({ role, parts }) => [role, parts])).toEqual([
      ['user', [{ type: 'text', text: 'Write' }]],
      ['assistant', [{ type: 'text', text: 'First draft' }]],
      ['user', [{ type: 'text', text: 'Feedback: shorter' }]],
    ]);
  });

  it('14.2 a reply under a schema is parsed', async () => {
    const { llm, run } = setUp(['Sure:\n```json\n{"n": 3}\n```\nDone.']);
    expect(await run({ input: 'Count', output_schema: schema })).toMatchObject({ response: { n: 3 } });
    expect(llm.requests[0]?.outputSchema).toEqual(schema);
  });

  it('14.2 one repair call with the errors, and the usage of both', async () => {
    const { llm, test, run } = setUp(['{"n":"three"}', '{"n":3}']);
    const outputs = await run({ input: 'Count', output_schema: schema });
    expect(outputs).toMatchObject({
      response: { n: 3 },
      response_text: '{"n":3}',
      usage: { total_tokens: 30, cost_usd: 0.02, calls: 2 },
    });
    const repair = llm.requests[1]?.messages ?? [];
    expect(repair.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(repair[2])).toContain('n: This must be a whole number, not text.');
    expect(llm.options[1]?.idempotencyKey).toBe('key-1:repair');
    expect(test.told.calls).toHaveLength(2);
    expect(test.told.usage).toHaveLength(2);
  });

  it('14.2 a second reply that does not fit is llm_output_invalid', async () => {
    const { llm, test, run } = setUp(['nothing', '{"n":1.5}', '{"n":1}']);
    await expect(run({ input: 'Count', output_schema: schema })).rejects.toMatchObject({
      code: 'llm_output_invalid',
      transient: false,
      details: { response_text: '{"n":1.5}' },
    });
    expect(llm.requests).toHaveLength(2);
    expect(test.told.calls).toHaveLength(2);
  });

  it('19.6 an unsound schema is said before anything is asked', async () => {
    const { llm, run } = setUp(['{}']);
    await expect(run({ input: 'x', output_schema: { type: 'nonsense' } })).rejects.toMatchObject({
      code: 'schema_invalid',
    });
    expect(llm.requests).toEqual([]);
  });

  it('14.2 a failing call is recorded and its error passed on', async () => {
    const error = new WfmError('llm_rate_limited', 'Slow down.', { transient: true, retryAfterMs: 2000 });
    const { test, run } = setUp([error]);
    await expect(run({ input: 'x' })).rejects.toBe(error);
    expect(test.told.calls).toMatchObject([{ reply: null, error: { code: 'llm_rate_limited' }, usage: null }]);
  });

  it('14.2 a foreign error becomes llm_unavailable, which may pass', async () => {
    const { run } = setUp([new Error('socket hang up')]);
    await expect(run({ input: 'x' })).rejects.toMatchObject({ code: 'llm_unavailable', transient: true });
  });

  it('14.2 no sign of life for 180 s is llm_timeout, also when the provider ignores its signal', async () => {
    vi.useFakeTimers();
    const { run } = setUp([() => new Promise(() => undefined)]);
    const failed = run({ input: 'x' }).catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(179_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await failed).toMatchObject({
      code: 'llm_timeout',
      transient: false,
      params: { kind: 'idle' },
    });
  });

  it('14.2 every sign of life restarts the idle time, and 600 s in all is llm_timeout', async () => {
    vi.useFakeTimers();
    let alive = 0;
    const { run } = setUp([
      (_request, { onActivity, signal }) =>
        new Promise((_resolve, reject) => {
          const timer = setInterval(() => {
            alive += 1;
            onActivity?.();
          }, 100_000);
          signal.addEventListener('abort', () => {
            clearInterval(timer);
            reject(signal.reason);
          });
        }),
    ]);
    const failed = run({ input: 'x' }).catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(601_000);
    expect(await failed).toMatchObject({
      code: 'llm_timeout',
      params: { kind: 'total', seconds: 600 },
    });
    expect(alive).toBeGreaterThanOrEqual(5);
  });

  it('10.3.3 a cancel ends the call with its own reason', async () => {
    const controller = new AbortController();
    const { run } = setUp([() => new Promise(() => undefined)], { signal: controller.signal });
    const failed = run({ input: 'x' }).catch((thrown: unknown) => thrown);
    const reason = new Error('cancelled by a person');
    controller.abort(reason);
    expect(await failed).toBe(reason);
  });

  it('10.6 settle puts the effective settings into the inputs, and no key', () => {
    const llm = scriptedLlm([]);
    const given = {
      input: 'x',
      api_key: 'sk-1',
      ai_config: { provider: 'other', api_key: 'sk-2' },
      cache_system_message: false,
    };
    const settled =
      apiLlm.kind === 'effect' && apiLlm.settle?.(given, { aiConfig: { api_key: 'sk-3' }, config: {}, llm });
    expect(settled).toEqual({ input: 'x', cache_system_message: false, provider: 'other', model: 'other-1' });
  });

  it('17.3 mock data: the schema’s value, a mock model, zero usage', () => {
    const mock = apiLlm.kind === 'effect' ? apiLlm.mock?.({ output_schema: schema }) : undefined;
    expect(mock).toMatchObject({
      outputs: { model: 'mock-preview', usage: { total_tokens: 0, calls: 0 } },
      schemas: { response: schema },
    });
  });

  it('5.10 a credential in a definition, and an unsound schema, are found', () => {
    const written = { api_key: 'sk-1', ai_config: { api_key: 'sk-2' }, output_schema: { type: 'nonsense' } };
    expect(apiLlm.check?.(written).map(({ code, path, severity }) => [code, path, severity])).toEqual([
      ['schema_invalid', 'output_schema.type', undefined],
      ['credential_in_definition', 'api_key', 'warning'],
      ['credential_in_definition', 'ai_config.api_key', 'warning'],
    ]);
    expect(apiLlm.check?.({ input: '', output_schema: '{{ state.schema }}', api_key: '{{ config.key }}' })).toEqual([]);
  });
});
