import { describe, expect, test } from 'vitest';
import { isWfmError, type WfmError } from '../../../errors/index.ts';
import { runPipeline } from './pipeline.ts';
import { cpuMs } from '../../../testing/cpu-ms.ts';

const now = new Date(0);
const many = (count: number): { n: number }[] => Array.from({ length: count }, (_, n) => ({ n }));

function refusal(documents: unknown[], ...pipeline: unknown[]): WfmError {
  const begun = cpuMs();
  try {
    runPipeline(documents, pipeline, { seed: 's', now });
  } catch (thrown) {
    expect(cpuMs() - begun).toBeLessThan(4000);
    if (isWfmError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('the pipeline ran');
}
const text = (length: number): string => 'x'.repeat(length);

describe('23 pipeline limits', () => {
  test('23 10 000 documents in', () => {
    expect(runPipeline(many(10_000), [{ $count: 'n' }], { seed: 's', now })).toEqual([{ n: 10_000 }]);
    expect(refusal(many(10_001))).toMatchObject({
      code: 'pipeline_limit',
      place: 'inputs.data',
      params: { what: 'documents', limit: 10_000, actual: 10_001 },
    });
  });

  test('23 10 000 documents between stages, before $unwind makes them', () => {
    const list = Array.from({ length: 200 }, (_, n) => n);
    const documents = Array.from({ length: 51 }, () => ({ list }));
    expect(refusal(documents, { $unwind: '$list' })).toMatchObject({
      code: 'pipeline_limit',
      place: 'inputs.pipeline[0].$unwind',
      params: { actual: 10_200 },
    });
    const big = {
      a: Array.from({ length: 1000 }, (_, n) => n),
      b: Array.from({ length: 1000 }, (_, n) => n),
      c: text(1000),
    };
    expect(refusal([big], { $unwind: '$a' }, { $unwind: '$b' })).toMatchObject({
      code: 'pipeline_limit',
      place: 'inputs.pipeline[1].$unwind',
    });
  });

  test('23 a result over 4 MB', () => {
    expect(refusal(many(5), { $set: { s: text(1_000_000) } }).code).toBe('value_too_large');
  });

  test('14.8 only objects are documents', () => {
    expect(refusal([{ a: 1 }, 'text'])).toMatchObject({ code: 'input_invalid', place: 'inputs.data[1]' });
  });
});

describe('S4 allocation and time bombs', () => {
  const range = { $range: [0, 10_000] };
  test.each<[string, unknown[], unknown[]]>([
    ['a range', [{}], [{ $project: { a: { $range: [0, 1_000_000_000] } } }]],
    ['ranges in ranges', [{}], [{ $project: { a: { $map: { input: range, in: range } } } }]],
    [
      'a loop of loops that keep nothing',
      [{}],
      [
        {
          $project: {
            a: { $reduce: { input: range, initialValue: 0, in: { $size: { $filter: { input: range, cond: true } } } } },
          },
        },
      ],
    ],
    [
      'a text that doubles',
      [{}],
      [{ $project: { a: { $reduce: { input: range, initialValue: 'x', in: { $concat: ['$$value', '$$value'] } } } } }],
    ],
    [
      'a list that doubles',
      [{}],
      [
        {
          $project: {
            a: { $reduce: { input: range, initialValue: [1], in: { $concatArrays: ['$$value', '$$value'] } } },
          },
        },
      ],
    ],
    [
      'a tree that doubles by sharing',
      [{}],
      [{ $project: { a: { $reduce: { input: { $range: [0, 60] }, initialValue: 1, in: ['$$value', '$$value'] } } } }],
    ],
    [
      'a tree that doubles, then compared',
      [{}],
      [
        {
          $project: {
            a: {
              $let: {
                vars: { t: { $reduce: { input: { $range: [0, 60] }, initialValue: 1, in: ['$$value', '$$value'] } } },
                in: { $setUnion: ['$$t', '$$t'] },
              },
            },
          },
        },
      ],
    ],
    [
      'a tree that deepens',
      [{}],
      [{ $project: { a: { $reduce: { input: range, initialValue: 1, in: { x: '$$value' } } } } }],
    ],
    [
      'documents that double',
      [{ s: 1 }],
      Array.from({ length: 30 }, () => ({ $set: { copy: '$$ROOT', again: '$$ROOT' } })),
    ],
    [
      'replacement',
      [{ s: 'a'.repeat(1_000_000) }],
      [{ $project: { a: { $replaceAll: { input: '$s', find: 'a', replacement: '$s' } } } }],
    ],
    [
      'many copies in one text',
      [{ s: text(2_000_000) }],
      [{ $project: { a: { $concat: Array.from({ length: 500 }, () => '$s') } } }],
    ],
    ['pieces of a text', [{ s: text(1_000_000) }], [{ $project: { a: { $split: ['$s', 'x'] } } }]],
    [
      'many copies of a list',
      [{ l: Array.from({ length: 5000 }, () => 1) }],
      [{ $project: { a: { $concatArrays: Array.from({ length: 500 }, () => '$l') } } }],
    ],
    [
      'a wide zip',
      [{ l: Array.from({ length: 5000 }, () => 1) }],
      [{ $project: { a: { $zip: { inputs: Array.from({ length: 500 }, () => '$l') } } } }],
    ],
    [
      'matches of a regex',
      [{ s: text(100_000) }],
      [{ $project: { a: { $regexFindAll: { input: '$s', regex: 'x' } } } }],
    ],
    [
      'expressions over many documents',
      many(10_000),
      [{ $set: { a: { $map: { input: { $range: [0, 500] }, in: { $add: ['$$this', '$n'] } } } } }],
    ],
    [
      'grouping by everything',
      many(3000),
      [{ $group: { _id: null, all: { $push: '$$ROOT' } } }, { $set: { a: { $map: { input: '$all', in: '$all' } } } }],
    ],
  ])('S4 %s ends as pipeline_limit or module_timeout', (_title, documents, pipeline) => {
    expect(refusal(documents, ...pipeline).code).toMatch(/^(pipeline_limit|module_timeout|value_too_large)$/);
  });

  test('S4 a regex that kills a backtracking engine does no harm', () => {
    const documents = Array.from({ length: 50 }, () => ({ s: `${'a'.repeat(5000)}!` }));
    const begun = cpuMs();
    expect(runPipeline(documents, [{ $match: { s: { $regex: '^(a+)+$' } } }], { seed: 's', now })).toEqual([]);
    expect(
      runPipeline(documents, [{ $match: { $expr: { $regexMatch: { input: '$s', regex: '^(a|a)*$' } } } }], {
        seed: 's',
        now,
      }),
    ).toEqual([]);
    expect(cpuMs() - begun).toBeLessThan(2000);
  });

  test('23 a text over 100 KB under a regex is regex_limit, with the place', () => {
    expect(refusal([{ s: text(200_000) }], { $match: { s: { $regex: 'y' } } })).toMatchObject({
      code: 'regex_limit',
      place: 'inputs.pipeline[0].$match',
    });
  });

  test('S4 sets and groups of values that collide in mingo take linear time', () => {
    const documents = Array.from({ length: 10_000 }, (_, n) => ({ k: { a: n * 2 ** 32 } }));
    const begun = cpuMs();
    const result = runPipeline(
      documents,
      [
        { $group: { _id: '$k' } },
        { $group: { _id: null, all: { $addToSet: '$_id' } } },
        { $project: { n: { $size: { $setUnion: ['$all', '$all'] } } } },
      ],
      { seed: 's', now },
    );
    expect(result).toEqual([{ n: 10_000 }]);
    expect(cpuMs() - begun).toBeLessThan(2000);
  });

  test('S4 honest work on 10 000 documents is not stopped', () => {
    const documents = Array.from({ length: 10_000 }, (_, n) => ({
      n,
      kind: n % 7,
      name: `name ${n}`,
      tags: ['a', 'b'],
      at: { x: n },
    }));
    const pipeline = [
      { $match: { n: { $gte: 100 }, name: { $regex: '\\d$' }, kind: { $in: [1, 2, 3] } } },
      { $set: { twice: { $multiply: ['$at.x', 2] }, label: { $concat: ['$name', '!'] } } },
      { $sort: { kind: 1, n: -1 } },
      { $group: { _id: '$kind', total: { $sum: '$twice' }, names: { $push: '$label' } } },
      { $project: { kind: '$_id', total: 1, some: { $slice: ['$names', 2] } } },
    ];
    expect(runPipeline(documents, pipeline, { seed: 's', now })).toHaveLength(3);
  });
});

describe('S5 nothing but data', () => {
  test('S5 data that looks like operators or paths stays data', () => {
    const documents = [{ a: { $function: { body: 'x' } }, b: '$a', c: { $where: '1' }, d: '$$NOW', e: ['$b'] }];
    expect(runPipeline(documents, [{ $set: { copy: { a: '$a', b: '$b', e: '$e' } } }], { seed: 's', now })).toEqual([
      { ...documents[0], copy: { a: { $function: { body: 'x' } }, b: '$a', e: ['$b'] } },
    ]);
    const text = { $project: { v: { $dateToString: { date: '$d' } } } };
    expect(refusal(documents, text).code).toBe('input_invalid');
    expect(
      runPipeline([{ b: '$b', n: '5' }], [{ $project: { v: { $convert: { input: '$b', to: 'string' } } } }], {
        seed: 's',
        now,
      }),
    ).toEqual([{ v: '$b' }]);
  });

  test.each(['__proto__', 'constructor', 'prototype'])(
    'S5 documents with a field called %s are refused, at any depth',
    (name) => {
      const document: unknown = JSON.parse(`{ "a": [{ "${name}": { "polluted": true } }] }`);
      expect(refusal([document])).toMatchObject({ code: 'input_invalid', params: { field: name } });
    },
  );

  test('S5 names made while running cannot lead to a prototype', () => {
    const documents = [{ k: '__proto__', v: { polluted: true } }];
    expect(refusal(documents, { $replaceWith: { $arrayToObject: [[['$k', '$v']]] } }).code).toBe('input_invalid');
    expect(
      refusal(documents, { $set: { x: { $setField: { field: { $literal: '__proto__' }, input: {}, value: '$v' } } } })
        .code,
    ).toBe('input_invalid');
    expect(
      runPipeline([{ a: 1 }], [{ $project: { f: { $getField: 'hasOwnProperty' }, g: '$toString', h: '$a.valueOf' } }], {
        seed: 's',
        now,
      }),
    ).toEqual([{}]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('S5 a pipeline that was never checked is checked when it runs', () => {
    for (const stage of [
      { $where: '1' },
      { $match: { $where: '1' } },
      { $set: { a: { $function: { body: 'globalThis.__pwn = 1', args: [], lang: 'js' } } } },
      { $out: 'x' },
    ]) {
      expect(refusal([{ a: 1 }], stage).code).toMatch(/^pipeline_(stage|operator)_refused$/);
    }
    expect(globalThis).not.toHaveProperty('__pwn');
  });
});
