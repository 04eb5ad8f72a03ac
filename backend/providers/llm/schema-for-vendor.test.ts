import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '@wfm/workflow-engine/models';
import { cpuMs, runs } from '@wfm/workflow-engine/testing';
import { schemaForVendor } from './schema-for-vendor.ts';

const openai = (schema: JsonObject) => schemaForVendor(schema, 'openai');

test('14.2 a plain object is sent strict: closed, every property required, optional ones nullable', () => {
  const sent = openai({
    type: 'object',
    required: ['title'],
    properties: {
      title: { type: 'string' },
      count: { type: 'integer', minimum: 1 },
      kind: { enum: ['a', 'b'] },
      tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
    },
  });
  expect(sent.strict).toBe(true);
  expect(sent.schema).toEqual({
    type: 'object',
    additionalProperties: false,
    required: ['title', 'count', 'kind', 'tags'],
    properties: {
      title: { type: 'string' },
      count: { type: ['integer', 'null'], minimum: 1 },
      kind: { anyOf: [{ enum: ['a', 'b'], type: 'string' }, { type: 'null' }] },
      tags: { type: ['array', 'null'], items: { type: 'string' }, minItems: 2 },
    },
  });
});

test('14.2 25.20 keywords that strict mode lacks are told in the description', () => {
  const sent = openai({
    type: 'object',
    required: ['a'],
    properties: {
      a: {
        type: 'string',
        description: 'A name.',
        minLength: 3,
        maxLength: 9,
        format: 'uri',
        pattern: '(?i)x',
        default: 'bob',
        not: { const: 'no' },
      },
    },
  });
  expect(sent.schema['properties']).toEqual({
    a: {
      type: 'string',
      description:
        'A name. (at least this many characters: 3; at most this many characters: 9; does not fit: {"const":"no"}; ' +
        'if in doubt: bob; matches the pattern: (?i)x; has the format: uri)',
    },
  });
});

test('supported formats and patterns are sent as they are', () => {
  const schema = {
    type: 'object',
    required: ['d'],
    properties: { d: { type: 'string', format: 'date', pattern: '^2' } },
  };
  expect(openai(schema).schema['properties']).toEqual(schema.properties);
});

test('display hints and other foreign keys are never sent, whatever properties are called', () => {
  const schema = {
    type: 'object',
    required: ['type', '_ux'],
    _ux: { input_type: 'x' },
    display_format: '{{ type }}',
    properties: { type: { type: 'string', '_ux.order': 1, compose: 'x' }, _ux: { type: 'number', ui: {} } },
  };
  for (const dialect of ['openai', 'anthropic'] as const) {
    expect(schemaForVendor(schema, dialect).schema['properties']).toEqual({
      type: { type: 'string' },
      _ux: { type: 'number' },
    });
    expect(Object.keys(schemaForVendor(schema, dialect).schema)).not.toContain('display_format');
  }
});

test.each<[string, JsonObject]>([
  ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
  ['an explicitly open object', { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true }],
  ['an object of which nothing is said', { type: 'object' }],
  ['keys by pattern', { type: 'object', properties: {}, patternProperties: { '^x': {} } }],
  ['a property without a type', { type: 'object', properties: { a: {} } }],
  ['a property that is true', { type: 'object', properties: { a: true } }],
  ['a tuple', { type: 'object', properties: { a: { type: 'array', prefixItems: [{ type: 'string' }] } } }],
  ['an array of anything', { type: 'object', properties: { a: { type: 'array' } } }],
  ['a foreign reference', { type: 'object', properties: { a: { $ref: 'https://x.example/s' } } }],
  ['a required key that is not described', { type: 'object', properties: {}, required: ['x'] }],
  ['parts that overlap', { type: 'object', properties: { a: { allOf: [{ type: 'string' }, { type: 'number' }] } } }],
])('what strict mode cannot say is sent as it is: %s', (_name, schema) => {
  const sent = openai(schema);
  expect([sent.strict, sent.schema]).toEqual([false, schema]);
});

test('an object nested too deep for strict mode is sent as it is', () => {
  let schema: JsonObject = { type: 'object', properties: {} };
  for (let i = 0; i < 12; i += 1) schema = { type: 'object', required: ['a'], properties: { a: schema } };
  expect(openai(schema).strict).toBe(false);
});

test('alternatives become anyOf, parts that speak of different keys become one object', () => {
  const sent = openai({
    type: 'object',
    required: ['either', 'both'],
    properties: {
      either: { oneOf: [{ type: 'string' }, { type: 'null' }] },
      both: {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          { type: 'object', properties: { b: { type: 'string' } }, required: ['b'] },
        ],
      },
    },
  });
  expect(sent.schema['properties']).toEqual({
    either: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    both: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      required: ['a', 'b'],
      additionalProperties: false,
    },
  });
});

