import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../models/json.ts';
import { fold } from './evolve.ts';
import { parseState, serialiseState } from './run-state.ts';
import { answered, asked, completed, failed, left, line, started, stateOf, stepStarted } from './testing/line.ts';

const open = [stepStarted('one'), started('one/a', { inputs: { x: 1 } }), asked('one/a', 'i1')];

describe('a checkpoint', () => {
  it.each([
    ['a run that has just begun', []],
    ['an open question', open],
    ['an answered one', [...open, answered('one/a', 'i1', { v: null })]],
    ['a failure', [...open, ...failed('one/a')]],
    ['a line that was left', [...open, left('retry_requested', 'one/a', { feedback: 'x', groups: ['g'] })]],
    [
      'a completed run',
      [completed('one/a', { o: 1 }), { type: 'workflow_completed' as const, data: { result: { o: 1 } } }],
    ],
  ])('is read back as it was: %s', (_title, drafts) => {
    const state = stateOf(drafts, { seed: 1 });
    const read = parseState(serialiseState(state));
    expect(read).toEqual(state);
    expect(read && serialiseState(read)).toBe(serialiseState(state));
  });

  it('keeps keys that mean something to JavaScript as data', () => {
    const outputs = JSON.parse('{ "__proto__": { "polluted": true }, "constructor": 1, "toString": 2 }') as JsonObject;
    const state = stateOf([completed('one/a', outputs, outputs), completed('one/__proto__', { x: 1 })]);
    const read = parseState(serialiseState(state));
    expect(Object.keys(read?.flat ?? {}).sort()).toEqual(['__proto__', 'a', 'constructor', 'toString']);
    expect(JSON.stringify(read?.flat)).toBe(JSON.stringify(state.flat));
    expect(Object.getPrototypeOf(read?.flat)).toBeNull();
    expect(({} as JsonObject).polluted).toBeUndefined();
    expect(read?.flat.hasOwnProperty).toBeUndefined();
  });

  it('3.2 law 1 folding on from a checkpoint is folding on from the state, for any data', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (data, at) => {
        const drafts = [...open, answered('one/a', 'i1', data), completed('one/a', data, data), started('one/b')];
        const items = line(drafts, data).map((event) => ({ event: JSON.parse(JSON.stringify(event)) as typeof event }));
        const cut = 1 + (at % items.length);
        const restored = parseState(serialiseState(fold(null, items.slice(0, cut))));
        expect(serialiseState(fold(restored, items.slice(cut)))).toBe(serialiseState(fold(null, items)));
      }),
      { numRuns: 60 },
    );
  });

  it('of another form is no checkpoint: the log is folded instead', () => {
    const text = serialiseState(stateOf(open));
    const other = { ...(JSON.parse(text) as JsonObject), format: 0 };
    expect(parseState(JSON.stringify(other))).toBeNull();
  });
});
