import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../models/diagnostic.ts';
import { limits } from '../models/limits.ts';
import { createRegistry } from '../modules/registry.ts';
import { standardModules } from '../modules/standard-modules.ts';
import { runs } from '../testing/runs.ts';
import { comparePlaces } from './place.ts';
import { sampleRegistry, workflowOf } from './testing/sample-modules.ts';
import { validateWorkflow } from './validate-workflow.ts';
import { cpuMs } from '../testing/cpu-ms.ts';

const validate = (resolved: unknown): Diagnostic[] => validateWorkflow(resolved, sampleRegistry);
const shape = (inputs: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  module_id: 'test.shape',
  name: 'shape',
  inputs: { title: 'T', ...inputs },
  ...more,
});

/** Findings of one module, as `severity code place-below-the-module`. */
function about(module: unknown, format: 1 | 2 = 2): string[] {
  return validate(workflowOf([module], { format })).map(
    ({ severity, code, place }) => `${severity} ${code} ${place.replace('steps[0].modules[0]', '').replace(/^\./, '')}`,
  );
}

describe('4 a definition error names every fault at once', () => {
  it('sorted by place, with code, params, severity and message', () => {
    const found = validate({
      format: 2,
      steps: [
        {
          step_id: 'a',
          modules: [
            shape({ count: 'x', colour: 1 }),
            { module_id: 'test.shap', name: 'two' },
            { module_id: 'test.open', inputs: { a: '{{ x | nope }}', b: '{% if %}' } },
          ],
        },
        { step_id: 'a', modules: 5 },
      ],
    });
    expect(found.map(({ code, place }) => `${code} ${place}`)).toEqual([
      'workflow_id_missing ',
      'input_unknown steps[0].modules[0].inputs.colour',
      'input_invalid steps[0].modules[0].inputs.count',
      'module_not_registered steps[0].modules[1].module_id',
      'filter_unknown steps[0].modules[2].inputs.a',
      'template_syntax steps[0].modules[2].inputs.b',
      'definition_invalid steps[1].modules',
      'step_id_duplicate steps[1].step_id',
    ]);
    expect(found[3]).toEqual({
      code: 'module_not_registered',
      params: { module_id: 'test.shap', nearest: 'test.shape' },
      severity: 'error',
      place: 'steps[0].modules[1].module_id',
      message: 'There is no module "test.shap".',
      hint: 'Did you mean "test.shape"?',
    });
  });

  it('a sound definition has no findings', () => {
    expect(
      about(
        shape(
          { count: 1, items: [{ label: 'x' }] },
          { outputs_to_state: { result: 'text' }, comment: 'why', _metadata: {} },
        ),
      ),
    ).toEqual([]);
  });

  it('24 only the codes marked S are structural', () => {
    const found = validate(workflowOf([shape({ colour: 1 }), shape({})]));
    expect(found.map(({ code, structural }) => [code, structural])).toContainEqual(['module_name_duplicate', true]);
    expect(found.map(({ code, structural }) => [code, structural])).toContainEqual(['input_unknown', undefined]);
  });

  it('23 sizes and nesting', () => {
    expect(validate(workflowOf([], { description: 'x'.repeat(limits.definitionBytes) }))).toMatchObject([
      { code: 'definition_too_large', structural: true },
    ]);
    const deep = JSON.parse('['.repeat(100) + ']'.repeat(100)) as unknown;
    expect(validate(workflowOf([shape({ deep })])).map(({ code }) => code)).toEqual(['json_too_deep']);
    const steps = Array.from({ length: limits.steps + 1 }, (_, index) => ({ step_id: `s${index}`, modules: [] }));
    expect(validate({ workflow_id: 'x', steps })).toMatchObject([
      { code: 'too_many_steps', params: { limit: 200, actual: 201 } },
    ]);
  });

  it('takes any JSON, finds something wrong with nearly all of it, and stays sorted', () => {
    const part = fc.jsonValue({ maxDepth: 3 });
    const module = fc.record(
      {
        module_id: fc.constantFrom('test.shape', 'test.open', 'test.ask', 'x', 5),
        name: part,
        inputs: part,
        retryable: part,
        sub_actions: part,
        outputs_to_state: part,
        mock_output: part,
        addons: part,
      },
      { requiredKeys: [] },
    );
    const workflow = fc.record(
      {
        workflow_id: fc.constantFrom('x', 5),
        format: fc.constantFrom(1, 2, 'x'),
        steps: fc.oneof(
          part,
          fc.array(fc.record({ step_id: fc.constantFrom('a', 'b', 5), modules: fc.oneof(part, fc.array(module)) })),
        ),
        config: part,
        initial_state: part,
        status_display: part,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(part, workflow), (value) => {
        const found = validate(value);
        expect([...found].sort((a, b) => comparePlaces(a.place, b.place)).map(({ place }) => place)).toEqual(
          found.map(({ place }) => place),
        );
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  /** As many members as fit into a definition. */
  const fill = (make: (index: number) => unknown): unknown[] => {
    const size = JSON.stringify(make(10_000)).length + 1;
    return Array.from({ length: Math.floor((0.9 * limits.definitionBytes) / size) }, (_, index) => make(index));
  };
  const spread = (make: (index: number) => unknown) => {
    const modules = fill(make).slice(0, limits.steps * limits.modulesPerStep);
    const steps = Array.from({ length: limits.steps }, (_, index) => ({
      step_id: `s${index}`,
      modules: modules.slice(50 * index, 50 * index + 50),
    }));
    return { format: 2, workflow_id: 'x', steps };
  };

  it.each<[string, unknown]>([
    ['templates', workflowOf([{ module_id: 'test.open', inputs: { a: fill((n) => `{{ a${n} }}`) } }])],
    [
      'wrong items beside templates',
      workflowOf([shape({ items: fill((n) => ({ label: n % 2 === 0 ? n : `{{ ${n} }}` })) })]),
    ],
    [
      'unknown state keys',
      spread((n) => ({ module_id: 'test.open', name: `m${n}`, inputs: { a: `{{ state.unknown_key_number_${n} }}` } })),
    ],
    [
      'keys that all write',
      spread((n) => shape({ title: '{{ state.k.x }}' }, { name: `m${n}`, outputs_to_state: { result: 'k' } })),
    ],
    [
      'unknown targets',
      workflowOf([
        shape(
          {},
          {
            retryable: { options: fill((n) => ({ id: `${n}`, mode: 'retry', target_step: `a_step_not_there_${n}` })) },
          },
        ),
      ]),
    ],
    [
      'unknown sub-action targets',
      workflowOf([
        shape(
          {},
          {
            sub_actions: fill((n) => ({
              id: `${n}`,
              actions: [{ type: 'target_sub_action', ref: { step_id: `s${n}`, module_name: 'm' } }],
            })),
          },
        ),
      ]),
    ],
  ])('a megabyte of %s takes the work that its size takes', (_name, resolved) => {
    const start = cpuMs();
    expect(validate(resolved).length).toBeLessThanOrEqual(1000);
    // About 0.5 s; what is quadratic takes minutes.
    expect(cpuMs() - start).toBeLessThan(5000);
  });
});

describe('2.3 a module node', () => {
  it('unknown keys: warning in format 1, error in format 2', () => {
    expect(about(shape({}, { output_to_state: {} }), 1)).toEqual(['warning definition_invalid output_to_state']);
    expect(about(shape({}, { output_to_state: {} }))).toEqual(['error definition_invalid output_to_state']);
  });

  it('unknown outputs: warning in format 1, error in format 2', () => {
    const module = shape({}, { outputs_to_state: { resul: 'x' } });
    expect(about(module, 1)).toEqual(['warning output_unknown outputs_to_state.resul']);
    expect(about(module)).toEqual(['error output_unknown outputs_to_state.resul']);
    expect(about({ module_id: 'test.open', outputs_to_state: { anything: 'x' } })).toEqual([]);
  });

  it.each(['__proto__', 'a.constructor', 'a..b', ''])('%j cannot be a state key', (key) => {
    expect(about(shape({}, { outputs_to_state: { result: key } }))).toEqual([
      'error definition_invalid outputs_to_state.result',
    ]);
  });

  it('17.2 a mock output without templates is held against the outputs', () => {
    expect(about(shape({}, { mock_output: { result: 5, total: 1 } }))).toEqual([
      'warning mock_output_invalid mock_output.result',
    ]);
    expect(about(shape({}, { mock_output: { result: 5, total: '{{ 1 }}' } }))).toEqual([]);
    expect(about(shape({}, { mock_output: { result: '{{ 1 | }}' } }))).toEqual([
      'error template_syntax mock_output.result',
    ]);
  });
});

describe('2.1 the definition itself', () => {
  it('5.10 a literal credential is reported, and never repeated', () => {
    const found = validate(
      workflowOf(
        [
          {
            module_id: 'test.open',
            inputs: {
              headers: { Authorization: 'Bearer hunter2' },
              api_key: '{{ config.key }}',
              x: { api_key: { $secret: 'k' } },
            },
          },
        ],
        {
          config: { ai_config: { api_key: 'hunter2' }, note: 'api_key' },
        },
      ),
    );
    expect(found.map(({ code, place, severity }) => `${severity} ${code} ${place}`)).toEqual([
      'warning credential_in_definition config.ai_config.api_key',
      'warning credential_in_definition steps[0].modules[0].inputs.headers.Authorization',
    ]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('the time zone exists', () => {
    expect(validate(workflowOf([], { config: { timezone: 'Europe/Berlin' } }))).toEqual([]);
    expect(validate(workflowOf([], { config: { timezone: 'Mars/Base' } }))).toMatchObject([
      { place: 'config.timezone' },
    ]);
  });

  it('2.4 templates of status_display are parsed', () => {
    const status_display = { fields: [{ id: 'a', value: '{{ state.x' }] };
    expect(validate(workflowOf([], { status_display }))).toMatchObject([
      { code: 'template_syntax', place: 'status_display.fields[0].value' },
    ]);
  });
});

describe('20 execution groups', () => {
  const group = (paths: unknown[], more: object = {}) => ({
    module_id: 'pipeline.execution_groups',
    name: 'g',
    groups: paths,
    ...more,
  });
  const path = (name: string, modules: unknown[], requires: unknown = [{ capability: 'x', priority: 1 }]) => ({
    name,
    requires,
    modules,
  });

  it('their modules are checked like others, and alternatives do not collide', () => {
    const module = shape({}, { outputs_to_state: { result: 'text' } });
    expect(about(group([path('a', [module]), path('b', [module])]))).toEqual([]);
    expect(about(group([path('a', [shape({ colour: 1 })])]))).toEqual([
      'error input_unknown groups[0].modules[0].inputs.colour',
    ]);
  });

  it('a path that requires nothing, a wrong requirement, no paths', () => {
    expect(about(group([path('a', [], [])]))).toEqual(['warning group_requires_empty groups[0]']);
    expect(about(group([path('a', [], [{ priority: 1 }])]))).toEqual(['error definition_invalid groups[0].requires']);
    expect(about(group([]))).toEqual(['error definition_invalid groups']);
  });

  it('at most 64 versions', () => {
    const four = Array.from({ length: 4 }, (_, index) => path(`p${index}`, []));
    const modules = Array.from({ length: 4 }, (_, index) => ({ ...group(four), name: `g${index}` }));
    expect(validate(workflowOf(modules)).map(({ code, place }) => `${code} ${place}`)).toEqual([
      'groups_too_many steps[0].modules[3].groups',
    ]);
    expect(validate(workflowOf(modules.slice(1)))).toEqual([]);
  });
});

describe('with the modules of the product', () => {
  it('a small real definition is sound', () => {
    const registry = createRegistry(standardModules);
    const resolved = {
      format: 2,
      workflow_id: 'x',
      steps: [
        {
          step_id: 'a',
          modules: [
            {
              module_id: 'user.select',
              name: 'pick',
              inputs: { data: ['x', 'y'], schema: { type: 'array', items: { type: 'string' } } },
              outputs_to_state: { selected_data: 'city' },
            },
            {
              module_id: 'api.llm',
              name: 'write',
              inputs: { input: 'About {{ state.city }}' },
              outputs_to_state: { response: 'text' },
            },
          ],
        },
      ],
    };
    expect(validateWorkflow(resolved, registry)).toEqual([]);
  });
});