test.each<[JsonObject, unknown]>([
  [{ type: 'array', items: { type: 'string' } }, ['a']],
  [{ type: 'string' }, 'a'],
  [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, 3],
  [{ enum: ['x', 'y'] }, 'x'],
])('a root that is no object travels inside one: %j', (schema, value) => {
  for (const dialect of ['openai', 'anthropic'] as const) {
    const sent = schemaForVendor(schema, dialect);
    expect([sent.schema['type'], sent.schema['required']]).toEqual(['object', ['value']]);
    expect(sent.restore(JSON.stringify({ value }))).toBe(JSON.stringify(value));
  }
});

test('references keep their target when the root moves', () => {
  const tree = {
    type: 'array',
    items: {
      type: 'object',
      required: ['kids', 'name'],
      properties: { kids: { $ref: '#' }, name: { $ref: '#/$defs/name' } },
    },
    $defs: { name: { type: 'string' } },
  };
  const sent = openai(tree);
  expect(sent.strict).toBe(true);
  expect(sent.schema['$defs']).toEqual({ name: { type: 'string' } });
  expect(JSON.stringify(sent.schema)).toContain('"kids":{"$ref":"#/properties/value"}');
});

test('nulls that stand for absent properties are taken out of the reply, others stay', () => {
  const sent = openai({
    type: 'object',
    required: ['list'],
    properties: {
      note: { type: 'string' },
      maybe: { type: ['string', 'null'] },
      list: { type: 'array', items: { $ref: '#/$defs/entry' } },
    },
    $defs: {
      entry: {
        type: 'object',
        properties: { a: { type: 'number' }, b: { anyOf: [{ type: 'null' }, { type: 'string' }] } },
      },
    },
  });
  expect(sent.strict).toBe(true);
  expect(sent.restore('{"note":null,"maybe":null,"list":[{"a":null,"b":null},{"a":1,"b":"x"}]}')).toBe(
    '{"maybe":null,"list":[{"b":null},{"a":1,"b":"x"}]}',
  );
});

test('a reply that needs nothing, or is no JSON, comes back byte for byte', () => {
  const sent = openai({ type: 'object', properties: { a: { type: 'string' } } });
  expect(sent.restore('{ "a" : "x" }')).toBe('{ "a" : "x" }');
  expect(sent.restore('I cannot')).toBe('I cannot');
});

test('schemas that refer to themselves many times cost nothing extra', () => {
  const many = Array.from({ length: 100 }, () => ({ $ref: '#/$defs/n' }));
  const sent = openai({
    type: 'object',
    properties: { n: { $ref: '#/$defs/n' } },
    $defs: { n: { anyOf: [...many, { type: 'object', properties: { n: { $ref: '#/$defs/n' } } }] } },
  });
  const started = cpuMs();
  sent.restore('{"n":{"n":{"n":null}}}');
  expect(cpuMs() - started).toBeLessThan(200);
});

test('Anthropic gets the schema with the silent keywords told', () => {
  const schema = { type: 'object', properties: { a: { type: 'array', items: {}, contains: { const: 1 } } } };
  const sent = schemaForVendor(schema, 'anthropic');
  expect(sent.strict).toBe(false);
  expect(sent.schema['properties']).toEqual({
    a: { ...schema.properties.a, description: '(some item fits: {"const":1})' },
  });
});

/** Objects of scalars, some optional, with a value that has or lacks each optional one. */
const shaped = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 5 }).filter((key) => key !== '__proto__'),
  fc.record({ required: fc.boolean(), nullable: fc.boolean(), value: fc.option(fc.string(), { nil: undefined }) }),
  { maxKeys: 6 },
);

test('14.2 any value of a strict schema survives the way there and back', () => {
  fc.assert(
    fc.property(shaped, (shape) => {
      const names = Object.keys(shape);
      const properties = Object.fromEntries(
        Object.entries(shape).map(([name, entry]) => [name, { type: entry.nullable ? ['string', 'null'] : 'string' }]),
      );
      const sent = openai({ type: 'object', properties, required: names.filter((name) => shape[name]?.required) });
      const value = (absent: boolean) =>
        Object.fromEntries(
          Object.entries(shape)
            .filter(([, entry]) => !absent || entry.required || entry.nullable || entry.value !== undefined)
            .map(([name, entry]) => [name, entry.value ?? (entry.required && !entry.nullable ? '' : null)]),
        );
      // What a vendor held to the strict form writes, and what the author's schema calls the same thing.
      expect(JSON.parse(sent.restore(JSON.stringify(value(false))))).toEqual(value(true));
    }),
    { numRuns: runs(200, 5_000) },
  );
});
