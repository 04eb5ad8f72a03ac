import { expect, test } from 'vitest';
import { isWfmError } from '@wfm/workflow-engine/errors';
import { readProviderSettings } from './settings.ts';

test.each<[Record<string, string>, string]>([
  [{}, 'local'],
  [{ OPENAI_API_KEY: ' ' }, 'local'],
  [{ ANTHROPIC_API_KEY: 'b', OPENAI_API_KEY: 'a' }, 'openai'],
  [{ ANTHROPIC_API_KEY: 'b' }, 'anthropic'],
  [{ WFM_LLM_COMPATIBLE_BASE_URL: 'http://x/v1' }, 'compatible'],
  [{ OPENAI_API_KEY: 'a', WFM_LLM_PROVIDER: 'Local' }, 'local'],
  [{ WFM_LLM_PROVIDER: 'openai' }, 'openai'],
])('the default provider of %j is %s', (env, provider) => {
  expect(readProviderSettings(env).llm.provider).toBe(provider);
});

test('WFM_LLM_MODEL is the default provider’s model and nobody else’s', () => {
  const { llm } = readProviderSettings({
    OPENAI_API_KEY: 'a',
    ANTHROPIC_API_KEY: 'b',
    WFM_LLM_MODEL: 'm',
    WFM_LLM_PROVIDER: 'anthropic',
  });
  expect([llm.openai.model, llm.anthropic.model]).toEqual([undefined, 'm']);
});

test('addresses lose their last slash, lists are split, the rest has defaults', () => {
  const settings = readProviderSettings({
    OPENAI_BASE_URL: 'https://proxy.example/openai/v1/',
    WFM_LLM_COMPATIBLE_BASE_URL: 'http://localhost:11434/v1',
    WFM_LLM_COMPATIBLE_MODELS: 'a, b\nc',
    WFM_FETCH_ONLY: 'a.example b.example:8443',
    WFM_FETCH_ALLOW: 'intranet:8081',
    WFM_LLM_LOCAL_DELAY_MS: '15',
  });
  expect(settings.llm.openai.baseUrl).toBe('https://proxy.example/openai/v1');
  expect(settings.llm.anthropic.baseUrl).toBe('https://api.anthropic.com/v1');
  expect(settings.llm.compatible?.models).toEqual(['a', 'b', 'c']);
  expect(settings.llm.localDelayMs).toBe(15);
  expect(settings.fetch).toEqual({ only: ['a.example', 'b.example:8443'], allow: ['intranet:8081'] });
});

test.each<[string, string]>([
  ['WFM_LLM_PROVIDER', 'gemini'],
  ['OPENAI_BASE_URL', 'proxy.example'],
  ['OPENAI_BASE_URL', 'https://user:hunter2@proxy.example/'],
  ['ANTHROPIC_BASE_URL', 'file:///hunter2'],
  ['WFM_LLM_COMPATIBLE_BASE_URL', 'https://x.example/v1?key=hunter2'],
  ['WFM_FETCH_ONLY', 'https://a.example'],
  ['WFM_FETCH_ALLOW', 'a.example/path'],
  ['WFM_LLM_LOCAL_DELAY_MS', 'soon'],
])('a value that cannot be meant stops the start and names its setting: %s=%s', (setting, value) => {
  try {
    readProviderSettings({ [setting]: value });
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    expect([thrown.params['setting'], thrown.message.startsWith(setting)]).toEqual([setting, true]);
    expect(thrown.message).not.toContain('hunter2');
    return;
  }
  expect.unreachable('the setting was taken');
});

test('a compatible endpoint as default needs its address', () => {
  expect(() => readProviderSettings({ WFM_LLM_PROVIDER: 'compatible' })).toThrow(/WFM_LLM_COMPATIBLE_BASE_URL/);
});
