import { describe, expect, it } from 'vitest';
import { searchState, shortValue, stateRows } from './state-rows.ts';

const entries: [string, unknown][] = [
  ['subject', 'a pier'],
  ['proposal', { taglines: ['first', { text: 'Second' }], 'odd key': null }],
];

describe('U17 the state as rows', () => {
  it('shows the root, and what lies below the rows that are open, each with the path that a template would use', () => {
    expect(stateRows(entries, new Set()).map(({ path, count }) => [path, count])).toEqual([
      ['state.subject', undefined],
      ['state.proposal', 2],
    ]);
    const open = new Set(['state.proposal', 'state.proposal.taglines']);
    expect(stateRows(entries, open).map(({ path, depth }) => [path, depth])).toEqual([
      ['state.subject', 0],
      ['state.proposal', 0],
      ['state.proposal.taglines', 1],
      ['state.proposal.taglines[0]', 2],
      ['state.proposal.taglines[1]', 2],
      ['state.proposal["odd key"]', 1],
    ]);
  });

  it('finds keys and texts at any depth, whatever their case, and says when there are more than it shows', () => {
    expect(searchState(entries, 'second').rows.map(({ path }) => path)).toEqual(['state.proposal.taglines[1].text']);
    expect(searchState(entries, 'TAGL').rows.map(({ path }) => path)).toContain('state.proposal.taglines');
    const many = Array.from({ length: 50_000 }, (_, index): [string, unknown] => [`key_${index}`, index]);
    expect(searchState(many, 'key_')).toMatchObject({ more: true });
    expect(searchState(many, 'key_49999').rows).toHaveLength(1);
  });

  it('says a value in a line', () => {
    expect(shortValue('x'.repeat(300))).toHaveLength(201);
    expect(shortValue(null)).toBe('null');
  });
});
