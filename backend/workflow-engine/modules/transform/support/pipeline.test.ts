import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runPipeline } from './pipeline.ts';

const now = new Date('2026-07-30T12:34:56.789Z');
const run = (documents: unknown[], ...pipeline: unknown[]): unknown[] =>
  runPipeline(documents, pipeline, { seed: 'seed', now });
const fruit = [
  { name: 'apple', kind: 'tree', price: 3, tags: ['red', 'sweet'], origin: { land: 'FR' } },
  { name: 'pear', kind: 'tree', price: 4, tags: [], origin: { land: 'IT' } },
  { name: 'currant', kind: 'bush', price: 9, tags: ['red', 'sour'], origin: null },
  { name: 'Plum', kind: 'tree', price: 4, tags: null },
];
const names = (documents: unknown[]): unknown[] => documents.map((document) => (document as { name: unknown }).name);

describe('14.8 $match', () => {
  test.each<[string, unknown, string[]]>([
    ['nothing', {}, ['apple', 'pear', 'currant', 'Plum']],
    ['equality', { kind: 'bush' }, ['currant']],
    ['a path', { 'origin.land': 'IT' }, ['pear']],
    ['an item of a list', { tags: 'red' }, ['apple', 'currant']],
    ['a whole list', { tags: ['red', 'sour'] }, ['currant']],
    ['null and missing', { origin: null }, ['currant', 'Plum']],
    ['$gt and $lt together', { price: { $gt: 3, $lt: 9 } }, ['pear', 'Plum']],
    ['$gte $lte $ne', { price: { $gte: 4, $lte: 9, $ne: 9 } }, ['pear', 'Plum']],
    ['$in', { price: { $in: [3, 9] } }, ['apple', 'currant']],
    ['$in an item of a list', { tags: { $in: ['sour', 'blue'] } }, ['currant']],
    ['$in with null', { tags: { $in: [null] } }, ['Plum']],
    ['$nin', { price: { $nin: [3, 9] } }, ['pear', 'Plum']],
    ['$in with an object', { origin: { $in: [{ land: 'IT' }] } }, ['pear']],
    ['$exists', { origin: { $exists: false } }, ['Plum']],
    ['$type', { tags: { $type: 'array' } }, ['apple', 'pear', 'currant']],
    ['$size', { tags: { $size: 2 } }, ['apple', 'currant']],
    ['$all', { tags: { $all: ['red', 'sweet'] } }, ['apple']],
    ['$elemMatch', { tags: { $elemMatch: { $eq: 'sour' } } }, ['currant']],
    ['$mod', { price: { $mod: [3, 0] } }, ['apple', 'currant']],
    ['$not', { price: { $not: { $gt: 3 } } }, ['apple']],
    ['$or', { $or: [{ price: 9 }, { name: 'pear' }] }, ['pear', 'currant']],
    ['$and and $nor', { $and: [{ kind: 'tree' }, { $nor: [{ price: 4 }] }] }, ['apple']],
    ['$regex', { name: { $regex: '^p' } }, ['pear']],
    ['$regex with $options', { name: { $regex: '^P', $options: 'i' } }, ['pear', 'Plum']],
    ['$regex beside others', { name: { $regex: 'p', $ne: 'pear' } }, ['apple']],
    ['$regex under $not', { name: { $not: { $regex: 'p' } } }, ['currant', 'Plum']],
    ['$regex in a list', { tags: { $regex: '^s' } }, ['apple', 'currant']],
    ['$expr', { $expr: { $gt: ['$price', { $strLenCP: '$name' }] } }, ['currant']],
  ])('14.8 %s', (_title, query, expected) => {
    expect(names(run(fruit, { $match: query }))).toEqual(expected);
  });
});

