import { describe, expect, it } from 'vitest';
import { buildMessages, type PromptSource } from './llm-messages.ts';

const png = `data:image/png;base64,${btoa('pixels')}`;
const build = (source: Partial<PromptSource>) =>
  buildMessages({
    system: undefined,
    input: 'ask',
    conversation: [],
    cacheSystemMessage: false,
    cacheUserPrefix: false,
    ...source,
  });
const text = (value: string) => ({ type: 'text', text: value });

describe('buildMessages', () => {
  it('3.9 a prompt is a text, a part, or a list of them', () => {
    expect(build({ input: ['a', { content: 'b', type: 'text' }, [{ content: ['c', 'd'] }]] })).toEqual([
      { role: 'user', parts: [text('a'), text('b'), text('c'), text('d')] },
    ]);
  });

  it('14.2 roles of parts are kept in order, neighbours share a message', () => {
    const input = [
      { content: 'q', role: 'user' },
      { content: 'a', role: 'assistant' },
      'next',
      { content: 'rule', role: 'system' },
    ];
    expect(build({ system: 'voice', input }).map(({ role, parts }) => [role, parts.length])).toEqual([
      ['system', 1],
      ['user', 1],
      ['assistant', 1],
      ['user', 1],
      ['system', 1],
    ]);
  });

  it('14.2 blank, null and undefined parts are dropped, an empty image with them', () => {
    const input = [
      '',
      '  \n',
      null,
      undefined,
      { content: '' },
      { content: null },
      { type: 'image', content: '' },
      { type: 'image' },
      'x',
    ];
    expect(build({ input })).toEqual([{ role: 'user', parts: [text('x')] }]);
  });

  it.each([[''], [[]], [[null, ' ']], [{ type: 'image', content: null }]])(
    '14.2 no part left is prompt_empty: %j',
    (input) => {
      expect(() => build({ input, system: 'voice' })).toThrow(expect.objectContaining({ code: 'prompt_empty' }));
    },
  );

  it('12.4 a retry’s feedback alone is something to answer', () => {
    expect(build({ input: '', conversation: [{ role: 'user', text: 'shorter' }] })).toHaveLength(1);
  });

  it('25.25 an object where a prompt is becomes its JSON', () => {
    expect(build({ input: { city: 'Porto' } })[0]?.parts).toEqual([text('{\n  "city": "Porto"\n}')]);
    expect(build({ input: { content: { city: 'Porto' } } })[0]?.parts).toEqual([text('{\n  "city": "Porto"\n}')]);
    expect(build({ input: [3, true] })[0]?.parts).toEqual([text('3'), text('true')]);
  });

  it('3.7 cache_ttl of a part is handed on; flags cache the system text and the first input part', () => {
    expect(build({ input: { content: 'x', type: 'text', cache_ttl: 3600 } })[0]?.parts).toEqual([
      { ...text('x'), cacheTtlSeconds: 3600 },
    ]);
    const messages = build({ system: ['a', 'b'], input: ['c', 'd'], cacheSystemMessage: true, cacheUserPrefix: true });
    expect(messages.map(({ parts }) => parts.map((part) => 'cacheTtlSeconds' in part))).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  it('14.2 images: a data URL becomes bytes, a public https address stays one', () => {
    const [message] = build({
      input: [
        { type: 'image', content: png },
        { type: 'image', content: 'https://example.com/a.png' },
      ],
    });
    expect(message?.parts).toEqual([
      { type: 'image', mime: 'image/png', data: new TextEncoder().encode('pixels') },
      { type: 'image_url', url: 'https://example.com/a.png' },
    ]);
  });

  it.each([
    '/etc/passwd',
    'file:///etc/passwd',
    'C:\\pier.png',
    'pier.png',
    'http://example.com/a.png',
    'https://localhost/a.png',
    'https://127.0.0.1/a.png',
    'https://0x7f.1/a.png',
    'https://2130706433/',
    'https://[::1]/a.png',
    'https://db.internal/a.png',
    'https://me:pw@example.com/a.png',
    'https://',
    'data:text/html;base64,PGI+',
    'data:image/png,raw',
    'data:image/png;base64,***',
    'media:0197.png',
  ])('14.2 image_refused: %s', (content) => {
    expect(() => build({ input: [{ type: 'image', content }] })).toThrow(
      expect.objectContaining({ code: 'image_refused', place: 'inputs.input[0]' }),
    );
  });
});
