import { describe, expect, it } from 'vitest';
import { compareLogs, describeDifference } from './difference.ts';

const event = (type: string, module: string, data: object = {}) => ({
  data,
  module_name: module,
  step_id: 's',
  type,
});
const log = [
  event('module_started', 'a', { inputs: { text: 'one' } }),
  event('module_completed', 'a', { outputs: { result: 'one' } }),
  event('module_started', 'b', { inputs: { list: [1, 2] } }),
];

describe('comparing two canonical logs', () => {
  it('equal logs have no difference', () => {
    expect(compareLogs(log, structuredClone(log))).toBeNull();
  });

  it('names the module, the field and both values, then the other modules that differ', () => {
    const changed = structuredClone(log);
    changed[0] = event('module_started', 'a', { inputs: { text: 'two' } });
    changed[2] = event('module_started', 'b', { inputs: { list: [1, 3, 4] } });
    const difference = compareLogs(log, changed);
    expect(difference).toMatchObject({ module: 's/a', index: 0, alsoIn: ['s/b'] });
    expect(difference && describeDifference(difference)).toEqual([
      's/a: module_started of s/a differs in',
      '  data.inputs.text',
      '  - "one"',
      '  + "two"',
      'also different: s/b',
    ]);
    expect(compareLogs(log, [log[0] ?? {}, log[1] ?? {}, changed[2]])?.fields).toEqual([
      { path: 'data.inputs.list[1]', expected: '2', actual: '3' },
      { path: 'data.inputs.list[2]', expected: '(nothing)', actual: '4' },
    ]);
  });

  it('of long texts, shows the part around the first difference', () => {
    const long = (word: string) => [
      event('module_started', 'a', { text: `${'x'.repeat(5000)} ${word} ${'y'.repeat(5000)}` }),
    ];
    const [field] = compareLogs(long('old'), long('new'))?.fields ?? [];
    expect(field?.expected).toMatch(/^…x{39,40} old y+…$/);
    expect(field?.actual.length).toBeLessThan(170);
  });

  it('an event that is missing, new or of another module is said as such', () => {
    const shorter = compareLogs(log, log.slice(0, 2));
    expect(shorter && describeDifference(shorter)).toEqual([
      's/b: another event',
      '  - module_started of s/b',
      '  + (the end)',
    ]);
    const inserted = [log[0] ?? {}, log[1] ?? {}, event('module_started', 'new'), log[2] ?? {}];
    expect(compareLogs(log, inserted)).toMatchObject({ module: 's/new', fields: [], alsoIn: [] });
  });
});
