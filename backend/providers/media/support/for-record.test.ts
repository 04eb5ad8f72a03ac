import { expect, test } from 'vitest';
import { forRecord, objectForRecord } from './for-record.ts';

test('S13 keys go by their value and by their name, also inside texts and texts of JSON', () => {
  const sent = {
    prompt: 'say canary-key aloud',
    headers: { Authorization: 'Bearer x', 'xi-api-key': 'y', accept: 'image/*' },
    fields: JSON.stringify({ key: 'uploads/1', policy: 'p', 'X-Amz-Signature': 's' }),
    list: ['canary-key'],
  };
  expect(forRecord(sent, ['canary-key'])).toEqual({
    prompt: 'say (removed) aloud',
    headers: { Authorization: '(removed)', 'xi-api-key': '(removed)', accept: 'image/*' },
    fields: '{"key":"uploads/1","policy":"(removed)","X-Amz-Signature":"(removed)"}',
    list: ['(removed)'],
  });
});

test('bytes and signed queries are not kept', () => {
  const base64 = Buffer.alloc(3000, 7).toString('base64');
  const reply = {
    images: [base64, `data:image/png;base64,${base64}`],
    raw: new Uint8Array(12),
    url: 'https://cdn.example/a.png?X-Amz-Signature=abc&Expires=1',
  };
  expect(forRecord(reply, [])).toEqual({
    images: ['(4000 characters of data)', '(4022 characters of data)'],
    raw: '(12 bytes)',
    url: 'https://cdn.example/a.png?(removed)',
  });
});

test('what is kept is bounded, and an ordinary prompt is whole', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100; i += 1) deep = [deep];
  expect(JSON.stringify(forRecord(deep, [])).length).toBeLessThan(100);
  expect((forRecord('word '.repeat(20_000), []) as string).length).toBeLessThan(41_000);
  expect(
    forRecord(
      Array.from({ length: 5_000 }, () => 1),
      [],
    ),
  ).toHaveLength(200);
  const prompt = 'a lake at dusk, '.repeat(200);
  expect(forRecord(prompt, [])).toBe(prompt);
});

test('names that reach into objects are left out; what is no object is wrapped', () => {
  const odd = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "kept": 3}') as unknown;
  expect(objectForRecord(odd, [])).toEqual({ kept: 3 });
  expect(objectForRecord([1], [])).toEqual({ value: [1] });
});
