import { describe, expect, it } from 'vitest';
import { renderStatusDisplay } from './status-display.ts';

const context = {
  state: { city: { label: ' Rome ' }, none: null, list: [1] },
  current_step_name: '2. Place',
  now: new Date(0),
  timezone: 'UTC',
};

function shown(value: string): string | undefined {
  const display = { fields: [{ id: 'f', label: 'F', value }], layout: [['f', 'gone']] };
  return renderStatusDisplay({ status_display: display }, context)[0]?.value;
}

describe('2.4 status_display', () => {
  it.each([
    ['{{ state.city.label }}', 'Rome'],
    ['{{ current_step_name }}', '2. Place'],
    ['{{ state.list | length }} of 3', '1 of 3'],
    ['fixed', 'fixed'],
  ])('%s shows %s', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it.each([
    '{{ 1 / 0 }}',
    '{{ broken',
    '{{ state.later.label }}',
    '{{ state.later.items[0] }}',
    'City: {{ state.later.label }}',
    '{{ state.none }}',
    '  ',
    '{{ state.gone }}',
  ])('%s is omitted', (value) => {
    expect(shown(value)).toBeUndefined();
  });

  it('keeps the order of the fields, and takes a definition without any', () => {
    const fields = ['b', 'a'].map((id) => ({ id, label: id.toUpperCase(), value: id }));
    expect(renderStatusDisplay({ status_display: { fields, layout: [] } }, context)).toEqual([
      { id: 'b', label: 'B', value: 'b' },
      { id: 'a', label: 'A', value: 'a' },
    ]);
    expect(renderStatusDisplay({}, context)).toEqual([]);
  });
});
