import { describe, expect, it } from 'vitest';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { transformConcatArrays } from './concat-arrays.ts';
import { transformConditionalText } from './conditional-text.ts';
import { transformExtract } from './extract.ts';
import { transformQuery } from './query.ts';

describe('transform.query', () => {
  const data = [
    { n: 3, a: 'x' },
    { n: 1, a: 'y' },
    { n: 2, a: 'x' },
  ];
  const pipeline = [{ $match: { a: 'x' } }, { $sort: { n: 1 } }, { $project: { n: 1 } }];

  it('14.8 runs the pipeline over the list, which is not changed', async () => {
    const before = structuredClone(data);
    expect(await runModule(transformQuery, { data, pipeline })).toEqual({ result: [{ n: 2 }, { n: 3 }] });
    expect(data).toEqual(before);
  });

  it('14.8 $sample is seeded by the input hash', async () => {
    const sampled = (seed: string) =>
      runModule(transformQuery, { data, pipeline: [{ $sample: { size: 2 } }] }, moduleContext({ seed }));
    expect(await sampled('a')).toEqual(await sampled('a'));
  });

  it('14.4 empty in, empty out', async () => {
    expect(await runModule(transformQuery, { data: [], pipeline })).toEqual({ result: [] });
  });

  it.each([[null], [{}], ['text'], [5]])('25.23 data that is no list is query_data_not_array: %j', async (value) => {
    await expect(runModule(transformQuery, { data: value, pipeline })).rejects.toMatchObject({
      code: 'query_data_not_array',
    });
  });

  it('5.9 data that is not given at all is input_missing', async () => {
    await expect(runModule(transformQuery, { pipeline })).rejects.toMatchObject({ code: 'input_missing' });
  });

  it('4 stages and operators are checked in the definition, templates left out', () => {
    const bad = [{ $match: { n: { $where: 'x' } } }, { $out: 'y' }];
    expect(transformQuery.check?.({ pipeline: bad }).map(({ code, path }) => [code, path])).toEqual([
      ['pipeline_operator_refused', expect.stringMatching(/^pipeline\[0\]/)],
      ['pipeline_stage_refused', expect.stringMatching(/^pipeline\[1\]/)],
    ]);
    expect(transformQuery.check?.({ pipeline: '{{ state.pipeline }}' })).toEqual([]);
    expect(transformQuery.check?.({})).toEqual([]);
  });
});

describe('transform.extract', () => {
  it('14.4 passes through, names that begin with _ are dropped', async () => {
    expect(await runModule(transformExtract, { a: 1, b: { c: [2] }, _c: 3 })).toEqual({ a: 1, b: { c: [2] } });
  });

  it('25.22 a null value passes with a warning', async () => {
    const test = moduleContext();
    expect(await runModule(transformExtract, { a: null }, test)).toEqual({ a: null });
    expect(test.told.warnings).toMatchObject([{ place: 'inputs.a' }]);
  });
});

describe('transform.concat_arrays', () => {
  it('14.4 joins lists one level deep', async () => {
    expect(await runModule(transformConcatArrays, { arrays: [[1, [2]], [], ['x']] })).toEqual({
      result: [1, [2], 'x'],
    });
  });

  it('14.4 a member that is no list is input_invalid with its place', async () => {
    await expect(runModule(transformConcatArrays, { arrays: [[1], null, 5] })).rejects.toMatchObject({
      code: 'input_invalid',
      errors: [{ path: 'steps[0].modules[0].inputs.arrays[1]' }, { path: 'steps[0].modules[0].inputs.arrays[2]' }],
    });
  });
});

describe('transform.conditional_text', () => {
  const texts = { text_if_not_empty: 'Use $state.condition_value, $state.condition_value!', text_if_empty: 'Nothing.' };

  it.each([
    ['blue', 'Use blue, blue!'],
    [0, 'Use 0, 0!'],
    [false, 'Use false, false!'],
    [['a'], 'Use ["a"], ["a"]!'],
    ['$&', 'Use $&, $&!'],
    [null, 'Nothing.'],
    ['', 'Nothing.'],
    [' \n', 'Nothing.'],
  ])('14.4 %j gives %j', async (condition_value, result) => {
    expect(await runModule(transformConditionalText, { condition_value, ...texts })).toEqual({ result });
  });

  it('14.4 the text for empty is empty by default', async () => {
    expect(await runModule(transformConditionalText, { condition_value: null, text_if_not_empty: 'x' })).toEqual({
      result: '',
    });
  });
});
