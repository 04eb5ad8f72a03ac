import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type WfmError, isWfmError } from '../errors/index.ts';
import { defineModule } from './module.ts';
import { parseInputs, parseOutputs } from './parse-inputs.ts';

const example = defineModule({
  id: 'test.example',
  kind: 'compute',
  revision: 1,
  title: 'Example',
  description: 'For tests.',
  inputs: z.object({
    name: z.string(),
    anything: z.unknown(),
    count: z.number().int().min(1).max(9).default(3),
    ratio: z.number().optional(),
    flag: z.boolean().default(false),
    mode: z.enum(['a', 'b']).default('a'),
    most: z.number().nullable().default(null),
    rows: z.array(z.object({ size: z.number() })).default([]),
  }),
  outputs: z.object({ result: z.number(), note: z.string().default('none') }),
  nullableInputs: ['anything'],
  run: () => ({ result: 1 }),
});
const place = 'steps[0].modules[1].inputs';
const required = { name: 'n', anything: null };

function errorOf(run: () => unknown): WfmError {
  try {
    run();
  } catch (thrown) {
    if (isWfmError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('parseInputs', () => {
  it('5.9 fills in defaults', () => {
    expect(parseInputs(example, required, place).inputs).toEqual({
      name: 'n',
      anything: null,
      count: 3,
      flag: false,
      mode: 'a',
      most: null,
      rows: [],
    });
  });

  it('5.9 null for an optional input makes room for its default', () => {
    const { inputs } = parseInputs(example, { ...required, count: null, mode: null, ratio: null, most: null }, place);
    expect(inputs).toMatchObject({ count: 3, mode: 'a', most: null });
    expect(inputs).not.toHaveProperty('ratio');
  });

  it('25.1 in an older package null for a required input is its empty value; what is absent stays missing', () => {
    expect(parseInputs(example, { name: null, anything: null }, place, 1).inputs).toMatchObject({
      name: '',
      anything: null,
    });
    const { nullableInputs: _, ...strict } = example;
    expect(parseInputs(strict, { name: 'n', anything: null }, place, 1).inputs).toMatchObject({ anything: null });
    expect(errorOf(() => parseInputs(example, {}, place, 1)).errors).toHaveLength(2);
  });

  it('5.9 a missing required input, and null for one, are input_missing with their places', () => {
    const error = errorOf(() => parseInputs(example, { name: null }, place));
    expect(error.code).toBe('input_missing');
    expect(error.errors.map(({ path, code }) => [path, code])).toEqual([
      ['steps[0].modules[1].inputs.name', 'input_missing'],
      ['steps[0].modules[1].inputs.anything', 'input_missing'],
    ]);
  });

  it('5.9 every fault is listed with its exact place', () => {
    const error = errorOf(() =>
      parseInputs(
        example,
        { ...required, mode: 'z', rows: [{ size: 1 }, { size: 'big' }], count: 12, ratio: [] },
        place,
      ),
    );
    expect(error.code).toBe('input_invalid');
    expect(error.errors.map(({ path }) => path).sort()).toEqual([
      'steps[0].modules[1].inputs.count',
      'steps[0].modules[1].inputs.mode',
      'steps[0].modules[1].inputs.ratio',
      'steps[0].modules[1].inputs.rows[1].size',
    ]);
    expect(error.errors.find(({ path }) => path.endsWith('size'))?.message).toBe(
      'The input "rows[1].size" must be a number, not text.',
    );
  });

  it('5.9 missing and wrong inputs together are input_invalid', () => {
    const error = errorOf(() => parseInputs(example, { anything: 1, count: 'many' }, place));
    expect(error.code).toBe('input_invalid');
    expect(error.errors.map(({ code }) => code)).toEqual(['input_missing', 'input_invalid']);
  });

  it.each([
    ['count', '3', 3],
    ['count', ' 4 ', 4],
    ['ratio', '-1.5e2', -150],
    ['flag', 'true', true],
    ['flag', 'False', false],
  ])('25.27 text given for %s is converted when exact: %j', (name, text, value) => {
    expect(parseInputs(example, { ...required, [name]: text }, place).inputs[name]).toBe(value);
  });

  it('25.27 also inside lists, without touching what was given', () => {
    const rows = [{ size: '3' }];
    expect(parseInputs(example, { ...required, rows }, place).inputs['rows']).toEqual([{ size: 3 }]);
    expect(rows).toEqual([{ size: '3' }]);
  });

  it.each([
    ['count', '3.5'],
    ['count', 'three'],
    ['count', ''],
    ['ratio', '0x10'],
    ['ratio', '1e999'],
    ['ratio', '12345678901234567890'],
    ['flag', 'yes'],
    ['flag', '1'],
  ])('25.27 text that is not exactly the wanted type is input_invalid: %s %j', (name, text) => {
    expect(errorOf(() => parseInputs(example, { ...required, [name]: text }, place)).code).toBe('input_invalid');
  });

  it('2 unknown inputs and resolver_schema are dropped', () => {
    const { inputs } = parseInputs(example, { ...required, other: 1, resolver_schema: {} }, place);
    expect(Object.keys(inputs)).not.toContain('other');
    expect(Object.keys(inputs)).not.toContain('resolver_schema');
  });
});

describe('parseOutputs', () => {
  it('10.3.4 keeps unknown keys, drops undefined members, fills in defaults', () => {
    expect(parseOutputs(example, { result: 1, extra: { a: [1, undefined], b: undefined } })).toEqual({
      result: 1,
      note: 'none',
      extra: { a: [1, null] },
    });
  });

  it('10.3.4 plain outputs are handed on without a copy', () => {
    const outputs = { result: 1, note: 'x', rows: [{ a: 1 }] };
    expect(parseOutputs(example, outputs)).toBe(outputs);
  });

  it('10.3.4 a wrong type is output_invalid with its place', () => {
    const error = errorOf(() => parseOutputs(example, { result: 'one' }));
    expect([error.code, error.place]).toEqual(['output_invalid', 'outputs.result']);
  });

  it.each([
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a big integer', 1n],
    ['a map', new Map()],
    ['a symbol', Symbol('x')],
  ])('10.3.4 outputs are data: %s is refused', (_name, value) => {
    const error = errorOf(() => parseOutputs(example, { result: 1, deep: [{ value }] }));
    expect([error.code, error.place]).toEqual(['output_invalid', 'outputs.deep[0].value']);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('10.3.4 the key %s is refused', (key) => {
    const deep: unknown = JSON.parse(`{"${key}":{"polluted":true}}`);
    expect(errorOf(() => parseOutputs(example, { result: 1, deep })).code).toBe('output_invalid');
  });

  it('23 over 4 MB is value_too_large, counted as JSON', () => {
    const nearly = 'x'.repeat(4 * 1024 * 1024 - 100);
    expect(parseOutputs(example, { result: 1, nearly })).toHaveProperty('nearly');
    expect(errorOf(() => parseOutputs(example, { result: 1, nearly: `${nearly}${'x'.repeat(200)}` })).code).toBe(
      'value_too_large',
    );
    expect(errorOf(() => parseOutputs(example, { result: 1, quotes: '"'.repeat(2.5 * 1024 * 1024) })).code).toBe(
      'value_too_large',
    );
  });

  it('23 more than 64 levels, and a cycle, are json_too_deep', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(errorOf(() => parseOutputs(example, { result: 1, loop })).code).toBe('json_too_deep');
  });

  it('10.3.4 outputs that are no object are refused', () => {
    expect(errorOf(() => parseOutputs(example, null)).code).toBe('output_invalid');
    expect(errorOf(() => parseOutputs(example, [1])).code).toBe('output_invalid');
  });
});
