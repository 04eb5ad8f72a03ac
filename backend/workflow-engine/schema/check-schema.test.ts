import { describe, expect, test } from 'vitest';
import { isWfmError, type WfmError } from '../errors/index.ts';
import { checkSchema } from './index.ts';

function refusal(schema: unknown, place?: string): WfmError {
  try {
    checkSchema(schema, place);
  } catch (thrown) {
    if (isWfmError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('the schema was accepted');
}

const nested = (levels: number): unknown =>
  levels === 1 ? { type: 'string' } : { properties: { a: nested(levels - 1) } };
const wide = (count: number): unknown => ({
  properties: Object.fromEntries(Array.from({ length: count - 1 }, (_, index) => [`p${index}`, {}])),
});

describe('4, 19.6 soundness of a schema', () => {
  test.each([
    ['a text', 'nonsense', '', 'schema_invalid'],
    ['nothing', undefined, '', 'schema_invalid'],
    ['a list', [], '', 'schema_invalid'],
    ['an unknown type', { properties: { a: { type: 'strin' } } }, 'properties.a.type', 'schema_invalid'],
    ['an empty type list', { type: [] }, 'type', 'schema_invalid'],
    ['required as a flag', { properties: { a: { required: true } } }, 'properties.a.required', 'schema_invalid'],
    ['required twice', { required: ['a', 'a'] }, 'required', 'schema_invalid'],
    ['a negative length', { minLength: -1 }, 'minLength', 'schema_invalid'],
    ['a step of zero', { multipleOf: 0 }, 'multipleOf', 'schema_invalid'],
    ['an old exclusive bound', { exclusiveMinimum: true }, 'exclusiveMinimum', 'schema_invalid'],
    ['an old list of items', { items: [{}] }, 'items', 'schema_invalid'],
    ['an empty anyOf', { anyOf: [] }, 'anyOf', 'schema_invalid'],
    ['properties as a list', { properties: ['a'] }, 'properties', 'schema_invalid'],
    ['a property that is no schema', { properties: { a: 'string' } }, 'properties.a', 'schema_invalid'],
    ['a pattern that does not compile', { items: { pattern: '(' } }, 'items.pattern', 'regex_invalid'],
    ['a pattern with look-ahead', { pattern: '(?=a)' }, 'pattern', 'regex_unsupported'],
    [
      'a property pattern with a back-reference',
      { patternProperties: { '(a)\\1': {} } },
      'patternProperties["(a)\\\\1"]',
      'regex_unsupported',
    ],
    ['a remote reference', { $ref: 'https://example.com/schema.json' }, '$ref', 'schema_invalid'],
    [
      'a file reference left over',
      { properties: { a: { $ref: 'views/a.json' } } },
      'properties.a.$ref',
      'schema_invalid',
    ],
    ['a reference to nothing', { $ref: '#/$defs/none' }, '$ref', 'schema_invalid'],
    ['a reference into the prototype', { $ref: '#/constructor' }, '$ref', 'schema_invalid'],
    ['a reference to itself', { $ref: '#' }, '', 'schema_invalid'],
    [
      'a circle of references',
      { $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { not: { $ref: '#/$defs/a' } } } },
      '',
      'schema_invalid',
    ],
    ['__proto__ as a property', JSON.parse('{"properties": {"__proto__": {}}}'), 'properties', 'schema_invalid'],
  ])('4 %s', (_title, schema, path, code) => {
    const error = refusal(schema);
    expect([error.code, error.place ?? '']).toEqual([code, path]);
    expect(error.message).toMatch(/\.$/);
  });

  test('4 every fault is listed, with the place put before its path', () => {
    const error = refusal(
      { type: 'x', properties: { a: { minLength: 'y' }, b: { pattern: '[' } } },
      'steps[0].modules[1].inputs.schema',
    );
    expect(error.errors.map((item) => [item.code, item.path])).toEqual([
      ['schema_invalid', 'steps[0].modules[1].inputs.schema.type'],
      ['schema_invalid', 'steps[0].modules[1].inputs.schema.properties.a.minLength'],
      ['regex_invalid', 'steps[0].modules[1].inputs.schema.properties.b.pattern'],
    ]);
  });

  test.each([
    ['true', true],
    ['hints and unknown keywords', { type: 'object', _ux: { required: true }, ui: { pattern: 3 }, nullable: true }],
    ['32 schemas inside one another', nested(32)],
    ['500 schemas', wide(500)],
    [
      'data that looks like a schema',
      { const: { $ref: 'nowhere', pattern: '(' }, default: { type: 'nonsense' }, enum: [{ items: [] }] },
    ],
    [
      'recursion through the value',
      { $defs: { n: { properties: { next: { $ref: '#/$defs/n' } } } }, $ref: '#/$defs/n' },
    ],
  ])('4 %s is sound', (_title, schema) => {
    expect(() => checkSchema(schema)).not.toThrow();
  });

  test.each([
    ['33 schemas inside one another', nested(33)],
    ['501 schemas', wide(501)],
    ['over 64 KB', { description: 'x'.repeat(64 * 1024) }],
    ['a tower of arrays', { default: JSON.parse('['.repeat(500) + ']'.repeat(500)) }],
  ])('23 %s is schema_limit', (_title, schema) => {
    const error = refusal(schema, 'inputs.schema');
    expect([error.code, error.place]).toEqual(['schema_limit', 'inputs.schema']);
  });

  test('23 a cycle among objects ends as schema_limit', () => {
    const schema: Record<string, unknown> = { type: 'object' };
    schema['default'] = schema;
    expect(refusal(schema).code).toBe('schema_limit');
  });
});
