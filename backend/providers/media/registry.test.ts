import { describe, expect, test, vi } from 'vitest';
import type { MediaProvider, MediaProviderInfo } from '@wfm/workflow-engine/ports';
import { createMediaProviders, type MediaProvidersOptions } from './registry.ts';

const today = new Date('2026-11-22T10:00:00Z');

function infoOf(id: string, more: Partial<MediaProviderInfo> = {}): MediaProviderInfo {
  return {
    id,
    label: id.toUpperCase(),
    ready: true,
    models: [
      {
        id: 'old',
        label: 'Old',
        action: 'txt2img',
        params: { type: 'object', additionalProperties: false },
        retiresOn: '2026-11-22',
        replacedBy: 'new',
      },
      {
        id: 'new',
        label: 'New',
        action: 'txt2img',
        promptMaxChars: 5,
        params: {
          type: 'object',
          properties: { size: { enum: ['s', 'l'], default: 's' } },
          additionalProperties: false,
        },
      },
      {
        id: 'move',
        label: 'Move',
        action: 'img2vid',
        params: { type: 'object', additionalProperties: false },
        inputs: [{ role: 'source', mime: ['image/*'], min: 1, max: 1 }],
      },
    ],
    promptSchemas: {},
    limits: { atOnce: 1 },
    jobTimeoutMs: 1000,
    ...more,
  };
}

function providerOf(info: MediaProviderInfo, more: Partial<MediaProvider> = {}): MediaProvider {
  return {
    info: () => info,
    estimate: vi.fn<MediaProvider['estimate']>(async () => ({ cost: null, basis: 'unknown', notes: [] })),
    submit: () => Promise.reject(new Error('not here')),
    mayRepeat: false,
    ...more,
  };
}

function made(providers: MediaProvider[], more: Partial<MediaProvidersOptions> = {}) {
  return createMediaProviders({ providers, keys: { a: 'server-key' }, now: () => today, ...more });
}

const asked = { provider: 'a', action: 'txt2img', model: null, prompt: 'sea', params: {} } as const;

describe('15.1 the catalogue of media providers', () => {
  test('lists, finds and hands out what it was given', () => {
    const a = providerOf(infoOf('a'));
    const media = made([a]);
    expect(media.catalogue.list().map((info) => info.id)).toEqual(['a']);
    expect(media.catalogue.find('b')).toBeNull();
    expect(media.provider('a')).toBe(a);
    expect(media.provider('constructor')).toBeNull();
    expect([media.serverKey('a'), media.serverKey('b'), media.serverKey('constructor')]).toEqual([
      'server-key',
      null,
      null,
    ]);
  });

  test('refuses two providers of one id', () => {
    expect(() => made([providerOf(infoOf('a')), providerOf(infoOf('a'))])).toThrow(TypeError);
  });

  test('an unknown provider or action is answered with those that can', async () => {
    const { catalogue } = made([providerOf(infoOf('a')), providerOf(infoOf('b', { models: [] }))]);
    const refusal = { code: 'provider_action_unsupported', params: { alternatives: ['a'] } };
    await expect(catalogue.estimate({ ...asked, provider: 'x' })).rejects.toMatchObject(refusal);
    await expect(catalogue.estimate({ ...asked, provider: 'b' })).rejects.toMatchObject(refusal);
  });

  test('a retired action is explained', async () => {
    const retiredActions = { img2vid: { explanation: 'It is gone.', alternatives: ['google'] } };
    const { catalogue } = made([providerOf(infoOf('a', { models: [], retiredActions }))]);
    await expect(catalogue.estimate({ ...asked, action: 'img2vid' })).rejects.toMatchObject({
      code: 'provider_action_unsupported',
      message: 'It is gone.',
      params: { alternatives: ['google'] },
    });
  });

  test.each([
    ['a retired model', { model: 'old' }, { code: 'provider_action_unsupported', params: { alternatives: ['new'] } }],
    ['an unknown model', { model: 'x' }, { code: 'model_unknown', params: { models: ['new'] } }],
    ['a long prompt', { prompt: 'the sea' }, { code: 'input_invalid', place: 'prompt', params: { limit: 5 } }],
    ['no prompt', { prompt: ' ' }, { code: 'prompt_empty' }],
    ['a wrong parameter', { params: { size: 'm' } }, { code: 'input_invalid', place: 'params.size' }],
    ['an unknown parameter', { params: { seed: 1 } }, { code: 'input_invalid' }],
    ['missing files', { action: 'img2vid' as const, inputs: [] }, { code: 'source_image_missing' }],
  ])('refuses %s before the provider is asked', async (_, change, refusal) => {
    const provider = providerOf(infoOf('a'));
    await expect(made([provider]).catalogue.estimate({ ...asked, ...change })).rejects.toMatchObject(refusal);
    expect(provider.estimate).not.toHaveBeenCalled();
  });

  test('a check needs no key and fills in what is left out', () => {
    const { catalogue } = made([providerOf(infoOf('b', { ready: false }))]);
    expect(catalogue.check({ ...asked, provider: 'b' })).toEqual({ model: 'new', params: { size: 's' } });
    expect(() => catalogue.check({ ...asked, provider: 'b', params: { size: 'm' } })).toThrow('params.size');
  });

  test('files that are not chosen yet do not keep an estimate back', async () => {
    const { catalogue } = made([providerOf(infoOf('a'))]);
    await expect(catalogue.estimate({ ...asked, action: 'img2vid' })).resolves.toMatchObject({ basis: 'unknown' });
  });

  test("a user's own key goes before the server's and makes up for its lack", async () => {
    const a = providerOf(infoOf('a'));
    const b = providerOf(infoOf('b', { ready: false, reason: 'Set B_KEY.' }));
    const credentials = { get: async ({ userId }: { userId: string }) => (userId === 'ann' ? 'anns-key' : null) };
    const { catalogue } = made([a, b], { credentials });
    await catalogue.estimate({ ...asked, userId: 'ann' });
    await catalogue.estimate({ ...asked, userId: 'bob' });
    const keys = vi.mocked(a.estimate).mock.calls.map(([, context]) => context.apiKey);
    expect(keys).toEqual(['anns-key', 'server-key']);
    await catalogue.estimate({ ...asked, provider: 'b', userId: 'ann' });
    await expect(catalogue.estimate({ ...asked, provider: 'b', userId: 'bob' })).rejects.toMatchObject({
      code: 'provider_not_configured',
      message: 'Set B_KEY.',
    });
  });
});

