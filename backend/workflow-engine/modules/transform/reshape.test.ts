import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../testing/runs.ts';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { transformReshape } from './reshape.ts';
import { replaceDollarNames } from './shape/dollar-names.ts';

const run = async (inputs: Record<string, unknown>, test = moduleContext()) =>
  (await runModule(transformReshape, inputs, test))['result'];
const dishes = [
  { id: 1, name: 'Dal', tags: ['hot'] },
  { id: 2, name: 'Soup', tags: [] },
];

describe('transform.reshape', () => {
  it('14.4 fills the shape from $source, a lone expression keeps its type (5.4)', async () => {
    const template = {
      first: '{{ $source[0] }}',
      count: '{{ source | length }}',
      title: 'The {{ $source[0].name }}',
      fixed: [1, null, true],
    };
    expect(await run({ source: dishes, template })).toEqual({
      first: dishes[0],
      count: 2,
      title: 'The Dal',
      fixed: [1, null, true],
    });
  });

  it('14.4 _for_each maps over the source with the item and $index', async () => {
    const template = {
      _for_each: '$dish',
      _output: { n: '{{ $index + 1 }}', '{{ $dish.id }}': '{{ $dish.name }}', tags: ['{{ $dish.tags }}'] },
    };
    expect(await run({ source: dishes, template })).toEqual([
      { n: 1, '1': 'Dal', tags: [['hot']] },
      { n: 2, '2': 'Soup', tags: [[]] },
    ]);
  });

  it('14.4 a single value is wrapped, an empty list gives an empty list', async () => {
    const template = { _for_each: '$item', _output: '{{ $item.name }}' };
    expect(await run({ source: dishes[0], template })).toEqual(['Dal']);
    expect(await run({ source: [], template })).toEqual([]);
  });

  it('14.4 variables are read with and without the dollar', async () => {
    const template = '{{ $tone }} {{ tone }} {{ _tone }}';
    expect(await run({ source: [], template, context_vars: { tone: 'calm' } })).toBe('calm calm calm');
  });

  it('14.4 a failing text stays as written, with a warning', async () => {
    const test = moduleContext();
    const template = { bad: '{{ 1 / 0 }}', worse: '{{ x', good: '{{ 1 + 1 }}' };
    expect(await run({ source: 1, template }, test)).toEqual({ bad: '{{ 1 / 0 }}', worse: '{{ x', good: 2 });
    expect(test.told.warnings.map(({ code, place }) => [code, place])).toEqual([
      ['template_syntax', 'inputs.template.worse'],
      ['template_error', 'inputs.template.bad'],
    ]);
  });

  it('4 templates are checked in the definition, as warnings', () => {
    const template = { _for_each: '$item', _output: { a: ['{{ $item.x', '{{ $item.y }}'], '{% nonsense %}': 1 } };
    expect(transformReshape.check?.({ template }).map(({ path, severity }) => [path, severity])).toEqual([
      ['template._output.a[0]', 'warning'],
      ['template._output["{% nonsense %}"]', 'warning'],
    ]);
  });

  it('5.5 an undefined lone expression gives null and a warning', async () => {
    const test = moduleContext();
    expect(await run({ source: {}, template: { a: '{{ $source.nothing }}' } }, test)).toEqual({ a: null });
    expect(test.told.warnings).toMatchObject([{ code: 'undefined_reference', place: 'inputs.template.a' }]);
  });

  it('6.8 forbidden keys never come out of a rendered key', async () => {
    const result = (await run({
      source: '__proto__',
      template: { '{{ $source }}': { polluted: true }, ok: 1 },
    })) as object;
    expect(Object.keys(result)).toEqual(['ok']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('14.4 neither the state nor the source is changed', async () => {
    const source = structuredClone(dishes);
    await run({ source, template: { _for_each: '$item', _output: '{{ $item }}' } });
    expect(source).toEqual(dishes);
  });
});

describe('replaceDollarNames', () => {
  it.each([
    ['{{ $item.name }} costs $price', '{{ _item.name }} costs $price'],
    ['{% if $a and "$b" %}{{ \'$c\' ~ $d }}{% endif %}', '{% if _a and "$b" %}{{ \'$c\' ~ _d }}{% endif %}'],
    ['{{ "}} $x" ~ $y }} $z', '{{ "}} $x" ~ _y }} $z'],
    ['$5 {{ x }} { $y }', '$5 {{ x }} { $y }'],
    ['{{ $open', '{{ _open'],
  ])('14.4 %j reads as %j', (written, read) => {
    expect(replaceDollarNames(written)).toBe(read);
  });

  it('14.4 law: only dollars are ever changed', () => {
    const part = fc.constantFrom('{{', '}}', '{%', '%}', '"', "'", 'a', ' ', '\\', '{', '}', '$', '$b');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const source = parts.join('');
        const replaced = replaceDollarNames(source);
        expect(replaced).toHaveLength(source.length);
        expect(
          [...replaced].every((char, index) => char === source[index] || (char === '_' && source[index] === '$')),
        ).toBe(true);
      }),
      { numRuns: runs(300, 5000) },
    );
  });
});
