import { describe, expect, it } from 'vitest';
import { scriptedLlm } from '../testing/scripted-llm.ts';
import { effectiveSettings } from './llm-settings.ts';

const llm = scriptedLlm([]);
const level = (name: string) => ({
  provider: `${name}-p`,
  model: `${name}-m`,
  temperature: name.length / 10,
  max_tokens: name.length,
  reasoning_effort: name,
});
const request = level('request');
const module = level('module');
const input = level('in');
const workflow = level('workflow');

function settle(levels: { request?: object; module?: object; input?: object; workflow?: object }) {
  return effectiveSettings(
    { ...levels.input, ai_config: levels.module as Record<string, unknown> | undefined },
    { aiConfig: levels.request ?? {}, config: levels.workflow ? { ai_config: levels.workflow } : {}, llm },
  );
}
const naming = ({ provider, model }: { provider?: string; model?: string }) => ({ provider, model });
const tuning = ({ temperature, max_tokens, reasoning_effort }: typeof request) => ({
  temperature,
  max_tokens,
  reasoning_effort,
});

describe('effectiveSettings', () => {
  it('14.2 provider and model: request, module, input, workflow, server', () => {
    expect(settle({ request, module, input, workflow })).toMatchObject(naming(request));
    expect(settle({ module, input, workflow })).toMatchObject(naming(module));
    expect(settle({ input, workflow })).toMatchObject(naming(input));
    expect(settle({ workflow })).toMatchObject(naming(workflow));
    expect(settle({})).toEqual({ provider: 'scripted', model: 'script-1' });
  });

  it('14.2 other settings: input, request, module, workflow', () => {
    expect(settle({ request, module, input, workflow })).toMatchObject(tuning(input));
    expect(settle({ request, module, workflow })).toMatchObject(tuning(request));
    expect(settle({ module, workflow })).toMatchObject(tuning(module));
    expect(settle({ workflow })).toMatchObject(tuning(workflow));
  });

  it('14.2 each setting is looked up by itself, blank texts do not count', () => {
    expect(settle({ request: { model: 'fast' }, input: { provider: 'other' } })).toEqual({
      provider: 'other',
      model: 'fast',
    });
    expect(settle({ request: { provider: '', model: ' ' }, workflow: { provider: 'other' } })).toEqual({
      provider: 'other',
      model: 'other-1',
    });
  });

  it('14.2 a provider nobody knows keeps its name and gets no model', () => {
    expect(settle({ input: { provider: 'nobody' } })).toEqual({ provider: 'nobody' });
  });

  it('14.2 applying it twice changes nothing', () => {
    const once = settle({ request: { provider: 'other' }, input: { temperature: 0.5 } });
    expect(settle({ request: { provider: 'other' }, input: once })).toEqual(once);
  });
});
