import { describe, expect, it } from 'vitest';
import { sampleRegistry, workflowOf } from './testing/sample-modules.ts';
import { validateWorkflow } from './validate-workflow.ts';

const base = 'steps[0].modules[0].inputs';

/** Findings about the inputs of one module, as `severity code place-below-inputs`. */
function about(inputs: Record<string, unknown>, format: 1 | 2 = 2, module_id = 'test.shape'): string[] {
  const found = validateWorkflow(workflowOf([{ module_id, inputs }], { format }), sampleRegistry);
  return found.map(({ severity, code, place }) => `${severity} ${code} ${place.slice(base.length).replace(/^\./, '')}`);
}

describe('4, 5.9 inputs against the schema of their module', () => {
  it('a missing required input, and null, which counts as missing', () => {
    expect(about({})).toEqual(['error input_missing title']);
    expect(about({ title: null, count: null })).toEqual(['error input_missing title']);
  });

  it('a wrong type, at its place', () => {
    expect(about({ title: 5, items: [{ label: 'a' }, { label: 'b', size: [] }] })).toEqual([
      'error input_invalid items[1].size',
      'error input_invalid title',
    ]);
  });

  it('25.27 text that is exactly a number or a truth value passes', () => {
    expect(about({ title: 'x', count: '3', loud: 'true' })).toEqual([]);
    expect(about({ title: 'x', count: '3.5', loud: 'yes' })).toEqual([
      'error input_invalid count',
      'error input_invalid loud',
    ]);
  });

  it('unknown inputs: warning in format 1, error in format 2; comments are free', () => {
    expect(about({ title: 'x', titel: 1, comment: 'why' }, 1)).toEqual(['warning input_unknown titel']);
    expect(about({ title: 'x', titel: 1, comment: 'why' })).toEqual(['error input_unknown titel']);
    expect(about({ anything: 1 }, 2, 'test.open')).toEqual([]);
  });

  it('a template counts as any type, and what stands beside it is still checked', () => {
    expect(about({ title: '{{ state }}', count: '{{ 1 }}', items: '{{ config.x }}' })).toEqual([]);
    expect(about({ title: 'x', items: [{ label: '{{ 1 }}', size: 'big' }, { label: 5 }] })).toEqual([
      'error input_invalid items[0].size',
      'error input_invalid items[1].label',
    ]);
    expect(about({ title: 'x', count: { type: 'jinja2', content: '{{ 1 }}' } })).toEqual([]);
  });

  it('what is not rendered is what it is', () => {
    expect(about({ title: 'x', count: '{{ 1 }}' }, 1)).toEqual(['error input_invalid count']);
    const listed = { properties: { count: { resolver: 'server' } } };
    expect(about({ title: 'x', count: '{{ 1 }}', resolver_schema: listed }, 1)).toEqual([]);
  });

  it('3.4 a typed text is a text', () => {
    expect(about({ title: { type: 'text', content: '{{ x }}' } })).toEqual([]);
  });

  it('what a module says itself', () => {
    expect(about({ title: 'forbidden' })).toEqual(['error pipeline_stage_refused title']);
  });

  it('5.6, 25.19 resolvers: unknown ones are a warning, listings of absent inputs are ignored', () => {
    const resolver_schema = {
      properties: {
        title: { resolver: 'magic' },
        gone: { resolver: 'server', properties: { x: { resolver: 'odd' } } },
      },
    };
    expect(about({ title: 'x', resolver_schema })).toEqual([
      'warning resolver_unknown resolver_schema.properties.gone.properties.x.resolver',
      'warning resolver_unknown resolver_schema.properties.title.resolver',
    ]);
  });
});

