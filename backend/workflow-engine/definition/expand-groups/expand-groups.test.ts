import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../modules/registry.ts';
import { standardModules } from '../../modules/standard-modules.ts';
import { runs } from '../../testing/runs.ts';
import { validateWorkflow } from '../validate-workflow.ts';
import { alternativesOf, chooseAlternative } from './expand-groups.ts';
import { selectAlternative } from './select-alternative.ts';

interface PathSketch {
  name: string;
  requires?: { capability: string; priority?: number }[];
  modules?: object[];
}

const ask = (name: string) => ({ module_id: 'user.text_input', name, inputs: { prompt: name } });

const group = (name: string, paths: PathSketch[], more: object = {}) => ({
  module_id: 'pipeline.execution_groups',
  name,
  groups: paths.map(({ modules = [], requires = [], ...path }) => ({ ...path, requires, modules })),
  ...more,
});

const workflowOf = (...steps: object[][]) => ({
  format: 2,
  workflow_id: 'w',
  steps: steps.map((modules, index) => ({ step_id: `s${index}`, modules })),
});

const modulesOf = (definition: Record<string, unknown>) =>
  (definition['steps'] as { modules: Record<string, unknown>[] }[]).map(({ modules }) => modules);
const namesOf = (definition: Record<string, unknown>) =>
  modulesOf(definition).map((modules) => modules.map(({ name }) => name));

describe('20.1 execution groups expand', () => {
  it('20.1 a definition without groups has no alternatives', () => {
    for (const given of [workflowOf([ask('a')]), null, 'x', { steps: [{ modules: 'x' }, null] }]) {
      expect(alternativesOf(given)).toEqual([]);
    }
  });

  it('20.1 every combination of one path per group, the last group changing fastest, its modules in its place', () => {
    const first = group('g', [
      { name: 'p', modules: [ask('p1'), ask('p2')] },
      { name: 'q', modules: [ask('q1')] },
    ]);
    const second = group('h', [{ name: 'r', modules: [ask('r1')] }, { name: 's' }]);
    const found = alternativesOf(workflowOf([ask('a'), first, ask('b')], [second])).map((one) => one.definition());
    expect(found.map(namesOf)).toEqual([
      [['a', 'p1', 'p2', 'b'], ['r1']],
      [['a', 'p1', 'p2', 'b'], []],
      [['a', 'q1', 'b'], ['r1']],
      [['a', 'q1', 'b'], []],
    ]);
  });

  it('20.2 each chosen module says where it is from; others are as they were', () => {
    const requires = [{ capability: 'camera' }];
    const own = { ...ask('p1'), _metadata: { note: 'kept', expanded_from: 'x' } };
    const workflow = workflowOf([ask('a'), group('g', [{ name: 'p', requires, modules: [own] }])]);
    const [alternative] = alternativesOf(workflow);
    expect(alternative?.definition()).toEqual({
      ...workflow,
      steps: [
        {
          step_id: 's0',
          modules: [
            ask('a'),
            {
              ...ask('p1'),
              _metadata: {
                note: 'kept',
                expanded_from: 'g',
                expanded_index: 0,
                group_origin: { group_name: 'g', path_name: 'p', requires: [{ capability: 'camera', priority: 0 }] },
              },
            },
          ],
        },
      ],
    });
  });

  it('20.2 with an output schema, a validator follows that a path’s missing value fails', () => {
    const output_schema = { type: 'object', properties: { photo: { type: 'string' } }, required: ['photo'] };
    const workflow = workflowOf([group('g', [{ name: 'p', modules: [ask('p1')] }], { output_schema }), ask('b')]);
    const definition = alternativesOf(workflow)[0]?.definition() ?? {};
    expect(namesOf(definition)).toEqual([['p1', '_g_validator', 'b']]);
    expect(modulesOf(definition)[0]?.[1]).toMatchObject({
      module_id: 'io.validate',
      inputs: { schema: output_schema, state_keys: ['photo'], strict: true },
    });
    const faults = validateWorkflow(definition, createRegistry(standardModules));
    expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('20.1 64 alternatives are the most', () => {
    const paths = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `p${index}` }));
    expect(alternativesOf(workflowOf([group('a', paths(8)), group('b', paths(8))]))).toHaveLength(64);
    expect(() => alternativesOf(workflowOf([group('a', paths(13)), group('b', paths(5))]))).toThrow(
      expect.objectContaining({ code: 'groups_too_many', params: { limit: 64, actual: 65 } }),
    );
  });

  it('20.1 groups of the wrong shape, and groups within groups, are refused', () => {
    const inner = group('inner', [{ name: 'p' }]);
    const broken = [
      { module_id: 'pipeline.execution_groups' },
      group('g', []),
      group('g', [{ name: 'p', modules: [inner] }]),
    ];
    for (const module of broken) {
      expect(() => alternativesOf(workflowOf([module]))).toThrow(
        expect.objectContaining({ code: 'definition_invalid' }),
      );
    }
    const found = validateWorkflow(workflowOf([broken[2] ?? {}]), createRegistry(standardModules));
    expect(found.map(({ code, place }) => `${code} ${place}`)).toContain(
      'definition_invalid steps[0].modules[0].groups[0].modules[0]',
    );
  });
});

