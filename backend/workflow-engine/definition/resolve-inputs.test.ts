import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Warning } from '../events/run-event.ts';
import { runs } from '../testing/runs.ts';
import { type CompiledModule, compileVersion } from './compile-version.ts';
import { resolveInputs } from './resolve-inputs.ts';
import { sampleRegistry, workflowOf } from './testing/sample-modules.ts';

const state = { name: 'Ada', list: [1, 2], deep: { flag: true }, code: '{{ state.name }}' };

function compiled(inputs: unknown, format: 1 | 2 = 2, moduleId = 'test.open'): CompiledModule {
  const version = compileVersion(
    workflowOf([{ module_id: moduleId, name: 'm', inputs }], { format }),
    'sha256:x',
    sampleRegistry,
  );
  return version.find('one', 'm') as CompiledModule;
}

function resolve(inputs: unknown, format: 1 | 2 = 2, moduleId = 'test.open') {
  const warnings: Warning[] = [];
  const resolved = resolveInputs(compiled(inputs, format, moduleId), format, {
    roots: { state, step: { step_id: 'one' }, config: { unit: 'cm' } },
    now: new Date('2025-03-04T05:06:07Z'),
    timezone: 'Europe/Berlin',
    onWarning: (warning) => warnings.push(warning),
  });
  return { resolved, warnings };
}

const server = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { resolver: 'server' }])),
});

describe('5.1 to 5.3 which inputs are rendered', () => {
  const greeting = 'Hi {{ state.name }}';

  it('format 1: those that resolver_schema lists; it never reaches the module', () => {
    const inputs = { a: greeting, b: greeting, c: { x: [greeting] }, resolver_schema: server('a', 'c', 'gone') };
    expect(resolve(inputs, 1).resolved).toEqual({ a: 'Hi Ada', b: greeting, c: { x: ['Hi Ada'] } });
    expect(resolve({ a: greeting }, 1).resolved).toEqual({ a: greeting });
  });

  it('format 2: all but those that the module or a listing leaves to the client', () => {
    const inputs = {
      a: greeting,
      script: greeting,
      c: greeting,
      resolver_schema: { properties: { c: { resolver: 'client' } } },
    };
    expect(resolve(inputs).resolved).toEqual({ a: 'Hi Ada', script: greeting, c: greeting });
  });

  it('5.3 a nested listing resolves only what it lists, even if the outer entry says server', () => {
    const resolver_schema = {
      properties: {
        a: {
          resolver: 'server',
          properties: { x: { resolver: 'server' }, y: { properties: { z: { resolver: 'server' } } } },
        },
      },
    };
    const inputs = { a: { x: greeting, y: { z: greeting, w: greeting }, v: greeting }, resolver_schema };
    for (const format of [1, 2] as const) {
      expect(resolve(inputs, format).resolved).toEqual({
        a: { x: 'Hi Ada', y: { z: 'Hi Ada', w: greeting }, v: greeting },
      });
    }
  });

  it('5.6 any other resolver counts as client', () => {
    expect(resolve({ a: greeting, resolver_schema: { properties: { a: { resolver: 'magic' } } } }).resolved).toEqual({
      a: greeting,
    });
  });

  it('keys are not rendered', () => {
    expect(resolve({ a: { '{{ state.name }}': 1, b: '{{ 1 }}' } }).resolved).toEqual({
      a: { '{{ state.name }}': 1, b: 1 },
    });
  });
});

describe('5.4, 5.5 values', () => {
  it.each([
    ['{{ state.list }}', [1, 2]],
    ['  {{ state.deep }}\n', { flag: true }],
    ['{{ state.deep.flag }}', true],
    ['{{ 1 + 1 }}', 2],
    ['{{ state.name }}!', 'Ada!'],
    ['{{ state.list }}{{ state.list }}', '[1, 2][1, 2]'],
    ['{{ state.code }}', '{{ state.name }}'],
    ['{{ config.unit }} {{ step.step_id }}', 'cm one'],
    ["{{ now().strftime('%Y-%m-%d %H') }}", '2025-03-04 06'],
    ['no template\n', 'no template\n'],
  ])('%j gives %j', (template, value) => {
    expect(resolve({ a: template, b: [template] }).resolved).toEqual({ a: value, b: [value] });
  });

  it('undefined is null alone and nothing in a text, each with a warning and its place', () => {
    const { resolved, warnings } = resolve({ a: '{{ state.gone }}', b: { c: ['x{{ state.gone.deeper }}'] } });
    expect(resolved).toEqual({ a: null, b: { c: ['x'] } });
    expect(warnings[0]).toMatchObject({
      code: 'undefined_reference',
      place: 'steps[0].modules[0].inputs.a',
      params: { place: 'steps[0].modules[0].inputs.a', expression: 'state.gone' },
    });
    expect(warnings.at(-1)?.place).toBe('steps[0].modules[0].inputs.b.c[0]');
  });

  it('what holds no template comes by reference, as the same every time', () => {
    const module = compiled({ a: { big: [1, 2, { x: 'text' }] } });
    const context = { roots: { state, step: {}, config: {} }, now: new Date(0), timezone: 'UTC' };
    expect(resolveInputs(module, 2, context)['a']).toBe(resolveInputs(module, 2, context)['a']);
    expect(resolveInputs(module, 2, context)['a']).toBe(module.node.inputs['a']);
  });

  it('inputs without braces are never changed', () => {
    const plain = fc.jsonValue().filter(
      (value) =>
        !JSON.stringify(value).includes('{{') &&
        !JSON.stringify(value).includes('{%') &&
        !JSON.stringify(value).includes('{#') &&
        // A definition with such a key is refused before its inputs are looked at.
        !/"(__proto__|constructor|prototype)":/.test(JSON.stringify(value)),
    );
    fc.assert(
      fc.property(plain, (value) => {
        const written = JSON.parse(JSON.stringify(value)) as unknown;
        expect(resolve({ a: JSON.parse(JSON.stringify({ value })) }).resolved['a']).toEqual({ value: written });
      }),
      { numRuns: runs(100, 5000) },
    );
  });
});