describe('14.8 shaping', () => {
  test.each<[string, unknown[], unknown]>([
    [
      '$project takes fields',
      [{ $project: { name: 1, 'origin.land': 1 } }, { $limit: 1 }],
      [{ name: 'apple', origin: { land: 'FR' } }],
    ],
    [
      '$project leaves fields out',
      [{ $project: { kind: 0, price: 0, 'origin.land': 0 } }, { $limit: 1 }],
      [{ name: 'apple', tags: ['red', 'sweet'], origin: {} }],
    ],
    [
      '$project computes',
      [
        { $limit: 1 },
        { $project: { twice: { $multiply: ['$price', 2] }, list: ['$name', '$none'], at: { x: '$kind' } } },
      ],
      [{ twice: 6, list: ['apple', null], at: { x: 'tree' } }],
    ],
    [
      '$addFields sees the document as it came in',
      [{ $limit: 1 }, { $project: { price: 1 } }, { $addFields: { price: 0, old: '$price' } }],
      [{ price: 0, old: 3 }],
    ],
    [
      '$set goes into objects and lists',
      [{ $set: { 'a.b.c': 1, 'items.seen': true, a: { d: 2 } } }],
      [
        {
          a: { b: { c: 1 }, d: 2 },
          items: [
            { n: 1, seen: true },
            { n: 2, seen: true },
          ],
        },
      ],
    ],
    [
      '$unset',
      [{ $limit: 1 }, { $unset: ['tags', 'origin.land', 'none.x', 'kind', 'price'] }],
      [{ name: 'apple', origin: {} }],
    ],
    [
      '$$REMOVE',
      [{ $limit: 1 }, { $project: { name: 1, kind: { $cond: [false, 1, '$$REMOVE'] } } }],
      [{ name: 'apple' }],
    ],
    ['$replaceRoot', [{ $limit: 1 }, { $replaceRoot: { newRoot: '$origin' } }], [{ land: 'FR' }]],
    [
      '$replaceWith',
      [{ $limit: 1 }, { $replaceWith: { $mergeObjects: [{ n: '$name' }, '$origin'] } }],
      [{ n: 'apple', land: 'FR' }],
    ],
    ['$count', [{ $match: { kind: 'tree' } }, { $count: 'trees' }], [{ trees: 3 }]],
    ['$count of nothing', [{ $match: { kind: 'vine' } }, { $count: 'n' }], []],
    ['$skip and $limit', [{ $skip: 1 }, { $limit: 2 }, { $project: { price: 1 } }], [{ price: 4 }, { price: 9 }]],
  ])('14.8 %s', (title, pipeline, expected) => {
    const documents = title.startsWith('$set') ? [{ items: [{ n: 1 }, { n: 2 }] }] : fruit;
    expect(run(documents, ...pipeline)).toEqual(expected);
  });

  test('14.8 _id is kept on the way and removed from the result', () => {
    expect(run([{ _id: 7, a: 1 }], { $match: { _id: 7 } })).toEqual([{ a: 1 }]);
    expect(run(fruit, { $group: { _id: '$kind' } }, { $project: { kind: '$_id' } }, { $sort: { kind: 1 } })).toEqual([
      { kind: 'bush' },
      { kind: 'tree' },
    ]);
  });

  test('14.8 empty in, empty out', () => {
    expect(run([], { $group: { _id: null, n: { $sum: 1 } } })).toEqual([]);
    expect(run(fruit)).toEqual(fruit);
  });
});

describe('14.8 $sort', () => {
  test('14.8 is stable, in both directions and over several fields', () => {
    expect(names(run(fruit, { $sort: { price: 1 } }))).toEqual(['apple', 'pear', 'Plum', 'currant']);
    expect(names(run(fruit, { $sort: { price: -1 } }))).toEqual(['currant', 'pear', 'Plum', 'apple']);
    expect(names(run(fruit, { $sort: { kind: 1, price: -1, name: 1 } }))).toEqual(['currant', 'Plum', 'pear', 'apple']);
  });

  test('14.8 unlike values have an order, lists count by their extremes', () => {
    const values = [true, 'b', 2, null, { a: 1 }, [9, 0], 'a', 1, undefined];
    const sorted = run(
      values.map((v, at) => ({ v, at })),
      { $sort: { v: 1 } },
    ).map((document) => (document as { at: number }).at);
    expect(sorted).toEqual([3, 8, 5, 7, 2, 6, 1, 4, 0]);
    expect(run([{ v: [1, 9] }, { v: [5] }], { $sort: { v: -1 } })).toEqual([{ v: [1, 9] }, { v: [5] }]);
  });

  test('14.8 sorting agrees with a stable sort of the host', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ k: fc.integer({ min: 0, max: 5 }), s: fc.string({ maxLength: 2 }) })),
        (documents) => {
          const expected = documents.toSorted((a, b) => b.k - a.k || (a.s < b.s ? -1 : Number(a.s > b.s)));
          expect(run(documents, { $sort: { k: -1, s: 1 } })).toEqual(expected);
        },
      ),
    );
  });
});

