import { expect, test } from 'vitest';
import { isWfmError, type WfmError } from '@wfm/workflow-engine/errors';
import type { MediaInput, MediaModel } from '@wfm/workflow-engine/ports';
import { checkParams } from './check-params.ts';
import { checkRequest, isRetired } from './check-request.ts';
import { choiceParam, closedSchema, numberParam, textParam } from './param-schema.ts';

const params = closedSchema(
  {
    count: numberParam('Count', { min: 1, max: 4, default: 1 }),
    style: choiceParam('Style', ['plain', 'rich']),
    note: textParam('Note', 5),
  },
  ['count'],
);
const models: MediaModel[] = [
  { id: 'old', label: 'Old', action: 'txt2img', params, retiresOn: '2026-06-01', replacedBy: 'new' },
  { id: 'new', label: 'New', action: 'txt2img', params, promptMaxChars: 10 },
  {
    id: 'mover',
    label: 'Mover',
    action: 'img2vid',
    params,
    inputs: [{ role: 'source', mime: ['image/png'], min: 1, max: 1, maxBytes: 100 }],
  },
  {
    id: 'editor',
    label: 'Editor',
    action: 'compose',
    params,
    inputs: [
      { role: 'still', mime: ['image/*'], min: 1, max: 2 },
      { role: 'audio', mime: ['audio/*'], min: 1, max: 1 },
    ],
  },
];
const offer = {
  id: 'painter',
  label: 'Painter',
  models,
  retiredActions: { txt2vid: { explanation: 'The video API was shut down.', alternatives: ['google', 'fal'] } },
};
const now = new Date('2026-11-23T00:00:00Z');
const request = { action: 'txt2img' as const, model: null, prompt: 'a lake', params: {}, inputs: [] as MediaInput[] };
const input = (role: MediaInput['role'], mime = 'image/png', bytes = 10): MediaInput => ({
  role,
  mime,
  bytes,
  sha256: '0'.repeat(64),
  read: async () => new Uint8Array(bytes),
});

function faultOf(work: () => unknown): WfmError {
  try {
    work();
  } catch (thrown) {
    if (isWfmError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('expected a fault');
}
const refused = (more: object) => faultOf(() => checkRequest(offer, { ...request, ...more }, now));

test('defaults are filled in, and what was entered stays', () => {
  const entered = { style: 'rich' };
  expect(checkRequest(offer, { ...request, params: entered }, now)).toMatchObject({
    model: { id: 'new' },
    params: { style: 'rich', count: 1 },
  });
  expect(entered).toEqual({ style: 'rich' });
});

test('24 every wrong parameter is named with its place', () => {
  const fault = refused({ params: { count: 9, style: 'odd', note: 'too long', extra: 1 } });
  expect([fault.code, fault.place]).toEqual(['input_invalid', fault.errors[0]!.path]);
  expect(fault.errors.map((item) => item.path).toSorted()).toEqual([
    'params.count',
    'params.extra',
    'params.note',
    'params.style',
  ]);
});

test('an own property called __proto__ is an unknown parameter, not a prototype', () => {
  const entered = JSON.parse('{"__proto__": {"count": 2}}') as Record<string, unknown>;
  expect(faultOf(() => checkParams(models[1]!, entered)).code).toBe('input_invalid');
  expect(faultOf(() => checkParams(models[1]!, { constructor: 1 })).errors[0]!.path).toBe('params.constructor');
});

test('15.1 a model is refused from its day on, with what replaces it, and never chosen by default', () => {
  expect(isRetired(models[0]!, new Date('2026-05-31T23:59:59Z'))).toBe(false);
  expect(isRetired(models[0]!, new Date('2026-06-01T00:00:00Z'))).toBe(true);
  const fault = refused({ model: 'old' });
  expect([fault.code, fault.params['reason'], fault.params['replaced_by']]).toEqual([
    'model_unknown',
    'retired',
    'new',
  ]);
  expect(fault.message).toBe('Old was retired on 2026-06-01. Use new instead.');
});

test('15.1 where every model of an action is retired, the reason is told', () => {
  const past = { ...offer, models: models.slice(0, 1) };
  const fault = faultOf(() => checkRequest(past, request, now));
  expect([fault.params['reason'], fault.params['replaced_by']]).toEqual(['retired', 'new']);
});

test('an action that is gone is explained, with alternatives; one that never was is named', () => {
  const gone = refused({ action: 'txt2vid' });
  expect([gone.code, gone.message, gone.params['alternatives']]).toEqual([
    'provider_action_unsupported',
    'The video API was shut down.',
    ['google', 'fal'],
  ]);
  expect(refused({ action: 'txt2audio' }).params['alternatives']).toEqual([]);
});

test('an unknown model names those that there are', () => {
  const fault = refused({ model: 'x'.repeat(500) });
  expect([fault.code, fault.params['models']]).toEqual(['model_unknown', ['new']]);
  expect(fault.message.length).toBeLessThan(250);
});

test('a prompt is needed, and counted in characters as people count', () => {
  expect(refused({ prompt: '  ' }).code).toBe('prompt_empty');
  expect(checkRequest(offer, { ...request, prompt: '🎨'.repeat(10) }, now).model.id).toBe('new');
  expect(refused({ prompt: '🎨'.repeat(11) }).params).toMatchObject({ limit: 10, actual: 11 });
});

test('sources are checked by role, number, type and size', () => {
  const video = { action: 'img2vid', prompt: '' };
  expect(refused(video).code).toBe('source_image_missing');
  expect(refused({ ...video, inputs: [input('source'), input('source')] }).params).toMatchObject({ limit: 1 });
  expect(refused({ ...video, inputs: [input('source', 'image/gif')] }).place).toBe('inputs[0]');
  expect(refused({ ...video, inputs: [input('source', 'image/png', 101)] }).params).toMatchObject({ limit: 100 });
  expect(refused({ ...video, inputs: [input('source'), input('mask')] }).place).toBe('inputs[1]');
  expect(refused({ inputs: [input('source')] }).code).toBe('input_invalid');
  expect(
    checkRequest(offer, { ...request, ...video, action: 'img2vid', inputs: [input('source')] }, now).model.id,
  ).toBe('mover');
});

test('a file that is missing and is no picture is a missing input', () => {
  const fault = refused({ action: 'compose', inputs: [input('still')] });
  expect([fault.code, fault.params['role']]).toEqual(['input_invalid', 'audio']);
});