describe('3.4 to 3.9 typed nodes', () => {
  const text = { type: 'text', content: 'Keep {{ state.name }}', $source: { path: 'a.txt', sha256: 'x' } };
  const jinja = { type: 'jinja2', content: '{{ state.list }}\r\n' };

  it('3.4 text is a literal, 3.5 jinja2 renders always to a string', () => {
    expect(resolve({ a: text, b: jinja, c: { d: [text, jinja] } }).resolved).toEqual({
      a: 'Keep {{ state.name }}',
      b: '[1, 2]',
      c: { d: ['Keep {{ state.name }}', '[1, 2]'] },
    });
  });

  it('3.7 with cache_ttl they stay objects', () => {
    expect(resolve({ a: { ...text, cache_ttl: 60 }, b: { ...jinja, cache_ttl: 1 } }).resolved).toEqual({
      a: { content: 'Keep {{ state.name }}', type: 'text', cache_ttl: 60 },
      b: { content: '[1, 2]', type: 'jinja2', cache_ttl: 1 },
    });
  });

  it('3.9 a prompt part keeps its role', () => {
    const inputs = {
      input: [
        { role: 'user', ...text },
        { role: 'user', ...jinja },
        { role: 'user', content: '{{ state.name }}' },
      ],
    };
    expect(resolve(inputs).resolved['input']).toMatchObject([
      { role: 'user', content: 'Keep {{ state.name }}' },
      { role: 'user', content: '[1, 2]' },
      { role: 'user', content: 'Ada' },
    ]);
  });

  it('3.6 any other type makes an ordinary object', () => {
    expect(resolve({ a: { type: 'image', content: '{{ state.name }}' } }).resolved).toEqual({
      a: { type: 'image', content: 'Ada' },
    });
  });

  it('5.2 what is left to the client becomes its source', () => {
    expect(resolve({ a: jinja, b: { c: { ...text, cache_ttl: 60 } } }, 1).resolved).toEqual({
      a: '{{ state.list }}\r\n',
      b: { c: 'Keep {{ state.name }}' },
    });
  });
});

describe('5.7 display schemas', () => {
  const client = '{{ item.label }}';
  const schema = {
    type: 'object',
    enum: '{{ state.list }}',
    display_format: client,
    properties: {
      a: {
        '_ux.display_label': client,
        _ux: { display: client },
        ui: { text: client, extra: { x: { text: client } } },
        title: '{{ state.name }}',
      },
      b: {
        items: { label_format: client, source_data: client, computed: { x: client }, alternative: { compose: client } },
      },
    },
  };

  it.each([1, 2] as const)('the client keeps its keys, at any depth (format %d)', (format) => {
    const inputs = { schema, ...(format === 1 ? { resolver_schema: server('schema') } : {}) };
    expect(resolve(inputs, format, 'test.ask').resolved['schema']).toEqual({
      ...schema,
      enum: [1, 2],
      properties: { ...schema.properties, a: { ...schema.properties.a, title: 'Ada' } },
    });
  });

  it('another input is rendered whatever its keys are called', () => {
    expect(resolve({ data: { ui: client.replace('item', 'state.deep') } }, 2, 'test.ask').resolved['data']).toEqual({
      ui: null,
    });
  });

  it('typed nodes under a key of the client become their source', () => {
    const inputs = { schema: { display_format: { type: 'jinja2', content: client } } };
    expect(resolve(inputs, 2, 'test.ask').resolved['schema']).toEqual({ display_format: client });
  });
});

describe('6.8 errors name the place', () => {
  it.each([
    ['{{ 1 / 0 }}', 'template_error'],
    ['{{ state. }}', 'template_syntax'],
    ['{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}', 'template_limit'],
  ])('%s: %s', (template, code) => {
    expect(() => resolve({ a: { b: template } })).toThrow(
      expect.objectContaining({
        code,
        place: 'steps[0].modules[0].inputs.a.b',
        params: expect.objectContaining({ line: 1 }),
      }),
    );
  });
});
