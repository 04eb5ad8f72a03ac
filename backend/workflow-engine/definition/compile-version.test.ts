import { describe, expect, it } from 'vitest';
import { limits } from '../models/limits.ts';
import { compileVersion } from './compile-version.ts';
import { sampleRegistry, workflowOf } from './testing/sample-modules.ts';

const compile = (resolved: unknown) => compileVersion(resolved, 'sha256:x', sampleRegistry);
const names = (modules: unknown[]) => compile(workflowOf(modules)).steps[0]?.modules.map(({ name }) => name);

describe('2 compiling a version', () => {
  it('2.1 fills in what the definition leaves out', () => {
    const version = compile({ workflow_id: 'x', steps: [] });
    expect(version).toMatchObject({
      versionId: 'sha256:x',
      format: 1,
      workflow: { initial_state: {}, config: {}, steps: [] },
    });
  });

  it('2.2 {step_number} is the 1-based index; other braces stay', () => {
    const steps = [
      { step_id: 'a', modules: [] },
      { step_id: 'b', name: '{step_number}. {other} {{ x }} {step_number}', modules: [] },
    ];
    expect(compile({ workflow_id: 'x', steps }).steps.map(({ name }) => name)).toEqual(['a', '2. {other} {{ x }} 2']);
  });

  it('2.3 an absent name is the module id, with the index where that is taken', () => {
    expect(names([{ module_id: 'm' }, { module_id: 'm' }, { module_id: 'n', name: 'x' }, { module_id: 'm' }])).toEqual([
      'm',
      'm_1',
      'x',
      'm_3',
    ]);
    expect(names([{ module_id: 'm' }, { module_id: 'n', name: 'm' }])).toEqual(['m_0', 'm']);
  });

  it('2.3 a name that even so is taken is a duplicate', () => {
    const modules = [{ module_id: 'm' }, { module_id: 'm' }, { module_id: 'n', name: 'm_1' }];
    expect(() => names(modules)).toThrow(expect.objectContaining({ code: 'module_name_duplicate' }));
    expect(() =>
      names([
        { module_id: 'a', name: 'x' },
        { module_id: 'b', name: 'x' },
      ]),
    ).toThrow(
      expect.objectContaining({
        code: 'module_name_duplicate',
        place: 'steps[0].modules[1].name',
        params: { name: 'x', first: 'steps[0].modules[0]' },
      }),
    );
  });

  it('finds modules by step and name, and nothing by what objects inherit', () => {
    const version = compile({
      workflow_id: 'x',
      steps: [
        { step_id: 'a', modules: [{ module_id: 'test.open', name: 'b/c' }] },
        { step_id: 'a/b', modules: [{ module_id: 'gone.module', name: 'c' }] },
      ],
    });
    expect(version.find('a', 'b/c')).toMatchObject({
      path: 'a/b/c',
      place: 'steps[0].modules[0]',
      module: { id: 'test.open' },
    });
    expect(version.find('a/b', 'c')).toMatchObject({ moduleId: 'gone.module', module: undefined, index: 0 });
    expect(version.find('a', 'toString')).toBeUndefined();
    expect(version.find('constructor', 'name')).toBeUndefined();
    expect(version.findStep('a/b')?.index).toBe(1);
  });

  it('24 throws every structural fault at once', () => {
    const resolved = {
      format: 3,
      steps: [{ modules: [{ name: 'x' }] }, { step_id: 'a', modules: {} }, 5, { step_id: 'a', modules: [] }],
    };
    let thrown: unknown;
    try {
      compile(resolved);
    } catch (error) {
      thrown = error;
    }
    expect(
      (thrown as { errors: { code: string; path: string }[] }).errors.map(({ code, path }) => `${code} ${path}`),
    ).toEqual([
      'workflow_id_missing ',
      'definition_invalid format',
      'definition_invalid steps[0].modules[0].module_id',
      'definition_invalid steps[0].step_id',
      'definition_invalid steps[1].modules',
      'definition_invalid steps[2]',
      'step_id_duplicate steps[3].step_id',
    ]);
  });

  it('23 limits steps, modules, nesting', () => {
    const steps = Array.from({ length: limits.steps + 1 }, (_, index) => ({ step_id: `s${index}`, modules: [] }));
    expect(() => compile({ workflow_id: 'x', steps })).toThrow(expect.objectContaining({ code: 'too_many_steps' }));
    const modules = Array.from({ length: limits.modulesPerStep + 1 }, () => ({ module_id: 'm' }));
    expect(() => names(modules)).toThrow(
      expect.objectContaining({
        code: 'too_many_modules',
        place: 'steps[0].modules',
        params: { limit: 50, actual: 51 },
      }),
    );
    const nested = JSON.parse(`${'[1,'.repeat(70)}1${']'.repeat(70)}`) as unknown;
    expect(() => compile({ ...workflowOf([]), x: nested })).toThrow(expect.objectContaining({ code: 'json_too_deep' }));
  });

  it.each([null, [], 'text', 5, undefined])('%j is no workflow', (value) => {
    expect(() => compile(value)).toThrow(expect.objectContaining({ code: 'definition_invalid' }));
  });
});
