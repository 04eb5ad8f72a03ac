import { describe, expect, test } from 'vitest';
import { validateAgainst } from './index.ts';
import { validatorTable } from './testing/validator-table.ts';
import { cpuMs } from '../testing/cpu-ms.ts';

describe('19.6 keywords of JSON Schema 2020-12', () => {
  const rows = validatorTable.flatMap(([title, schema, valid, invalid]) => [
    ...valid.map((value) => [title, schema, value, true] as const),
    ...invalid.map((value) => [title, schema, value, false] as const),
  ]);
  test.each(rows)('19.6 %s: %j on %j is %s', (_title, schema, value, verdict) => {
    expect(validateAgainst(schema, value).length === 0).toBe(verdict);
  });
});

describe('19.6 what a fault says', () => {
  const schema = {
    type: 'object',
    properties: {
      rows: {
        type: 'array',
        items: {
          type: 'object',
          properties: { name: { type: 'string', minLength: 2 } },
          required: ['name'],
          additionalProperties: false,
        },
      },
    },
  };

  test('path, pointer, keyword, sentence and parameters', () => {
    expect(validateAgainst(schema, { rows: [{ name: 'Al' }, { name: 'B' }] })).toEqual([
      {
        path: 'rows[1].name',
        pointer: '/rows/1/name',
        keyword: 'minLength',
        message: 'This must have at least 2 characters, not 1.',
        params: { limit: 2, actual: 1 },
      },
    ]);
  });

  test('a missing or surplus field is named itself', () => {
    expect(validateAgainst(schema, { rows: [{ 'odd/key ~': 1 }] })).toEqual([
      expect.objectContaining({
        path: 'rows[0].name',
        pointer: '/rows/0/name',
        keyword: 'required',
        message: '"name" is missing.',
      }),
      expect.objectContaining({
        path: 'rows[0]["odd/key ~"]',
        pointer: '/rows/0/odd~1key ~0',
        keyword: 'additionalProperties',
      }),
    ]);
  });

  test('every fault is listed, up to a cap', () => {
    const numbers = { type: 'array', items: { type: 'number' } };
    const value = Array.from({ length: 500 }, () => 'x');
    expect(validateAgainst(numbers, value)).toHaveLength(100);
    expect(validateAgainst(numbers, value, { faults: 3 }).map((fault) => fault.path)).toEqual(['[0]', '[1]', '[2]']);
  });

  test('of several forms the closest one is explained', () => {
    const shape = {
      oneOf: [
        { properties: { kind: { const: 'circle' }, radius: { type: 'number' } }, required: ['kind', 'radius'] },
        { properties: { kind: { const: 'square' }, side: { type: 'number' } }, required: ['kind', 'side'] },
      ],
    };
    expect(
      validateAgainst(shape, { kind: 'square', side: 'long' }).map((fault) => [fault.keyword, fault.path]),
    ).toEqual([
      ['oneOf', ''],
      ['type', 'side'],
    ]);
  });

  test('sentences are plain', () => {
    const messages = (test: object, value: unknown): string[] =>
      validateAgainst(test, value).map((fault) => fault.message);
    expect(messages({ type: 'integer' }, 1.5)).toEqual(['This must be a whole number, not 1.5.']);
    expect(messages({ type: ['string', 'null'] }, [])).toEqual(['This must be text or null, not a list.']);
    expect(messages({ enum: ['a', 'b'] }, 'c')).toEqual(['This must be one of "a", "b".']);
    expect(messages({ maxItems: 1 }, [1, 2])).toEqual(['This must have at most 1 item, not 2.']);
    expect(messages({ uniqueItems: true }, [1, 2, 1])).toEqual(['Entry 3 repeats entry 1; each may appear once.']);
  });
});

describe('S4, S5 hostile input', () => {
  test('S4 a schema that multiplies its own work is stopped', () => {
    const $defs: Record<string, unknown> = { d0: { type: 'string' } };
    for (let level = 1; level <= 25; level++)
      $defs[`d${level}`] = { anyOf: [{ $ref: `#/$defs/d${level - 1}` }, { $ref: `#/$defs/d${level - 1}` }] };
    const begun = cpuMs();
    expect(() => validateAgainst({ $defs, $ref: '#/$defs/d25' }, 1)).toThrow(
      expect.objectContaining({ code: 'schema_limit' }),
    );
    expect(cpuMs() - begun).toBeLessThan(3000);
  });

  test('S4 a value deeper than any JSON of ours is refused, not a crash', () => {
    let value: unknown = 1;
    for (let level = 0; level < 5000; level++) value = [value];
    expect(() => validateAgainst({ $ref: '#/$defs/a', $defs: { a: { items: { $ref: '#/$defs/a' } } } }, value)).toThrow(
      expect.objectContaining({ code: 'schema_limit' }),
    );
  });

  test('S4 a pattern that kills a backtracking engine does no harm', () => {
    const begun = cpuMs();
    expect(validateAgainst({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
    expect(cpuMs() - begun).toBeLessThan(1000);
  });

  test('23 a text over 100 KB under a pattern is regex_limit', () => {
    expect(() => validateAgainst({ pattern: 'a' }, 'a'.repeat(200_000))).toThrow(
      expect.objectContaining({ code: 'regex_limit' }),
    );
  });

  test('S5 inherited properties do not exist', () => {
    expect(validateAgainst({ required: ['toString', 'constructor', '__proto__'] }, {})).toHaveLength(3);
    const value: unknown = JSON.parse('{"__proto__": 1, "constructor": 2}');
    expect(validateAgainst({ additionalProperties: false }, value)).toHaveLength(2);
    expect(validateAgainst({ type: 'object', toString: { type: 'number' } }, {})).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('values that JSON cannot hold fit no type', () => {
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, () => 1]) {
      expect(validateAgainst({ type: ['null', 'boolean', 'number', 'string', 'array', 'object'] }, value)).toHaveLength(
        1,
      );
    }
  });

  test('neither schema nor value is changed, and frozen ones work', () => {
    const schema = Object.freeze({
      $defs: Object.freeze({ a: Object.freeze({ type: 'number' }) }),
      items: Object.freeze({ $ref: '#/$defs/a' }),
    });
    const before = JSON.stringify(schema);
    expect(validateAgainst(schema, Object.freeze([1, 'x']))).toHaveLength(1);
    expect(JSON.stringify(schema)).toBe(before);
    expect(Reflect.ownKeys(schema)).toEqual(['$defs', 'items']);
  });
});
