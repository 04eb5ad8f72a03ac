import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LlmCallOptions, LlmRequest } from '@wfm/workflow-engine/ports';
import { validateAgainst } from '@wfm/workflow-engine/schema';
import { runs } from '@wfm/workflow-engine/testing';
import { askLocal } from './local-provider.ts';

const prompt =
  'Write three concepts for a short film about a small bakery in Lisbon that bakes bread at night. Keep it warm.';

function ask(text: string, more: Partial<LlmRequest> = {}, options: Partial<LlmCallOptions> = {}, delayMs = 0) {
  const request: LlmRequest = {
    provider: 'local',
    model: undefined,
    messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
    ...more,
  };
  return askLocal(request, { signal: new AbortController().signal, idempotencyKey: 'k', ...options }, delayMs);
}

const concepts = {
  type: 'object',
  required: ['concepts'],
  properties: {
    concepts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['title', 'logline', 'protagonist', 'hashtags', 'score', 'image_prompt'],
        properties: {
          title: { type: 'string' },
          logline: { type: 'string', maxLength: 120 },
          protagonist: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
          hashtags: { type: 'array', items: { type: 'string' }, uniqueItems: true, minItems: 4 },
          score: { type: 'integer', minimum: 1, maximum: 10 },
          image_prompt: { type: 'string' },
        },
      },
    },
  },
};

interface Concept {
  title: string;
  logline: string;
  protagonist: { name: string };
  hashtags: string[];
}

test('a text says that it is a demo and speaks of the prompt’s topic', async () => {
  const { text, model, usage } = await ask(prompt);
  expect(model).toBe('local-demo-1');
  expect(text).toMatch(/^\[local demo\] No language model wrote this/);
  expect(text.split('\n\n')).toHaveLength(4);
  expect(text).toContain('a small bakery in Lisbon');
  expect(text).toMatch(/night|bread|bakes|film/);
  expect(usage).toMatchObject({ cost_usd: 0, calls: 1, input_tokens: Math.ceil(prompt.split(' ').length * 1.3) });
  expect(usage.total_tokens).toBe((usage.input_tokens ?? 0) + (usage.output_tokens ?? 0));
});

test('the same request gives the same bytes on any machine, another request others', async () => {
  const first = await ask(prompt);
  expect((await ask(prompt)).text).toBe(first.text);
  // Recorded: whoever changes these bytes changes what every recorded example says.
  expect(createHash('sha256').update(first.text).digest('hex').slice(0, 16)).toBe('c864913764e96cc4');
  const reversed = Object.fromEntries(Object.entries(concepts).reverse());
  expect((await ask(prompt, { outputSchema: concepts })).text).toBe(
    (await ask(prompt, { outputSchema: reversed })).text,
  );
  const others = await Promise.all([
    ask(`${prompt} Please.`),
    ask(prompt, { model: 'another' }),
    ask(prompt, { outputSchema: { type: 'string' } }),
  ]);
  for (const other of others) expect(other.text).not.toBe(first.text);
});

test('14.2 a schema gets a valid value whose texts fit their fields', async () => {
  const value: unknown = JSON.parse((await ask(prompt, { outputSchema: concepts })).text);
  expect(validateAgainst(concepts, value)).toEqual([]);
  const items = (value as { concepts: Concept[] }).concepts;
  expect(items).toHaveLength(3);
  expect(new Set(items.map((item) => item.title)).size).toBe(3);
  for (const item of items) {
    expect(item.title).toMatch(/^[A-Z]/);
    expect(item.logline).toMatch(/^[A-Z].*\.$/);
    expect(item.protagonist.name).toMatch(/^[A-Z]\S+ [A-Z]\S+$/);
    for (const tag of item.hashtags) expect(tag).toMatch(/^#[\p{L}\d]+$/u);
  }
});

test.each([
  ['keywords', /^[^.!?]+$/],
  ['slug', /^[a-z0-9-]+$/],
  ['contact_email', /^[a-z0-9-]+@example\.com$/],
  ['url', /^https:\/\/example\.com\//],
  ['question', /\?$/],
  ['cta', /^[A-Z]/],
  ['steps', /^[A-Z]/],
  ['mood', /^[a-z]+$/],
  ['anything', /\.$/],
])('a field called %s reads like one', async (name, expected) => {
  const outputSchema = { type: 'object', required: [name], properties: { [name]: { type: 'string' } } };
  const value = JSON.parse((await ask(prompt, { outputSchema })).text) as Record<string, string>;
  expect(value[name]).toMatch(expected);
});

test('a long list of different words is possible even for a short prompt', async () => {
  const outputSchema = { type: 'array', title: 'Keywords', items: { type: 'string' }, minItems: 15, uniqueItems: true };
  expect(
    validateAgainst(outputSchema, JSON.parse((await ask('Topic: rooftop gardens', { outputSchema })).text)),
  ).toEqual([]);
});

test('24 a schema that nothing fits is refused, not answered', async () => {
  const outputSchema = {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'integer', minimum: 3, maximum: 2 } },
  };
  await expect(ask(prompt, { outputSchema })).rejects.toMatchObject({
    code: 'llm_refused',
    params: { reason: 'schema' },
  });
});

test('streams in pieces of 20 to 60 characters that make up the text', async () => {
  const deltas: string[] = [];
  let activity = 0;
  const { text } = await ask(
    `${prompt} 🥖🥐`,
    {},
    { onDelta: (delta) => deltas.push(delta), onActivity: () => (activity += 1) },
  );
  expect(deltas.join('')).toBe(text);
  expect(activity).toBe(deltas.length);
  for (const delta of deltas.slice(0, -1)) {
    expect(Array.from(delta).length).toBeGreaterThanOrEqual(20);
    expect(Array.from(delta).length).toBeLessThanOrEqual(60);
  }
});

test('with a delay it takes its time, and an abort ends it', async () => {
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const deltas: string[] = [];
  const pending = ask(prompt, {}, { signal: controller.signal, onDelta: (delta) => deltas.push(delta) }, 15);
  setTimeout(() => controller.abort(reason), 50);
  await expect(pending).rejects.toBe(reason);
  expect(deltas.length).toBeLessThan(6);
});

test('pictures count, though the demo cannot see them', async () => {
  const picture = (byte: number) => ({ type: 'image' as const, mime: 'image/png', data: new Uint8Array([byte]) });
  const withPicture = (byte: number) =>
    ask('', { messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }, picture(byte)] }] }).then(
      (reply) => reply.text,
    );
  expect(await withPicture(1)).toContain('a picture, which this demo cannot see');
  expect(await withPicture(1)).not.toBe(await withPicture(2));
});

test('any prompt gets an answer: it reads like text and keeps no holes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.lorem({ maxCount: 40 })),
      async (text) => {
        const reply = await ask(text);
        expect(reply.text).not.toMatch(/\{[abt]|undefined/i);
        expect(reply.text.length).toBeGreaterThan(200);
        const value: unknown = JSON.parse((await ask(text, { outputSchema: concepts })).text);
        expect(validateAgainst(concepts, value)).toEqual([]);
      },
    ),
    { numRuns: runs(60, 2_000) },
  );
});

test('a prompt of megabytes costs no more than a moment', async () => {
  const started = performance.now();
  await ask('about '.repeat(300_000));
  await ask('ab'.repeat(1_000_000));
  expect(performance.now() - started).toBeLessThan(1_500);
});
