import { describe, expect, it } from 'vitest';
import { failureOf } from './fixtures/render.ts';
import { type ResolveOptions, resolveDeep, sourceDeep } from './index.ts';

const state = { city: { label: 'Oslo' }, sizes: [1, 2], text: '{{ state.city.label }}' };

function resolve(value: unknown, options?: ResolveOptions): unknown {
  return resolveDeep(value, { roots: { state }, place: 'inputs' }, options);
}

describe('5.1, 5.4 deep resolution', () => {
  it.each<[unknown, unknown]>([
    ['To {{ state.city.label }}', 'To Oslo'],
    ['{{ state.sizes }}', [1, 2]],
    [
      [' {{ state.sizes }} ', { a: { b: '{{ state.sizes[0] }}' } }],
      [[1, 2], { a: { b: 1 } }],
    ],
    [{ '{{ state.text }}': 'x{{ 1 }}' }, { '{{ state.text }}': 'x1' }],
    ['{{ state.text }}', '{{ state.city.label }}'],
    ['{{ state.nosuch }}', null],
    ['{step_number}. Place\n', '{step_number}. Place\n'],
    ['\n', '\n'],
    [5, 5],
    [null, null],
    [true, true],
    [undefined, undefined],
  ])('5.4 %j', (value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('5.4 what needs no change comes back as the same reference', () => {
    const still = { a: ['x', { b: 1 }] };
    const value = { still, moving: '{{ 1 }}', list: [still, '{{ 2 }}'] };
    const resolved = resolve(value) as typeof value;
    expect(resolved).toEqual({ still, moving: 1, list: [still, 2] });
    expect(resolved.still).toBe(still);
    expect(resolved.list[0]).toBe(still);
    expect(resolve(still)).toBe(still);
    expect(value.moving).toBe('{{ 1 }}');
  });

  it('5.4 an expression hands out data of the roots, not a copy', () => {
    expect((resolve({ a: '{{ state.sizes }}' }) as { a: unknown }).a).toBe(state.sizes);
  });

  it('6.8 a key __proto__ is left out', () => {
    const value = JSON.parse('{"a": {"__proto__": {"polluted": "{{ 1 }}"}, "b": 1}}') as unknown;
    const resolved = resolve(value) as { a: object };
    expect(Object.keys(resolved.a)).toEqual(['b']);
    expect('polluted' in resolved.a).toBe(false);
  });
});

describe('3.4-3.7 typed nodes', () => {
  it.each<[unknown, unknown]>([
    [{ type: 'text', content: '{{ state.city }}' }, '{{ state.city }}'],
    [{ type: 'jinja2', content: 'To {{ state.city.label }}' }, 'To Oslo'],
    [{ type: 'jinja2', content: '{{ state.sizes }}' }, '[1, 2]'],
    [{ type: 'jinja2', content: '{{ state.nosuch }}\n' }, ''],
    [
      { type: 'jinja2', content: '{{ state.sizes[0] }}', cache_ttl: 60, $source: { path: 'a.j2', sha256: '' } },
      { content: '1', type: 'jinja2', cache_ttl: 60 },
    ],
    [
      { type: 'text', content: '{{ x }}', cache_ttl: 60 },
      { content: '{{ x }}', type: 'text', cache_ttl: 60 },
    ],
    [
      { type: 'image', content: '{{ state.city.label }}' },
      { type: 'image', content: 'Oslo' },
    ],
    [
      { type: 'text', content: ['{{ 1 }}'] },
      { type: 'text', content: [1] },
    ],
    [
      [{ type: 'text', content: 'a' }, { content: '{{ 1 }}' }],
      ['a', { content: 1 }],
    ],
    [
      { role: 'user', type: 'text', content: '{{ x }}', name: '{{ 1 }}' },
      { role: 'user', type: 'text', content: '{{ x }}', name: 1 },
    ],
    [
      { role: 'user', type: 'jinja2', content: '{{ 1 }}' },
      { role: 'user', type: 'jinja2', content: '1' },
    ],
  ])('3.6, 3.7 %j', (value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('5.2 for the client typed nodes become their source and nothing is rendered', () => {
    const value = {
      a: { type: 'jinja2', content: '{{ x }}' },
      b: ['{{ y }}'],
      c: { type: 'text', content: 'z', cache_ttl: 1 },
    };
    expect(sourceDeep(value)).toEqual({ a: '{{ x }}', b: ['{{ y }}'], c: 'z' });
    const still = { b: ['{{ y }}'] };
    expect(sourceDeep(still)).toBe(still);
  });

  it('5.7 skipped keys belong to the client at any depth', () => {
    const value = {
      enum: '{{ state.sizes }}',
      items: {
        display_format: '{{ item.name }}',
        ui: { text: { type: 'jinja2', content: '{{ b }}' } },
        title: '{{ 1 }}',
      },
    };
    const skipKeys = (key: string): boolean => key === 'display_format' || key === 'ui';
    expect(resolve(value, { skipKeys })).toEqual({
      enum: [1, 2],
      items: { display_format: '{{ item.name }}', ui: { text: '{{ b }}' }, title: 1 },
    });
  });

  it('untouched nodes are handed out as they are', () => {
    const marker = { $secret: '{{ 1 }}' };
    const untouched = (node: unknown): boolean => typeof node === 'object' && node !== null && '$secret' in node;
    const resolved = resolve({ key: marker, a: '{{ 1 }}' }, { untouched }) as { key: unknown };
    expect(resolved).toEqual({ key: marker, a: 1 });
    expect(resolved.key).toBe(marker);
  });
});

describe('5.5, 6.8 places and limits', () => {
  it('5.5 a warning names the expression and the place of its string', () => {
    const warnings: unknown[] = [];
    const onUndefined = (expression: string, place?: string): unknown => warnings.push([expression, place]);
    const value = { list: ['a', { 'odd key': 'x {{ state.no }}' }], node: { type: 'jinja2', content: '{{ a.b }}' } };
    resolveDeep(value, { roots: { state }, place: 'steps[0].modules[1].inputs', onUndefined });
    expect(warnings).toEqual([
      ['state.no', 'steps[0].modules[1].inputs.list[1]["odd key"]'],
      ['a.b', 'steps[0].modules[1].inputs.node'],
    ]);
  });

  it.each([
    ['template_error', '{{ 1 / 0 }}'],
    ['template_syntax', '{{ 1 '],
    ['filter_unknown', '{{ 1|nosuch }}'],
    ['template_unsupported', '{% include "x" %}'],
  ])('6.8 %s carries the place', (code, source) => {
    expect(() => resolve({ a: [source] })).toThrow(expect.objectContaining({ code, place: 'inputs.a[0]' }));
  });

  it('23 more than 64 levels are refused, 64 are not', () => {
    const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect(resolve(nested(64))).toEqual(nested(64));
    expect(failureOf(() => resolve(nested(65)))).toMatchObject({ code: 'json_too_deep', params: { limit: 64 } });
    expect(failureOf(() => sourceDeep(nested(5000))).code).toBe('json_too_deep');
  });

  it('23 many templates together have a budget too', () => {
    const busy = '{% for i in range(9000) %}{% for j in range(9) %}{{ i }}{% endfor %}{% endfor %}';
    const failure = failureOf(() => resolve(Array.from({ length: 500 }, () => busy)));
    expect(failure).toMatchObject({ code: 'template_limit' });
    expect(failure.message).toContain('counted with those beside it');
  });
});
