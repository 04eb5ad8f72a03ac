import { describe, expect, it } from 'vitest';
import type { RunEvent } from '@wfm/workflow-engine/events';
import { limits } from '@wfm/workflow-engine/models';
import { emptyRows, type StoreRows } from '@wfm/workflow-engine/ports/memory';
import { keptEffects } from './kept-effects.ts';

let seq = 0;
const event = (branch_id: string, module_name: string, type: string, data: object): RunEvent =>
  ({ workflow_run_id: 'r', branch_id, step_id: 's', module_name, seq: (seq += 1), type, time: 'now', data }) as never;

/** One module on a line: begun, then completed by a call or whatever else `origin` says. */
function done(
  branch: string,
  name: string,
  hash: string,
  own: { kind?: string; origin?: object; outputs?: object } = {},
) {
  const { kind = 'effect', origin = { kind: 'executed' }, outputs = { said: `${name} ${hash}` } } = own;
  return [
    event(branch, name, 'module_started', { module_id: 'api.llm', revision: 1, kind }),
    event(branch, name, 'module_completed', { input_hash: hash, origin, outputs }),
  ];
}

const rowsOf = (events: RunEvent[], effects: StoreRows['effects'] = []): StoreRows => ({
  ...emptyRows(),
  events,
  effects,
});
const hashes = (rows: StoreRows, isCut: (event: RunEvent) => boolean = () => true): string[] =>
  keptEffects(rows, isCut).map(({ input_hash }) => input_hash);

describe('22.5 effects of cut lines', () => {
  it('what was called for real is kept; mocks, computations, pins and what lies by reference are not', () => {
    const events = [
      ...done('a', 'one', '1'),
      ...done('a', 'two', '2', { kind: 'compute' }),
      ...done('a', 'three', '3', { origin: { kind: 'mocked' } }),
      ...done('a', 'four', '4', { origin: { kind: 'pinned' } }),
    ];
    const byReference = event('a', 'five', 'module_completed', { input_hash: '5', origin: { kind: 'executed' } });
    expect(hashes(rowsOf([...events, byReference]))).toEqual(['1']);
    expect(hashes(rowsOf(events), ({ module_name }) => module_name !== 'one')).toEqual([]);
  });

  it('what was reused is its own call’s, and counts as used just now', () => {
    const first = [...done('a', 'one', '1'), ...done('a', 'two', '2')];
    const from = { branch_id: 'a', seq: first[1]?.seq };
    const outputs = { said: 'one 1' };
    const reused = [
      event('b', 'one', 'module_completed', { input_hash: '1', origin: { kind: 'reused', from }, outputs }),
      event('b', 'x', 'module_completed', {
        input_hash: '9',
        origin: { kind: 'reused', from: { branch_id: 'z', seq: 1 } },
        outputs,
      }),
    ];
    const effects = keptEffects(rowsOf([...first, ...reused]), () => true);
    expect(effects.map(({ input_hash, outputs: { said } }) => [input_hash, said])).toEqual([
      ['2', 'two 2'],
      ['1', 'one 1'],
    ]);
  });

  it('over the limit those go that were used longest ago', () => {
    const third = { said: 'x'.repeat(limits.effectRecordBytes / 3) };
    const events = ['1', '2', '3', '4'].flatMap((hash) => done('a', hash, hash, { outputs: third }));
    expect(hashes(rowsOf(events))).toEqual(['3', '4']);
    const known = keptEffects(rowsOf(events), () => true);
    expect(hashes(rowsOf(done('b', '3', '3', { outputs: third }), known))).toEqual(['4', '3']);
    const huge = { said: 'x'.repeat(limits.effectRecordBytes) };
    expect(hashes(rowsOf(done('b', '5', '5', { outputs: huge }), known))).toEqual([]);
  });
});
