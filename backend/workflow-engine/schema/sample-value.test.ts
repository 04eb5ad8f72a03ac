import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWfmError } from '../errors/index.ts';
import { type SampleOptions, sampleValue, type TextHint, validateAgainst } from './index.ts';
import { satisfiableSchema, shuffledKeys } from './testing/schema-arbitrary.ts';
import { cpuMs } from '../testing/cpu-ms.ts';

const sample = (schema: unknown, options: Partial<SampleOptions> = {}): unknown =>
  sampleValue(schema, { seed: 'seed', ...options });
function refusal(schema: unknown): { code: string; pointer: unknown } {
  try {
    sample(schema);
  } catch (thrown) {
    if (isWfmError(thrown)) return { code: thrown.code, pointer: thrown.params['pointer'] };
    throw thrown;
  }
  return { code: 'none', pointer: undefined };
}

describe('17.3 seed and draws', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'string' }, n: { type: 'integer' }, list: { type: 'array', items: { type: 'string' } } },
  };

  test('17.3 the same seed gives the same bytes, another seed others', () => {
    expect(JSON.stringify(sample(schema))).toBe(JSON.stringify(sample(structuredClone(schema))));
    expect(sample(schema)).not.toEqual(sample(schema, { seed: 'other' }));
  });

  test('17.3 the bytes are fixed for ever: a change here changes every stored mock', () => {
    expect(sample(schema)).toMatchInlineSnapshot(`
      {
        "a": "A: train leaf water light gentle",
        "list": [
          "List 1: distant wooden distant gentle",
          "List 2: bread silver quiet quiet evening new",
          "List 3: valley paper red river",
        ],
        "n": 15,
      }
    `);
  });

  test('17.3 adding a field leaves the others alone', () => {
    fc.assert(
      fc.property(satisfiableSchema, fc.string(), (inner, seed) => {
        const small = { type: 'object', properties: { kept: inner } };
        const large = {
          type: 'object',
          properties: { added: { type: 'string' }, kept: inner, last: { type: 'number' } },
        };
        const [a, b] = [sampleValue(small, { seed }), sampleValue(large, { seed })] as Record<string, unknown>[];
        expect(b?.['kept']).toEqual(a?.['kept']);
      }),
      { numRuns: 100 },
    );
  });

  test('17.3 the order of keys in the schema does not change a byte', () => {
    fc.assert(
      fc.property(satisfiableSchema, fc.string(), (schemaOf, seed) => {
        expect(JSON.stringify(sampleValue(shuffledKeys(schemaOf), { seed }))).toBe(
          JSON.stringify(sampleValue(schemaOf, { seed })),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('17.4 a generated value validates', () => {
  test('17.4 for every schema that can be met', () => {
    fc.assert(
      fc.property(satisfiableSchema, fc.string(), (schema, seed) => {
        expect(validateAgainst(schema, sampleValue(schema, { seed }))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, unknown, (value: never) => boolean]>([
    [
      'all properties are filled',
      { type: 'object', properties: { a: {}, b: { type: 'null' }, c: { type: 'number' } }, required: ['a'] },
      (value: object) => Object.keys(value).join() === 'a,b,c',
    ],
    [
      'a property that is forbidden is not',
      { properties: { a: false, b: true }, type: 'object' },
      (value: object) => Object.keys(value).join() === 'b',
    ],
    ['lists have 3 entries', { type: 'array', items: { type: 'string' } }, (value: unknown[]) => value.length === 3],
    ['lists have minItems', { type: 'array', minItems: 5 }, (value: unknown[]) => value.length === 5],
    ['lists respect maxItems', { type: 'array', maxItems: 2 }, (value: unknown[]) => value.length === 2],
    ['lists may have to be empty', { type: 'array', maxItems: 0 }, (value: unknown[]) => value.length === 0],
    [
      'a tuple has its length',
      { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }], items: false },
      (value: unknown[]) => value.length === 2,
    ],
    [
      'different items',
      { type: 'array', uniqueItems: true, items: { enum: [1, 2, 3, 4] }, minItems: 4 },
      (value: unknown[]) => new Set(value).size === 4,
    ],
    [
      'different items, as many as there are',
      { type: 'array', uniqueItems: true, items: { type: 'boolean' } },
      (value: unknown[]) => value.length === 2,
    ],
    [
      'contains',
      { type: 'array', items: { type: 'integer' }, contains: { const: 7 }, minContains: 2 },
      (value: number[]) => value.filter((item) => item === 7).length >= 2,
    ],
    [
      'a range without integers between halves',
      { type: 'integer', exclusiveMinimum: 2, exclusiveMaximum: 4 },
      (value: number) => value === 3,
    ],
    [
      'multiples of several steps',
      { allOf: [{ multipleOf: 0.4 }, { multipleOf: 0.6 }], type: 'number', minimum: 1, maximum: 2 },
      (value: number) => value === 1.2,
    ],
    [
      'a narrow decimal range',
      { type: 'number', exclusiveMinimum: 0.001, exclusiveMaximum: 0.002 },
      (value: number) => value > 0.001 && value < 0.002,
    ],
    ['null comes last', { type: ['null', 'integer'] }, (value: number) => Number.isInteger(value)],
    [
      'the first branch of oneOf',
      { oneOf: [{ type: 'string' }, { type: 'number' }] },
      (value: unknown) => typeof value === 'string',
    ],
    [
      'the first branch that can be met',
      { anyOf: [false, { type: 'string', minLength: 3, maxLength: 2 }, { const: 'third' }] },
      (value: unknown) => value === 'third',
    ],
    [
      'exactly one branch',
      { oneOf: [{ type: 'integer' }, { type: 'number' }] },
      (value: number) => !Number.isInteger(value),
    ],
    [
      'nested choices',
      { allOf: [{ anyOf: [{ const: 1 }, { const: 2 }] }, { anyOf: [{ const: 3 }, { const: 2 }] }] },
      (value: unknown) => value === 2,
    ],
    [
      'merged allOf',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } } },
          { properties: { a: { minLength: 30 }, b: { type: 'integer' } }, required: ['b'] },
        ],
      },
      (value: { a: string; b: number }) => value.a.length >= 30 && Number.isInteger(value.b),
    ],
    [
      'if and then',
      {
        type: 'object',
        properties: { kind: { enum: ['x', 'y'] } },
        if: { properties: { kind: { const: 'y' } } },
        then: { required: ['more'] },
      },
      (value: { kind: string; more: unknown }) => value.kind === 'y' && value.more !== undefined,
    ],
    [
      'else when then cannot be met',
      { type: 'integer', if: { minimum: 10 }, then: false, else: { minimum: 5, maximum: 14 } },
      (value: number) => value >= 5 && value < 10,
    ],
    [
      'not',
      { not: { type: ['string', 'number', 'object'] } },
      (value: unknown) => Array.isArray(value) || value === true || value === false || value === null,
    ],
    [
      'not of an optional property',
      { type: 'object', properties: { a: {}, b: {} }, not: { required: ['a'] } },
      (value: object) => !('a' in value),
    ],
    [
      'enum under other rules',
      { enum: ['a', 'bb', 3, 12], type: 'integer', minimum: 10 },
      (value: unknown) => value === 12,
    ],
    [
      'dependentRequired',
      { type: 'object', properties: { card: {} }, dependentRequired: { card: ['owner'] } },
      (value: object) => 'owner' in value,
    ],
    [
      'dependentSchemas',
      {
        type: 'object',
        properties: { card: {} },
        dependentSchemas: { card: { properties: { limit: { type: 'integer' } }, required: ['limit'] } },
      },
      (value: { limit: number }) => Number.isInteger(value.limit),
    ],
    [
      'a map gets entries',
      { type: 'object', additionalProperties: { type: 'integer' } },
      (value: object) => Object.values(value).length === 2,
    ],
    [
      'a map by pattern',
      { type: 'object', patternProperties: { '^x_[a-z]{2}$': { type: 'integer' } }, additionalProperties: false },
      (value: object) => Object.keys(value).every((key) => /^x_[a-z]{2}$/.test(key)),
    ],
    [
      'names by rule',
      { type: 'object', propertyNames: { pattern: '^[A-Z]{4}$' }, minProperties: 3 },
      (value: object) => Object.keys(value).length === 3,
    ],
    [
      'at most so many properties',
      { type: 'object', properties: { a: {}, b: {}, c: {} }, required: ['c'], maxProperties: 2 },
      (value: object) => Object.keys(value).join() === 'a,c',
    ],
    [
      'closed by unevaluatedProperties',
      { allOf: [{ type: 'object', properties: { a: {} } }], unevaluatedProperties: false },
      (value: object) => Object.keys(value).join() === 'a',
    ],
    [
      'a local reference',
      { $defs: { s: { type: 'integer' } }, type: 'array', items: { $ref: '#/$defs/s' } },
      (value: unknown[]) => value.every(Number.isInteger),
    ],
    [
      'recursion ends at an optional property',
      {
        $ref: '#/$defs/n',
        $defs: { n: { type: 'object', properties: { next: { $ref: '#/$defs/n' }, v: { type: 'integer' } } } },
      },
      (value: { next: { next?: unknown } }) => value.next.next === undefined,
    ],
    [
      'recursion ends at an empty list',
      {
        $ref: '#/$defs/n',
        $defs: {
          n: {
            type: 'object',
            properties: { kids: { type: 'array', items: { $ref: '#/$defs/n' } } },
            required: ['kids'],
          },
        },
      },
      (value: { kids: { kids: unknown[] }[] }) => value.kids.every((kid) => kid.kids.length === 0),
    ],
    [
      'recursion ends at another branch',
      {
        $ref: '#/$defs/n',
        $defs: {
          n: {
            type: 'object',
            properties: { next: { anyOf: [{ $ref: '#/$defs/n' }, { type: 'null' }] } },
            required: ['next'],
          },
        },
      },
      (value: { next: { next: unknown } }) => value.next.next === null,
    ],
    [
      'without type the keywords tell',
      { properties: { a: { items: { minimum: 3 } } } },
      (value: { a: number[] }) => value.a.every((item) => item >= 3),
    ],
    [
      'a known format',
      { type: 'string', format: 'uri', minLength: 60 },
      (value: string) => value.startsWith('https://example.') && value.length >= 60,
    ],
    [
      'pattern and length',
      { type: 'string', pattern: '^[a-z]+$', minLength: 25, maxLength: 30 },
      (value: string) => /^[a-z]{25,30}$/.test(value),
    ],
  ])('17.4 %s', (_title, schema, holds) => {
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      const value = sample(schema, { seed });
      expect(validateAgainst(schema, value)).toEqual([]);
      expect(value).toSatisfy(holds as (value: unknown) => boolean);
    }
  });

  test('default and examples are not values to copy', () => {
    expect(sample({ type: 'string', default: 'the default', examples: ['an example'] })).not.toMatch(/default|example/);
  });

  test.each<[string, unknown, string]>([
    ['nothing is allowed', false, ''],
    ['bounds that cross', { type: 'object', properties: { n: { type: 'integer', minimum: 5, maximum: 4 } } }, '/n'],
    [
      'a pattern against a length',
      {
        type: 'object',
        properties: { list: { type: 'array', items: { type: 'string', pattern: '^a$', minLength: 2 } } },
      },
      '/list/0',
    ],
    ['a pattern that is not simple', { type: 'string', pattern: '^(a|b)\\Bc[[:alpha:]]$' }, ''],
    [
      'recursion without an end',
      {
        $ref: '#/$defs/n',
        $defs: { n: { type: 'object', properties: { next: { $ref: '#/$defs/n' } }, required: ['next'] } },
      },
      '',
    ],
    [
      'more different values than there are',
      {
        type: 'object',
        properties: { a: { type: 'array', uniqueItems: true, minItems: 3, items: { type: 'boolean' } } },
      },
      '/a/2',
    ],
    ['an impossible not', { type: 'object', properties: { 'x/y': { not: {} } }, required: ['x/y'] }, '/x~1y'],
  ])('17.4 %s is mock_schema_unsupported with the pointer', (_title, schema, pointer) => {
    expect(refusal(schema)).toEqual({ code: 'mock_schema_unsupported', pointer });
  });

  test('4 an unsound schema is told as such', () => {
    expect(refusal({ type: 'nonsense' }).code).toBe('schema_invalid');
  });

  test('S4 a schema that would grow without end is stopped', () => {
    const begun = cpuMs();
    const list = (inner: unknown): unknown => ({ type: 'array', minItems: 60, items: inner });
    expect(refusal(list(list(list(list({ type: 'string' }))))).code).toBe('mock_schema_unsupported');
    expect(refusal({ type: 'array', minItems: 1_000_000_000 }).code).toBe('mock_schema_unsupported');
    expect(cpuMs() - begun).toBeLessThan(5000);
  });
});

describe('17.4 texts', () => {
  test('17.4 are plain words led by the title', () => {
    const value = sample({
      type: 'object',
      properties: {
        scene_title: { type: 'string' },
        x: { type: 'string', title: 'Closing words' },
        slogans: { type: 'array', items: { type: 'string' } },
      },
    });
    expect(value).toEqual({
      scene_title: expect.stringMatching(/^Scene title:( [a-z]+){3,6}$/),
      x: expect.stringMatching(/^Closing words:( [a-z]+){3,6}$/),
      slogans: [
        expect.stringMatching(/^Slogan 1: /),
        expect.stringMatching(/^Slogan 2: /),
        expect.stringMatching(/^Slogan 3: /),
      ],
    });
  });

  test('17.4 without a schema there is one paragraph', () => {
    expect(sample(undefined)).toMatch(/^([A-Z][a-z ]+\. ?){4}$/);
  });

  test('a generator of the caller writes them, told the title, the pointer and the lengths', () => {
    const hints: TextHint[] = [];
    const text = (hint: TextHint): string => {
      hints.push(hint);
      return `${hint.title}!`;
    };
    const schema = {
      type: 'object',
      properties: {
        tag_line: { type: 'string', maxLength: 5 },
        kind: { enum: ['a'] },
        mail: { type: 'string', format: 'email' },
      },
    };
    expect(sample(schema, { text })).toEqual({ tag_line: 'Tag', kind: 'a', mail: expect.stringContaining('@') });
    expect(hints).toEqual([expect.objectContaining({ title: 'Tag line', pointer: '/tag_line', maxLength: 5 })]);
    expect(sample(undefined, { text })).toBe('Text!');
  });

  test('arrayLength is the length of lists that ask for none', () => {
    expect(sample({ type: 'array', items: {} }, { arrayLength: 1 })).toHaveLength(1);
    expect(sample({ type: 'array', minItems: 2 }, { arrayLength: 1 })).toHaveLength(2);
  });

  test('a value from the schema is a copy', () => {
    const schema = { const: { a: [1] } };
    expect(sample(schema)).toEqual({ a: [1] });
    expect(sample(schema)).not.toBe(schema.const);
  });
});