describe('20.3 one alternative is chosen', () => {
  const registry = createRegistry(standardModules);
  const pick = (paths: PathSketch[], capabilities?: string[]) => {
    const resolved = workflowOf([
      group(
        'g',
        paths.map((path) => ({ ...path, modules: [ask(path.name)] })),
      ),
    ]);
    const selected = selectAlternative({ resolved, versionId: 'sha256:x' }, registry, capabilities);
    return namesOf(selected.resolved)[0]?.[0];
  };

  it('20.3 without groups, the definition itself', () => {
    const given = { resolved: workflowOf([ask('a')]), versionId: 'sha256:x' };
    expect(selectAlternative(given, registry, [])).toBe(given);
  });

  it('20.3 only with all its requirements met, then by the sum of priorities, then by order', () => {
    const paths = [
      { name: 'none', requires: [] },
      { name: 'camera', requires: [{ capability: 'camera', priority: 5 }] },
      {
        name: 'both',
        requires: [
          { capability: 'camera', priority: 4 },
          { capability: 'sound', priority: 2 },
        ],
      },
      { name: 'same', requires: [{ capability: 'sound', priority: 6 }] },
    ];
    expect(pick(paths, [])).toBe('none');
    expect(pick(paths, ['camera'])).toBe('camera');
    expect(pick(paths, ['sound'])).toBe('same');
    expect(pick(paths, ['camera', 'sound', 'other'])).toBe('both');
  });

  it('20.3 without capabilities, all interactive modules are there', () => {
    const paths = [{ name: 'form', requires: [{ capability: 'user.form' }] }];
    expect(pick(paths)).toBe('form');
    const camera = [{ name: 'camera', requires: [{ capability: 'camera' }] }];
    expect(() => pick(camera)).toThrow(
      expect.objectContaining({ code: 'capabilities_unmet', params: { missing: ['camera'] } }),
    );
    expect(() => pick(paths, [])).toThrow(expect.objectContaining({ code: 'capabilities_unmet' }));
  });

  it('20.3 the choice is that of trying every combination', () => {
    const words = ['a', 'b', 'c', 'd'];
    const requirement = fc.record({ capability: fc.constantFrom(...words), priority: fc.integer({ min: -3, max: 5 }) });
    const pathsOf = fc.array(fc.array(requirement, { maxLength: 3 }), { minLength: 1, maxLength: 4 });
    const property = fc.property(
      fc.array(pathsOf, { minLength: 1, maxLength: 3 }),
      fc.subarray(words),
      (groups, capabilities) => {
        const modules = groups.map((paths, index) =>
          group(
            `g${index}`,
            paths.map((requires, at) => ({ name: `${index}.${at}`, requires, modules: [ask(`${index}.${at}`)] })),
          ),
        );
        const chosen = chooseAlternative(alternativesOf(workflowOf(modules)), capabilities);
        expect(chosen ? namesOf(chosen.definition())[0] : null).toEqual(bestByTrial(groups, capabilities));
      },
    );
    fc.assert(property, { numRuns: runs(200, 2000) });
  });
});

/** The names of the best combination, found by walking all of them recursively. */
function bestByTrial(groups: { capability: string; priority: number }[][][], capabilities: string[]): string[] | null {
  let best: { names: string[]; score: number } | null = null;
  const walk = (index: number, names: string[], score: number): void => {
    const paths = groups[index];
    if (!paths) {
      if (best === null || score > best.score) best = { names, score };
      return;
    }
    paths.forEach((requires, at) => {
      if (requires.some(({ capability }) => !capabilities.includes(capability))) return;
      const sum = requires.reduce((total, { priority }) => total + priority, score);
      walk(index + 1, [...names, `${index}.${at}`], sum);
    });
  };
  walk(0, [], 0);
  return (best as { names: string[] } | null)?.names ?? null;
}
