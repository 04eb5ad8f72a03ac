import { expect, test } from 'vitest';
import { isWfmError } from '@wfm/workflow-engine/errors';
import { createLlmProvider } from './registry.ts';
import { readProviderSettings } from './settings.ts';

const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'Write about bread' }] }];
const options = { signal: new AbortController().signal, idempotencyKey: 'k' };
const withEnv = (env: Record<string, string>) => createLlmProvider(readProviderSettings(env).llm);

test('with nothing configured, a request without a provider is answered by the labelled demo', async () => {
  const llm = withEnv({});
  expect(llm.defaultProvider).toBe('local');
  const reply = await llm.generate({ provider: '', model: undefined, messages }, options);
  expect([reply.model, reply.text.startsWith('[local demo]')]).toEqual(['local-demo-1', true]);
});

test('24 a provider that is not configured says which setting is missing and what there is instead', async () => {
  const llm = withEnv({ ANTHROPIC_API_KEY: 'sk-b' });
  for (const [provider, setting] of [
    ['openai', 'OPENAI_API_KEY'],
    ['compatible', 'WFM_LLM_COMPATIBLE_BASE_URL'],
    ['__proto__', null],
    ['gemini', null],
  ] as const) {
    const error = await llm
      .generate({ provider, model: undefined, messages }, options)
      .catch((thrown: unknown) => thrown);
    if (!isWfmError(error)) throw new Error('expected a WfmError');
    expect([error.code, error.params]).toEqual([
      'provider_not_configured',
      { provider, configured: ['anthropic', 'local'], setting },
    ]);
    expect(error.message).toContain('anthropic, local');
    if (setting !== null) expect(error.message).toContain(setting);
  }
});

test('the list tells what is configured, and that the demo is one', () => {
  const llm = withEnv({
    OPENAI_API_KEY: 'sk-a',
    WFM_LLM_MODEL: 'gpt-x',
    WFM_LLM_COMPATIBLE_BASE_URL: 'http://127.0.0.1:11434/v1',
  });
  expect(llm.list().map((info) => [info.provider, info.configured, info.demo, info.default_model])).toEqual([
    ['openai', true, false, 'gpt-x'],
    ['anthropic', false, false, 'claude-sonnet-5'],
    ['compatible', true, false, ''],
    ['local', true, true, 'local-demo-1'],
  ]);
  expect(llm.list().find((info) => info.demo)?.title).toBe('Local demo (not AI)');
  expect(JSON.stringify(llm.list())).not.toContain('sk-a');
});

test('nobody changes the list for others', () => {
  const llm = withEnv({});
  llm.list().length = 0;
  llm.list()[0]!.models.push({ model: 'x', title: 'x', vision: false, structured_output: false });
  expect(llm.list()).toEqual(withEnv({}).list());
});

test('an endpoint without a list of models wants one named', async () => {
  const llm = withEnv({ WFM_LLM_COMPATIBLE_BASE_URL: 'http://127.0.0.1:9/v1' });
  await expect(llm.generate({ provider: '', model: undefined, messages }, options)).rejects.toMatchObject({
    code: 'model_unknown',
  });
});
