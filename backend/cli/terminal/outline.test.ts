import { describe, expect, it } from 'vitest';
import { outline } from './outline.ts';

describe('outline', () => {
  it('18.7 names members by their titles, in the order of the schema, and leaves out hidden ones', () => {
    const schema = {
      properties: {
        posts: { title: 'Three posts', items: { properties: { id: { ui: { show: 'no' } } } } },
        wall: { type: 'string' },
      },
    };
    const data = {
      wall: 'Two\nlines',
      posts: [{ id: 'p1', body: 'One', tags: ['a', 'b'] }],
      _metadata: 1,
      other_key: true,
    };
    expect(outline(data, schema)).toBe(
      ['Three posts:', '  1.', '    Body: One', '    Tags: a, b', 'Wall:', '  Two', '  lines', 'Other key: true'].join(
        '\n',
      ),
    );
  });

  it('shows a bare value as it is', () => {
    expect(outline('plain')).toBe('plain');
    expect(outline(null)).toBe('null');
    expect(outline([])).toBe('');
  });
});
