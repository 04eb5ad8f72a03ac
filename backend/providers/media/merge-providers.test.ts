import { expect, test } from 'vitest';
import type { MediaModel, MediaProvider, MediaProviderInfo } from '@wfm/workflow-engine/ports';
import { carryOut, testContext } from '../testing/media-rig.ts';
import { mergeProviders } from './merge-providers.ts';
import { closedSchema } from './support/param-schema.ts';

const model = (id: string, action: MediaModel['action'], more: Partial<MediaModel> = {}): MediaModel => ({
  id,
  label: id,
  action,
  params: closedSchema({}),
  ...more,
});

/** A part that tells its own name in what it makes. */
function part(name: string, models: MediaModel[], more: Partial<MediaProviderInfo> = {}): MediaProvider {
  return {
    info: () => ({
      id: 'sounds',
      label: 'Sounds',
      ready: true,
      models,
      promptSchemas: { txt2audio: closedSchema({ [name]: {} }) },
      limits: { atOnce: 2 },
      jobTimeoutMs: 1_000,
      ...more,
    }),
    metadata: async () => ({ [name]: true, shared: name }),
    estimate: async () => ({ cost: null, basis: 'free', notes: [name] }),
    submit: async () => ({ kind: 'started', operation: { by: name, looks: 0 }, pollAfterMs: 1 }),
    poll: async (operation) => {
      if (operation['by'] !== name) throw new Error(`${String(operation['by'])} came to ${name}`);
      if (operation['looks'] === 0)
        return { kind: 'pending', progress: { phase: 'running' }, pollAfterMs: 1, operation: { by: name, looks: 1 } };
      return { kind: 'done', result: { outputs: [], warnings: [name], response: operation } };
    },
    cancel: async (operation) => (operation['by'] === name ? 'cancelled' : 'too_late'),
    mayRepeat: name === 'music',
  };
}

const music = part('music', [model('song', 'txt2audio')]);
const speech = part('speech', [model('voice', 'txt2audio'), model('ears', 'transcribe')], {
  limits: { atOnce: 3, perMinute: 60 },
  jobTimeoutMs: 5_000,
});
const merged = mergeProviders([music, speech]);
const order = (action: MediaModel['action'], id: string | null) => ({
  action,
  model: id,
  prompt: 'x',
  params: {},
  inputs: [],
  idempotencyKey: 'key-1',
});

test.each([
  ['txt2audio', null, 'music'],
  ['txt2audio', 'song', 'music'],
  ['txt2audio', 'voice', 'speech'],
  ['transcribe', null, 'speech'],
  ['transcribe', 'ears', 'speech'],
] as const)('%s by %s goes to %s, through every look and the cancel', async (action, id, name) => {
  const { result, operation } = await carryOut(merged, order(action, id), testContext());
  expect(result.warnings).toEqual([name]);
  expect(await merged.cancel!(operation!, testContext())).toBe('cancelled');
  expect((await merged.estimate(order(action, id), testContext())).notes).toEqual([name]);
});

test('the entry holds all models under the tightest limits and the longest patience', () => {
  expect(merged.info()).toMatchObject({
    id: 'sounds',
    ready: true,
    limits: { atOnce: 2, perMinute: 60 },
    jobTimeoutMs: 5_000,
    promptSchemas: { txt2audio: { properties: { music: {} } } },
  });
  expect(merged.info().models.map((entry) => entry.id)).toEqual(['song', 'voice', 'ears']);
  expect(merged.mayRepeat).toBe(false);
});

test('one part that is not ready is told', () => {
  const info = mergeProviders([music, part('speech', [], { ready: false, reason: 'No key.' })]).info();
  expect([info.ready, info.reason]).toEqual([false, 'No key.']);
});

test('an action that one part lost and another has is not retired', () => {
  const gone = { explanation: 'gone', alternatives: [] };
  const lost = part('music', [model('song', 'txt2audio')], { retiredActions: { transcribe: gone, txt2vid: gone } });
  expect(mergeProviders([lost, speech]).info().retiredActions).toEqual({ txt2vid: gone });
});

test('a retired model is not chosen while another part has a usable one', async () => {
  const old = part('music', [model('song', 'txt2audio', { retiresOn: '2020-01-01' })]);
  const { result } = await carryOut(mergeProviders([old, speech]), order('txt2audio', null), testContext());
  expect(result.warnings).toEqual(['speech']);
});

test('what forms offer is everybody’s, the first part’s where they differ', async () => {
  expect(await merged.metadata!('txt2audio', testContext())).toEqual({ music: true, speech: true, shared: 'music' });
  expect(await merged.metadata!('transcribe', testContext())).toEqual({ speech: true, shared: 'speech' });
});