describe('4 templates', () => {
  it.each([
    ['{{ a b }}', 'template_syntax'],
    ['{{ a | nope }}', 'filter_unknown'],
    ['{{ a is nope }}', 'filter_unknown'],
    ["{% include 'x' %}", 'template_unsupported'],
    [`{{ ${'('.repeat(100)}1${')'.repeat(100)} }}`, 'template_limit'],
    ['x'.repeat(70_000) + '{{ a }}', 'template_limit'],
  ])('template %# is refused as what it is', (title, code) => {
    const found = validateWorkflow(workflowOf([{ module_id: 'test.shape', inputs: { title } }]), sampleRegistry);
    expect(found).toMatchObject([{ code, severity: 'error', place: `${base}.title` }]);
  });

  it('3.4, 5.2 what is never rendered is never parsed', () => {
    expect(about({ title: { type: 'text', content: '{{ a b }}' } })).toEqual([]);
    expect(about({ title: '{{ a b }}' }, 1)).toEqual([]);
    expect(about({ script: '{{ a b }}' }, 2, 'test.open')).toEqual([]);
  });

  it('5.8 a name that stands for nothing is a warning', () => {
    const title = '{{ stat.x }} {{ state.x }} {{ config.y }} {{ step.step_id }} {{ now() }} {{ range(2) }}';
    const found = validateWorkflow(
      workflowOf([{ module_id: 'test.shape', inputs: { title } }], { initial_state: { x: 1 } }),
      sampleRegistry,
    );
    expect(found).toMatchObject([
      {
        code: 'undefined_reference',
        severity: 'warning',
        params: { key: 'stat.x', nearest: 'state', line: 1, column: 4 },
      },
    ]);
    expect(
      about({
        title: '{% set x = 1 %}{% for y in state %}{{ x }}{{ y }}{{ loop.index }}{% endfor %}{{ z | default(1) }}',
      }),
    ).toEqual([]);
  });

  it('5.7 a template of the client that is broken is a warning', () => {
    const schema = { type: 'string', ui: { text: '{{ a b }}' }, title: '{{ a b }}' };
    expect(about({ schema }, 2, 'test.ask')).toEqual([
      'error template_syntax schema.title',
      'warning template_syntax schema.ui.text',
    ]);
  });
});

describe('19.6, 18.1 schemas among the inputs', () => {
  it('are sound', () => {
    expect(about({ title: 'x', output_schema: { type: 'objekt', properties: { a: { pattern: '(' } } } })).toEqual([
      'error regex_invalid output_schema.properties.a.pattern',
      'error schema_invalid output_schema.type',
    ]);
    expect(about({ title: 'x', output_schema: { pattern: '(?=a)' } })).toEqual([
      'error regex_unsupported output_schema.pattern',
    ]);
  });

  it('a template in them counts as anything', () => {
    expect(about({ schema: { enum: '{{ state.sizes | default([]) }}', minItems: 'x' } }, 2, 'test.ask')).toEqual([
      'error schema_invalid schema.minItems',
    ]);
    expect(about({ schema: '{{ config.schema }}' }, 2, 'test.ask')).toEqual([]);
  });

  it('format 2 has no _ux', () => {
    const schema = { _ux: { display: true }, properties: { a: { '_ux.display': true, const: { _ux: 1 } } } };
    expect(about({ schema, data: { _ux: 1 } }, 2, 'test.ask')).toEqual([
      'error hint_not_supported schema._ux',
      'error hint_not_supported schema.properties.a["_ux.display"]',
    ]);
  });

  it('25.7, 25.8 format 1 runs with hints of every spelling', () => {
    const schema = {
      required: true,
      '_ux.display': true,
      properties: { a: { type: 'string', _ux: {} }, '_ux.x': 'visible', b: 'no schema' },
    };
    expect(about({ schema }, 1, 'test.ask')).toEqual([
      'info hint_imported schema',
      'warning schema_invalid schema.required',
    ]);
  });

  it('18.1 an unknown hint: error in format 2, info in format 1', () => {
    const schema = { ui: { tittle: 'x', show: 'no' }, properties: { ui: { type: 'string' } } };
    expect(about({ schema }, 2, 'test.ask')).toEqual(['error hint_unknown schema.ui.tittle']);
    expect(about({ schema }, 1, 'test.ask')).toEqual(['info hint_unknown schema.ui.tittle']);
  });
});
