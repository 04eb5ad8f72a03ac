import fc from 'fast-check';

type Schema = Record<string, unknown>;

const names = fc.constantFrom(
  'name',
  'title',
  'count',
  'scene_title',
  'tags',
  'a',
  'b/c',
  'odd ~ key',
  'toString',
  'größe',
);
const formats = fc.constantFrom(
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'uri',
  'uri-reference',
  'uuid',
  'color',
  'ipv4',
  'ipv6',
  'json-pointer',
  'regex',
  'markdown',
);
const patterns = fc.constantFrom(
  '^[A-Z]{3}-\\d{2,4}$',
  '^(red|green|blue)$',
  '\\d+',
  '^[a-z]+(_[a-z]+)*$',
  '^https?://',
  '^.{3,8}$',
  '^(?:[0-9a-f]{2}:){2}[0-9a-f]{2}$',
  '^\\p{L}+$',
  '^[^x]*$',
  'a?b*c+',
);

const text: fc.Arbitrary<Schema> = fc.oneof(
  fc
    .record({ type: fc.constant('string'), minLength: fc.nat({ max: 60 }), extra: fc.nat({ max: 80 }) })
    .map(({ type, minLength, extra }) => ({ type, minLength, maxLength: minLength + extra })),
  fc.record(
    { type: fc.constant('string'), title: fc.constantFrom('Slogan', 'Opening line', ' ') },
    { requiredKeys: ['type'] },
  ),
  formats.map((format) => ({ type: 'string', format })),
  patterns.map((pattern) => ({ type: 'string', pattern })),
  patterns.map((pattern) => ({ pattern })),
);

const number: fc.Arbitrary<Schema> = fc
  .record({
    type: fc.constantFrom('integer', 'number'),
    low: fc.integer({ min: -1000, max: 1000 }),
    width: fc.integer({ min: 30, max: 500 }),
    multipleOf: fc.constantFrom(undefined, 1, 0.5, 0.1, 0.25, 3, 7, 0.01),
    open: fc.boolean(),
    sides: fc.constantFrom('both', 'low', 'high', 'none'),
  })
  .map(({ type, low, width, multipleOf, open, sides }) => ({
    type,
    ...(multipleOf === undefined ? {} : { multipleOf }),
    ...(sides === 'both' || sides === 'low' ? { [open ? 'exclusiveMinimum' : 'minimum']: low } : {}),
    ...(sides === 'both' || sides === 'high' ? { [open ? 'exclusiveMaximum' : 'maximum']: low + width } : {}),
  }));

const listed: fc.Arbitrary<Schema> = fc.oneof(
  fc.uniqueArray(fc.jsonValue({ maxDepth: 2 }), { minLength: 1, maxLength: 5 }).map((values) => ({ enum: values })),
  fc.jsonValue({ maxDepth: 2 }).map((value) => ({ const: value })),
  fc.constantFrom<Schema>(
    { type: 'boolean' },
    { type: 'null' },
    {},
    { type: ['null', 'string'] },
    { type: ['integer', 'null'] },
  ),
);

/** Schemas of every shape the generator promises to meet: nested objects and lists, choices, merges, references. */
export const satisfiableSchema: fc.Arbitrary<Schema> = fc
  .letrec<{ schema: Schema; object: Schema; leaf: Schema }>((tie) => ({
    leaf: fc.oneof(text, number, listed),
    object: fc
      .record({
        members: fc.uniqueArray(fc.tuple(names, tie('schema')), { maxLength: 4, selector: ([name]) => name }),
        required: fc.nat({ max: 4 }),
        closed: fc.boolean(),
      })
      .map(({ members, required, closed }) => ({
        type: 'object',
        properties: Object.fromEntries(members),
        required: members.slice(0, required).map(([name]) => name),
        ...(closed ? { additionalProperties: false } : {}),
      })),
    schema: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'schema' },
      tie('leaf'),
      tie('object'),
      tie('object'),
      fc
        .record({ items: tie('schema'), least: fc.nat({ max: 4 }), extra: fc.nat({ max: 3 }) })
        .map(({ items, least, extra }) => ({ type: 'array', items, minItems: least, maxItems: least + extra })),
      fc
        .array(tie('schema'), { minLength: 1, maxLength: 3 })
        .map((prefixItems) => ({ type: 'array', prefixItems, items: false })),
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      tie('leaf').map((leaf) => ({ $defs: { part: leaf }, type: 'object', additionalProperties: leaf })),
      fc
        .tuple(tie('object'), fc.constantFrom('a', 'b'))
        .map(([object, name]) => ({ allOf: [object, { required: [name] }] })),
    ),
  }))
  .schema.filter((schema) => !contradicts(schema));

/** A closed object that must have a property it does not know cannot be met; leave those out. */
function contradicts(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  const { allOf } = schema as { allOf?: Schema[] };
  const [first, second] = Array.isArray(allOf) ? allOf : [];
  if (first?.['additionalProperties'] === false && second) {
    const known = Object.keys(first['properties'] as object);
    if (!(second['required'] as string[]).every((name) => known.includes(name))) return true;
  }
  return Object.values(schema).some(contradicts);
}

/** Any JSON with its object keys in another order. */
export function shuffledKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffledKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key, shuffledKeys(inner)]);
  return Object.fromEntries([...entries.slice(1), ...entries.slice(0, 1)].reverse());
}