describe('14.8 $unwind', () => {
  const documents = [
    { n: 1, x: ['a', 'b'] },
    { n: 2, x: [] },
    { n: 3, x: null },
    { n: 4 },
    { n: 5, x: 'one' },
    { n: 6, x: [null] },
  ];

  test('14.8 drops missing, null and empty lists', () => {
    expect(run(documents, { $unwind: '$x' })).toEqual([
      { n: 1, x: 'a' },
      { n: 1, x: 'b' },
      { n: 5, x: 'one' },
      { n: 6, x: null },
    ]);
  });

  test('14.8 preserves them when asked, with the index', () => {
    expect(
      run(documents, { $unwind: { path: '$x', preserveNullAndEmptyArrays: true, includeArrayIndex: 'at' } }),
    ).toEqual([
      { n: 1, x: 'a', at: 0 },
      { n: 1, x: 'b', at: 1 },
      { n: 2, at: null },
      { n: 3, x: null, at: null },
      { n: 4, at: null },
      { n: 5, x: 'one', at: null },
      { n: 6, x: null, at: 0 },
    ]);
  });

  test('14.8 what it makes shares nothing: a change to one document stays there', () => {
    const result = run(
      [{ m: { list: ['a', 'b'], n: 0 } }],
      { $unwind: '$m.list' },
      { $addFields: { 'm.n': '$m.list' } },
    );
    expect(result).toEqual([{ m: { list: 'a', n: 'a' } }, { m: { list: 'b', n: 'b' } }]);
  });
});

describe('14.8 grouping', () => {
  test('14.8 accumulators', () => {
    const group = {
      _id: '$kind',
      n: { $sum: 1 },
      total: { $sum: '$price' },
      mean: { $avg: '$price' },
      most: { $max: '$price' },
      least: { $min: '$price' },
      first: { $first: '$name' },
      last: { $last: '$name' },
      prices: { $push: '$price' },
      different: { $addToSet: '$price' },
      counted: { $count: {} },
      two: { $firstN: { input: '$name', n: 2 } },
      lastOnes: { $lastN: { input: '$name', n: 2 } },
      top: { $top: { sortBy: { price: -1 }, output: '$name' } },
      bottom: { $bottomN: { n: 2, sortBy: { price: 1 }, output: ['$name', '$price'] } },
      largest: { $maxN: { input: '$price', n: 2 } },
      merged: { $mergeObjects: '$origin' },
      middle: { $median: { input: '$price', method: 'approximate' } },
      shares: { $percentile: { input: '$price', p: [0, 0.5, 1], method: 'approximate' } },
      spread: { $stdDevPop: '$price' },
    };
    expect(run(fruit, { $group: group }, { $match: { _id: 'tree' } })).toEqual([
      {
        n: 3,
        total: 11,
        mean: 11 / 3,
        most: 4,
        least: 3,
        first: 'apple',
        last: 'Plum',
        prices: [3, 4, 4],
        different: [3, 4],
        counted: 3,
        two: ['apple', 'pear'],
        lastOnes: ['pear', 'Plum'],
        top: 'pear',
        bottom: [
          ['pear', 4],
          ['Plum', 4],
        ],
        largest: [4, 4],
        merged: { land: 'IT' },
        middle: 4,
        shares: [3, 4, 4],
        spread: expect.closeTo(0.4714),
      },
    ]);
  });

  test('14.8 keys may be objects, dates, null and missing', () => {
    const documents = [{ k: { a: 1, b: 2 } }, { k: { b: 2, a: 1 } }, { k: null }, {}, { k: 1 }, { k: '1' }];
    expect(run(documents, { $group: { _id: '$k', n: { $sum: 1 } } }, { $project: { k: '$_id', n: 1 } })).toEqual([
      { k: { a: 1, b: 2 }, n: 2 },
      { k: null, n: 2 },
      { k: 1, n: 1 },
      { k: '1', n: 1 },
    ]);
  });

  test('14.8 percentiles sort numbers as numbers', () => {
    expect(
      run([{ v: 10 }, { v: 9 }, { v: 100 }], {
        $group: { _id: null, m: { $median: { input: '$v', method: 'approximate' } } },
      }),
    ).toEqual([{ m: 10 }]);
  });

  test('14.8 $bucket, $bucketAuto and $sortByCount', () => {
    expect(
      run(
        fruit,
        { $bucket: { groupBy: '$price', boundaries: [0, 4, 8], default: 'dear', output: { all: { $push: '$name' } } } },
        { $project: { from: '$_id', all: 1 } },
      ),
    ).toEqual([
      { from: 0, all: ['apple'] },
      { from: 4, all: ['pear', 'Plum'] },
      { from: 'dear', all: ['currant'] },
    ]);
    expect(
      run(fruit, { $bucketAuto: { groupBy: '$price', buckets: 2 } }, { $project: { range: '$_id', count: 1 } }),
    ).toEqual([
      { range: { min: 3, max: 9 }, count: 3 },
      { range: { min: 9, max: 9 }, count: 1 },
    ]);
    expect(run(fruit, { $sortByCount: '$price' }, { $project: { price: '$_id', count: 1 } })).toEqual([
      { price: 4, count: 2 },
      { price: 3, count: 1 },
      { price: 9, count: 1 },
    ]);
  });

  test('14.8 $facet runs each pipeline on the same documents, untouched by the others', () => {
    expect(
      run(fruit, {
        $facet: {
          cheap: [{ $set: { price: 0 } }, { $match: { name: 'apple' } }, { $project: { price: 1 } }],
          count: [{ $match: { price: { $gt: 0 } } }, { $count: 'n' }],
        },
      }),
    ).toEqual([{ cheap: [{ price: 0 }], count: [{ n: 4 }] }]);
  });

  test('14.8 sums agree with the host', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ k: fc.constantFrom('a', 'b', 'c'), v: fc.integer() })), (documents) => {
        const expected = Object.entries(Object.groupBy(documents, ({ k }) => k)).map(([k, members]) => ({
          k,
          sum: members.reduce((sum, { v }) => sum + v, 0),
        }));
        const result = run(
          documents,
          { $group: { _id: '$k', sum: { $sum: '$v' } } },
          { $project: { k: '$_id', sum: 1 } },
          { $sort: { k: 1 } },
        );
        expect(result).toEqual(expected.toSorted((a, b) => (a.k < b.k ? -1 : 1)));
      }),
    );
  });
});

