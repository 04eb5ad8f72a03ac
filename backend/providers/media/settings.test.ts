import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isWfmError } from '@wfm/workflow-engine/errors';
import type { HttpClient } from '@wfm/workflow-engine/ports';
import { mediaSettingNames, readMediaSettings } from './settings.ts';
import { createStandardMedia } from './standard-providers.ts';

const http: HttpClient = { fetch: () => Promise.reject(new Error('nobody is asked')) };
const mediaOf = (env: Record<string, string>) => createStandardMedia(readMediaSettings(env), { http });

test('without a single setting every provider of 15.1 is listed, and those that need a key say which', () => {
  const media = mediaOf({});
  const infos = media.catalogue.list();
  expect(infos.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'midjourney',
      'leonardo',
      'openai',
      'stable_diffusion',
      'elevenlabs',
      'google',
      'fal',
      'replicate',
      'black_forest_labs',
      'luma',
      'deepgram',
      'local',
    ]),
  );
  for (const { id, ready, reason } of infos)
    if (id !== 'local') expect([id, ready, reason]).toEqual([id, false, expect.stringMatching(/_(?:KEY|TOKEN|URL)/)]);
});

test.each([
  ['OPENAI_API_KEY', 'openai'],
  ['GOOGLE_GENERATIVE_AI_API_KEY', 'google'],
  ['FAL_API_KEY', 'fal'],
  ['REPLICATE_API_TOKEN', 'replicate'],
  ['LUMA_API_KEY', 'luma'],
  ['BFL_API_KEY', 'black_forest_labs'],
  ['ELEVENLABS_API_KEY', 'elevenlabs'],
  ['DEEPGRAM_API_KEY', 'deepgram'],
  ['LEONARDO_API_KEY', 'leonardo'],
  ['MIDAPI_API_KEY', 'midjourney'],
])('%s makes %s ready, and nobody else', (setting, id) => {
  const media = mediaOf({ [setting]: 'canary-key-0123456789' });
  const ready = media.catalogue.list().filter((info) => info.ready && info.id !== 'local');
  expect(ready.map((info) => info.id)).toEqual([id]);
  expect(media.serverKey(id)).toBe('canary-key-0123456789');
  expect(media.serverKey(id === 'fal' ? 'luma' : 'fal')).toBeNull();
});

test('S13 what the catalogue tells holds no key and no password', async () => {
  const env = { OPENAI_API_KEY: 'canary-key-1', SD_WEBUI_URL: 'http://127.0.0.1:9', SD_WEBUI_AUTH: 'me:canary-key-2' };
  const { catalogue, serverKey } = mediaOf(env);
  expect(serverKey('stable_diffusion')).toBe('me:canary-key-2');
  const told = [
    catalogue.list(),
    await catalogue.metadata('openai', 'txt2img'),
    await catalogue.metadata('stable_diffusion', 'txt2img'),
    await catalogue.estimate({ provider: 'openai', action: 'txt2img', model: null, prompt: 'a', params: {} }),
    await catalogue
      .estimate({ provider: 'openai', action: 'img2vid', model: null, prompt: 'a', params: {} })
      .catch((thrown: unknown) => (isWfmError(thrown) ? { ...thrown, message: thrown.message } : thrown)),
  ];
  expect(JSON.stringify(told)).not.toContain('canary');
});

test('an own address replaces the default one, and its files may be fetched though it is private', () => {
  const settings = readMediaSettings({
    BFL_BASE_URL: 'http://10.0.0.7:8080/v1/',
    SD_WEBUI_URL: 'http://192.168.1.20',
    OPENAI_BASE_URL: 'https://proxy.example/v1',
  });
  expect(settings.vendors.black_forest_labs.baseUrl).toBe('http://10.0.0.7:8080/v1');
  expect(settings.vendors.luma.baseUrl).toBe('https://api.lumalabs.ai');
  expect(settings.downloadHosts.toSorted()).toEqual(['10.0.0.7:8080', '192.168.1.20:80', 'proxy.example:443']);
});

test.each([
  ['FAL_BASE_URL', 'https://me:hunter2@queue.fal.run'],
  ['REPLICATE_API_TOKEN', 'hunter2 with a space'],
  ['LUMA_API_KEY', 'hunter2\nanother line'],
  ['SD_WEBUI_AUTH', 'hunter2'],
])('%s that cannot be meant stops the start, unquoted', (setting, value) => {
  const thrown = (() => {
    try {
      return readMediaSettings({ [setting]: value });
    } catch (error) {
      return error;
    }
  })();
  if (!isWfmError(thrown)) throw new Error('expected a refusal');
  expect([thrown.code, thrown.params['setting']]).toEqual(['request_invalid', setting]);
  expect(thrown.message).not.toContain('hunter2');
});

test('15.1 whoever is named in place of a retired action can do it', () => {
  const { catalogue } = mediaOf({});
  const named = catalogue.list().flatMap(({ retiredActions = {} }) => Object.entries(retiredActions));
  expect(named.length).toBeGreaterThan(0);
  for (const [action, { alternatives }] of named)
    for (const id of alternatives)
      expect([id, action, catalogue.find(id)?.models.some((model) => model.action === action)]).toEqual([
        id,
        action,
        true,
      ]);
});

test('docs/providers.md has a row for every provider, every action of it, and every model that retires', () => {
  const page = readFileSync(new URL('../../../docs/providers.md', import.meta.url), 'utf8');
  for (const { id, models, reason } of mediaOf({}).catalogue.list()) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` |`));
    if (row === undefined) throw new Error(`docs/providers.md lacks ${id}`);
    for (const { action } of models) expect([id, row]).toEqual([id, expect.stringContaining(action)]);
    const setting = /[A-Z]+_[A-Z_]+/.exec(reason ?? '')?.[0];
    if (setting !== undefined) expect([id, row]).toEqual([id, expect.stringContaining(setting)]);
    for (const model of models)
      if (model.retiresOn !== undefined) expect(page).toContain(`\`${model.id}\` | ${model.retiresOn}`);
  }
});

test('.env.example names every setting of a media provider, and sets none', () => {
  const lines = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8').split('\n');
  const named = lines.map((line) => /^# ?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1]);
  for (const setting of mediaSettingNames) expect(named).toContain(setting);
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});

test('15.3 every provider offers what its forms need, also without a key and without its vendor', async () => {
  const { catalogue } = mediaOf({});
  const needed = {
    midjourney: ['aspect_ratio', 'speed', 'versions'],
    leonardo: ['models', 'aspect_ratio', 'size', 'generation_mode', 'num_images', 'contrast', 'scheduler'],
    openai: ['models', 'aspect_ratio', 'quality', 'num_images', 'background', 'output_format'],
    stable_diffusion: ['categories'],
  };
  for (const [id, names] of Object.entries(needed)) {
    const { metadata } = await catalogue.metadata(id, 'txt2img');
    expect([id, Object.keys(metadata)]).toEqual([id, expect.arrayContaining(names)]);
  }
  const { metadata, warning } = await catalogue.metadata('stable_diffusion', 'txt2img');
  expect(metadata).toMatchObject({ categories: [{ models: [{ params: { sampler_combo: [{ count: 0 }, {}] } }] }] });
  expect(warning).toContain('built-in sample');
});
