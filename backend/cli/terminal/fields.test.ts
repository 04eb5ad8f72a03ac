import { describe, expect, it } from 'vitest';
import { fieldsOf, valueOf } from './fields.ts';

const schema = {
  type: 'object',
  properties: {
    opening: { type: 'string', format: 'date', title: 'Opening day', description: 'At six.' },
    visitors: { type: 'string', oneOf: [{ const: 'families', title: 'Families' }, { const: 'others' }] },
    mood: { enum: ['quiet', 3] },
    minutes: { type: 'integer' },
    lit: { type: 'boolean' },
  },
  required: ['opening'],
};

describe('fields of a form in a terminal', () => {
  const fields = fieldsOf(schema, { minutes: 3 });

  it('18.1 takes kinds, titles and choices from the schema', () => {
    expect(fields.map(({ name, kind, required }) => [name, kind, required])).toEqual([
      ['opening', 'text', true],
      ['visitors', 'choice', false],
      ['mood', 'choice', false],
      ['minutes', 'value', false],
      ['lit', 'yes_no', false],
    ]);
    expect(fields[0]).toMatchObject({ title: 'Opening day', help: 'At six.' });
    expect(fields[1]?.options).toEqual([
      { value: 'families', label: 'Families' },
      { value: 'others', label: 'others' },
    ]);
    expect(fields[2]?.options[1]).toEqual({ value: 3, label: '3' });
    expect(fields[3]?.start).toBe(3);
  });

  it('19.2 a field left blank is left out, unless blank is what it started with', () => {
    const [opening, , , minutes] = fields;
    if (!opening || !minutes) throw new Error('The form has these fields.');
    expect(valueOf(opening, '2027-03-05')).toBe('2027-03-05');
    expect(valueOf(opening, ' ')).toBeUndefined();
    expect(valueOf({ ...opening, start: '' }, '')).toBe('');
    expect(valueOf(minutes, '4')).toBe(4);
    expect(valueOf(minutes, 'four')).toBe('four');
  });
});