describe('15.3 what forms offer', () => {
  const sample = { models: [{ key: 'new', label: 'New' }], size: ['s', 'l'] };

  test('comes from the catalogue where the vendor is not asked, without retired models', async () => {
    const { catalogue } = made([providerOf(infoOf('a'))]);
    expect(await catalogue.metadata('a', 'txt2img')).toEqual({ metadata: sample });
    expect(await catalogue.metadata('x', 'txt2img')).toEqual({ metadata: {} });
  });

  test('is asked once in 15 minutes, by action, and cannot be changed by whoever got it', async () => {
    let now = today;
    const metadata = vi.fn(async () => ({ list: ['one'] }));
    const { catalogue } = made([providerOf(infoOf('a'), { metadata })], { now: () => now });
    const [first] = await Promise.all([catalogue.metadata('a', 'txt2img'), catalogue.metadata('a', 'txt2img')]);
    (first.metadata['list'] as string[]).push('two');
    expect(await catalogue.metadata('a', 'txt2img')).toEqual({ metadata: { list: ['one'] } });
    expect(metadata).toHaveBeenCalledTimes(1);
    await catalogue.metadata('a', 'img2vid');
    expect(metadata).toHaveBeenCalledTimes(2);
    now = new Date(today.getTime() + 15 * 60_000);
    await catalogue.metadata('a', 'txt2img');
    expect(metadata).toHaveBeenCalledTimes(3);
  });

  test('is the sample with a warning where the vendor cannot be asked, and the vendor is tried again soon', async () => {
    let now = today;
    const metadata = vi.fn<() => Promise<Record<string, unknown>>>(() => Promise.reject(new Error('key sk-secret')));
    const { catalogue } = made([providerOf(infoOf('a'), { metadata })], { now: () => now });
    const reply = await catalogue.metadata('a', 'txt2img');
    expect(reply).toEqual({ metadata: sample, warning: expect.stringContaining('A could not be asked') });
    expect(JSON.stringify(reply)).not.toContain('secret');
    await catalogue.metadata('a', 'txt2img');
    expect(metadata).toHaveBeenCalledTimes(1);
    now = new Date(today.getTime() + 30_000);
    metadata.mockResolvedValue({ list: [] });
    expect(await catalogue.metadata('a', 'txt2img')).toEqual({ metadata: { list: [] } });
  });
});