describe('14.8 the same every time', () => {
  test('14.8 $sample is seeded, without repeats', () => {
    const documents = Array.from({ length: 50 }, (_, n) => ({ n }));
    const sample = (seed: string, size: number): unknown[] =>
      runPipeline(documents, [{ $sample: { size } }], { seed, now });
    expect(sample('a', 10)).toEqual(sample('a', 10));
    expect(sample('a', 10)).not.toEqual(sample('b', 10));
    expect(new Set(sample('a', 50).map((document) => JSON.stringify(document))).size).toBe(50);
    expect(sample('a', 500)).toHaveLength(50);
  });

  test('14.8 $$NOW is the time of the run, everywhere but in data', () => {
    const later = { at: '$$NOW', deep: { $add: ['$$NOW', 1000] }, data: { $literal: '$$NOW' } };
    expect(run([{ note: '$$NOW' }], { $match: { note: '$$NOW' } }, { $addFields: later })).toEqual([
      { note: '$$NOW', at: now.toISOString(), deep: '2026-07-30T12:34:57.789Z', data: '$$NOW' },
    ]);
    expect(run([{ d: '2026-07-30' }], { $match: { $expr: { $lt: [{ $toDate: '$d' }, '$$NOW'] } } })).toHaveLength(1);
    expect(run([{}], { $facet: { x: [{ $project: { t: '$$NOW' } }] } })).toEqual([{ x: [{ t: now.toISOString() }] }]);
  });

  test('14.8 neither documents nor pipeline are changed, and the result shares nothing with them', () => {
    const documents = [{ a: { b: [1, 2] }, tags: [{ x: 1 }] }];
    const pipeline = [
      { $unwind: '$a.b' },
      { $set: { 'tags.x': 5, 'a.c': 1 } },
      { $unset: 'a.b' },
      { $addFields: { copy: '$tags' } },
    ];
    const before = JSON.stringify([documents, pipeline]);
    const result = runPipeline(documents, pipeline, { seed: 's', now });
    expect(JSON.stringify([documents, pipeline])).toBe(before);
    expect(result).toEqual([1, 2].map(() => ({ a: { c: 1 }, tags: [{ x: 5 }], copy: [{ x: 5 }] })));
    const untouched = runPipeline(documents, [], { seed: 's', now }) as typeof documents;
    expect(untouched).toEqual(documents);
    expect(untouched[0]?.a).not.toBe(documents[0]?.a);
  });

  test('14.8 results are plain JSON', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.dictionary(
            fc
              .string()
              .filter(
                (key) => !['__proto__', 'constructor', 'prototype', '_id', ''].includes(key) && !/[.$]/.test(key),
              ),
            fc.jsonValue({ maxDepth: 2 }),
          ),
          { maxLength: 5 },
        ),
        (documents) => {
          fc.pre(!/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify(documents)));
          const plain: unknown = JSON.parse(JSON.stringify(documents));
          expect(run(plain as unknown[], { $set: {} })).toEqual(plain);
        },
      ),
      { numRuns: 100 },
    );
  });
});
