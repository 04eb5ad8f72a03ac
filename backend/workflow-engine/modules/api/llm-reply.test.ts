import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../testing/runs.ts';
import { readReply } from './llm-reply.ts';

const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };

describe('readReply', () => {
  it.each([
    '{"n":1}',
    '  {"n":1}\n',
    '```json\n{"n":1}\n```',
    '```\n{"n":1}```',
    'Here you are: {"n":1}. Good luck!',
    'In [brackets] and {braces} first, then {"n":1}',
    'A draft {"n":"x"} and then the answer {"n":1}',
    '<think>{"m":2}</think>\n```JSON\r\n{"n":1}\r\n```',
    'Text with "a quote { and {"n":1}',
  ])('14.2 finds the JSON in %j', (text) => {
    expect(readReply(text, schema)).toEqual({ value: { n: 1 } });
  });

  it.each(['', 'no', '{"n":', '[1,2', '{"n":"x"}', '```json\nnope\n```', 'null', '{"n":1,"__proto__":{"x":1}}'])(
    '14.2 says what is wrong with %j',
    (text) => {
      expect(readReply(text, schema).faults?.length).toBeGreaterThan(0);
    },
  );

  it('14.2 the first value that fits wins; without one the first is explained', () => {
    expect(readReply('{"n":"a"} {"n":"b"}', schema).faults).toEqual(['n: This must be a whole number, not text.']);
  });

  it('14.2 a schema that asks for text takes the text itself', () => {
    expect(readReply(' Hello ', { type: 'string' })).toEqual({ value: 'Hello' });
    expect(readReply('"Hello"', { type: 'string' })).toEqual({ value: 'Hello' });
  });

  it('14.2 deep nesting is a fault of the answer, never a crash', () => {
    expect(readReply('['.repeat(100_000) + ']'.repeat(100_000), {}).faults).toHaveLength(1);
  });

  it('14.2 law: any JSON value between any words is read', () => {
    const words = fc.string({ maxLength: 200 }).filter((text) => !text.includes('`'));
    const values = fc
      .jsonValue()
      .filter((value) => !/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(words, values, words, (before, value, after) => {
        const answer = { n: 7, value };
        const read = readReply(`${before}\n\`\`\`json\n${JSON.stringify(answer)}\n\`\`\`\n${after}`, schema);
        expect(read.faults ?? read.value).toEqual(JSON.parse(JSON.stringify(answer)));
      }),
      { numRuns: runs(200, 5000) },
    );
  });
});
