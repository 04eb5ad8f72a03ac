import { describe, expect, it } from 'vitest';
import { runModule } from '../testing/module-context.ts';
import { transformParsePattern } from './parse-pattern.ts';

const regex = '(?P<n>\\d+)\\s*x\\s*(?<dish>\\w+)(?:@(?P<price>[\\d.]+))?';
const run = (inputs: Record<string, unknown>) =>
  runModule(transformParsePattern, { pattern: { regex, separator: ',' }, ...inputs });

describe('transform.parse_pattern', () => {
  it('14.10 split, trim, drop empties, match from the start; named groups become fields', async () => {
    expect(await run({ input: ' 2 x dal@4.5, , 1x soup ' })).toEqual({
      items: [
        { n: '2', dish: 'dal', price: '4.5', _raw: '2 x dal@4.5', _index: 0 },
        { n: '1', dish: 'soup', price: null, _raw: '1x soup', _index: 1 },
      ],
      count: 2,
      total: 0,
      valid: true,
      errors: [],
    });
  });

  it('14.10 a piece that does not match is an error, not an item', async () => {
    const outputs = await run({ input: '2 x dal,and 1 x soup' });
    expect(outputs).toMatchObject({
      count: 1,
      valid: false,
      errors: ['Entry 2 does not match the pattern: and 1 x soup'],
    });
  });

  it('14.10 separators may be patterns, trimming may be off', async () => {
    const pattern = { regex: '(?<w>.+)', separator: '[;\\n]', separator_is_regex: true, trim: false };
    expect((await run({ input: 'a; b\nc', pattern }))['items']).toMatchObject([{ w: 'a' }, { w: ' b' }, { w: 'c' }]);
    expect((await run({ input: 'one text', pattern: { regex: '(?<w>.+)' } }))['count']).toBe(1);
  });

  it('14.10 types, mappings, lookups, computed, validation, in that order; total sums', async () => {
    const outputs = await run({
      input: '2x d@4.5,3x s@1',
      field_types: { n: 'int', price: 'float' },
      mappings: { dish: { d: 'dal', s: 'soup' } },
      lookups: [
        {
          field: 'dish',
          source: [
            { id: 'dal', hot: true },
            { id: 'soup', hot: false },
          ],
        },
      ],
      computed: [
        { field: 'cost', expression: 'n * price' },
        { field: 'hot', expression: 'dish_resolved["hot"]' },
      ],
      validation: { cost: { min: 5 }, dish: { in: ['dal', 'soup'], pattern: '[a-z]+$', required: true } },
      sum_field: 'cost',
    });
    expect(outputs).toMatchObject({
      items: [
        { n: 2, price: 4.5, dish: 'dal', dish_original: 'd', dish_resolved: { id: 'dal' }, cost: 9, hot: true },
        { n: 3, price: 1, dish: 'soup', dish_original: 's', cost: 3, hot: false },
      ],
      total: 12,
      valid: false,
      errors: ['Entry 2: cost must be at least 5, not 3.'],
    });
  });

  it('14.10 lookups by position: people count from 1', async () => {
    const pattern = { regex: '(?<pick>\\d+)', separator: ' ' };
    const source = ['dal', 'soup'];
    const lookups = [{ field: 'pick', source, required: true, output_field: 'dish' }];
    const outputs = await run({ input: '2 1 9', pattern, lookups });
    expect((outputs['items'] as { dish: unknown }[]).map(({ dish }) => dish)).toEqual(['soup', 'dal', null]);
    expect(outputs['errors']).toEqual(['Entry 3: nothing is found for pick "9".']);
    const byId = { pick: { source: [{ id: 7 }, { id: 8 }], position_offset: 0 } };
    expect((await run({ input: '1', pattern, lookups: byId }))['items']).toMatchObject([{ pick_resolved: { id: 8 } }]);
  });

  it('14.10 each failure adds a text and clears valid; nothing throws', async () => {
    const outputs = await run({
      input: '2x dal@1.2.3',
      field_types: { n: 'int', price: 'float', dish: 'bool' },
      computed: { broken: '1 /', zero: '1 / 0', unknown: 'nobody + 1', __proto__x: '1' },
      validation: { price: { min: 1 }, missing: { required: true }, n: { max: 1, in: [1], pattern: 'x' } },
      sum_field: 'dish',
    });
    expect(outputs['valid']).toBe(false);
    expect(outputs['errors']).toHaveLength(11);
  });

  it.each([
    [{}, 'regex_invalid'],
    [{ regex: '' }, 'regex_invalid'],
    [{ regex: '(' }, 'regex_invalid'],
    [{ regex: 'a(?=b)' }, 'regex_unsupported'],
    [{ regex: '(a)\\1' }, 'regex_unsupported'],
    [{ regex: 'a', separator: '[', separator_is_regex: true }, 'regex_invalid'],
  ])('14.10 a missing or uncompilable regex throws: %j', async (pattern, code) => {
    await expect(run({ input: 'a', pattern })).rejects.toMatchObject({ code });
  });

  it('23 a text over 100 KB is regex_limit, however it is cut', async () => {
    await expect(run({ input: '1x a,'.repeat(30_000) })).rejects.toMatchObject({
      code: 'regex_limit',
      place: 'inputs.input',
    });
  });

  it('4 a regex is checked in the definition', () => {
    expect(transformParsePattern.check?.({ pattern: { regex: '(' } })).toMatchObject([
      { code: 'regex_invalid', path: 'pattern.regex' },
    ]);
    expect(transformParsePattern.check?.({ pattern: { regex: '{{ state.regex }}' } })).toEqual([]);
    expect(transformParsePattern.check?.({ pattern: '{{ state.pattern }}' })).toEqual([]);
  });
});
