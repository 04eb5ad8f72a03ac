import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../testing/runs.ts';
import { hashOf } from './canonical-json.ts';
import { versionDiff } from './version-diff.ts';

const base = {
  workflow_id: 'x',
  steps: [
    { step_id: 'a', modules: [{ module_id: 'm', name: 'one', inputs: { prompt: 'Say hi', tags: [1, 2] } }] },
    { step_id: 'b', modules: [] },
  ],
};
const withSteps = (steps: unknown[]) => ({ ...base, steps });

describe('1.9 version_diff', () => {
  it('nothing changed', () => {
    expect(versionDiff(base, structuredClone(base))).toEqual({
      has_changes: false,
      summary: 'no changes',
      changes: [],
    });
  });

  it('white space in texts does not count', () => {
    expect(versionDiff({ a: 'x  y\n' }, { a: ' x y' }).has_changes).toBe(false);
  });

  it('provenance does not count', () => {
    const node = { type: 'text', content: 'x' };
    expect(versionDiff({ a: node }, { a: { ...node, $source: { path: 'p' } } }).has_changes).toBe(false);
  });

  it('members of named lists are matched by their name', () => {
    const after = withSteps([
      { step_id: 'new', modules: [] },
      { step_id: 'a', modules: [{ module_id: 'm', name: 'one', inputs: { prompt: 'Say bye', tags: [1] } }] },
    ]);
    expect(versionDiff(base, after)).toEqual({
      has_changes: true,
      summary: '1 added, 2 removed, 1 changed',
      changes: [
        { type: 'changed', path: 'steps[a].modules[one].inputs.prompt', old_value: 'Say hi', new_value: 'Say bye' },
        { type: 'removed', path: 'steps[a].modules[one].inputs.tags[1]', old_value: 2 },
        { type: 'removed', path: 'steps[b]', old_value: { step_id: 'b', modules: [] } },
        { type: 'added', path: 'steps[new]', new_value: { step_id: 'new', modules: [] } },
      ],
    });
  });

  it('a moved step is one change', () => {
    expect(versionDiff(base, withSteps([...base.steps].reverse())).changes).toEqual([
      { type: 'changed', path: 'steps', old_value: ['a', 'b'], new_value: ['b', 'a'] },
    ]);
  });

  it('lists of which a member has no name go by index', () => {
    const changes = versionDiff([{ id: 'x' }, {}], [{}, { id: 'x' }]).changes;
    expect(changes.map(({ type, path }) => `${type} ${path}`)).toEqual(['removed [0].id', 'added [1].id']);
  });

  it('long values are shown as their hash', () => {
    const long = 'x'.repeat(3000);
    expect(versionDiff({ a: 1 }, { a: long }).changes).toEqual([
      { type: 'changed', path: 'a', old_value: 1, new_value: `sha256:${hashOf(long)}` },
    ]);
  });

  it('a value does not differ from itself, and a difference has two sides', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(versionDiff(a, structuredClone(a)).has_changes).toBe(false);
        expect(versionDiff(a, b).has_changes).toBe(versionDiff(b, a).has_changes);
      }),
      { numRuns: runs(200, 10_000) },
    );
  });
});
