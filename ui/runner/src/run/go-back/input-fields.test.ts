import { describe, expect, it } from 'vitest';
import { editedInputs, inputFields, textIn } from './input-fields.ts';

const schema = {
  type: 'object',
  properties: {
    input: { title: 'Prompt' },
    temperature: { type: 'number', description: 'How bold.' },
    reasoning_effort: { enum: ['low', 'high'] },
    cache: { type: 'boolean', default: false },
    metadata: { type: 'object' },
  },
};
const given = { input: 'Write.', metadata: { a: 1 } };
const fields = inputFields(schema, given);

describe('U15 inputs edited by hand', () => {
  it('what was given comes first, each edited by what it is, the rest by the schema', () => {
    expect(fields.map(({ name, editor, given: has }) => [name, editor, has])).toEqual([
      ['input', 'text', true],
      ['metadata', 'json', true],
      ['temperature', 'number', false],
      ['reasoning_effort', 'choice', false],
      ['cache', 'boolean', false],
    ]);
    expect(fields[0]).toMatchObject({ title: 'Prompt', value: 'Write.' });
    expect(textIn(fields[1]!)).toBe('{\n  "a": 1\n}');
  });

  it('only what differs is sent, read as what it is', () => {
    expect(editedInputs(fields, {}).inputs).toEqual({});
    const edits = { input: 'Write well.', metadata: '{\n  "a": 1\n}', temperature: '0.5', cache: 'true' };
    expect(editedInputs(fields, edits)).toEqual({
      inputs: { input: 'Write well.', temperature: 0.5, cache: true },
      faults: new Set(),
    });
  });

  it('a text that is no number and no JSON is told, and never sent', () => {
    expect(editedInputs(fields, { temperature: 'warm', metadata: '{', reasoning_effort: 'high' })).toEqual({
      inputs: { reasoning_effort: 'high' },
      faults: new Set(['metadata', 'temperature']),
    });
  });

  it('a key is never offered', () => {
    expect(inputFields({ properties: { api_key: { type: 'string' } } }, {})).toEqual([]);
  });
});
