import { describe, expect, test } from 'vitest';
import { expressionNames } from './pipeline-names.ts';
import { runPipeline } from './pipeline.ts';

const now = new Date('2026-07-30T12:34:56.789Z');
const document = {
  n: 7,
  half: 2.5,
  neg: -7,
  s: 'Héllo wörld',
  list: [3, 1, 2],
  words: ['b', 'a', 'b'],
  pairs: [['k', 1]],
  objects: [
    { p: 2, q: 'x' },
    { p: 1, q: 'y' },
  ],
  o: { a: 1, b: { c: 2 } },
  no: null,
  yes: true,
  day: '2026-02-03T04:05:06.007Z',
};
const value = (expression: unknown): unknown =>
  (runPipeline([document], [{ $project: { v: expression } }], { seed: 's', now })[0] as { v: unknown }).v;
const date = { $toDate: '$day' };

const table: [unknown, unknown][] = [
  [{ $abs: '$neg' }, 7],
  [{ $add: ['$n', 1, 2] }, 10],
  [{ $add: ['$n', '$none'] }, null],
  [{ $ceil: '$half' }, 3],
  [{ $divide: ['$n', 2] }, 3.5],
  [{ $exp: 0 }, 1],
  [{ $floor: '$half' }, 2],
  [{ $ln: 1 }, 0],
  [{ $log: [8, 2] }, 3],
  [{ $log10: 1000 }, 3],
  [{ $mod: ['$n', 4] }, 3],
  [{ $multiply: ['$n', '$half'] }, 17.5],
  [{ $pow: [2, 10] }, 1024],
  [{ $round: '$half' }, 2],
  [{ $round: [3.5] }, 4],
  [{ $round: [1.005, 2] }, 1],
  [{ $round: [2.345, 1] }, 2.3],
  [{ $round: [1234, -2] }, 1200],
  [{ $sqrt: 16 }, 4],
  [{ $subtract: ['$n', 2] }, 5],
  [{ $trunc: [2.789, 1] }, 2.7],
  [{ $trunc: '$half' }, 2],
  [{ $arrayElemAt: ['$list', -1] }, 2],
  [{ $arrayToObject: '$pairs' }, { k: 1 }],
  [{ $arrayToObject: [[{ k: 'x', v: 2 }]] }, { x: 2 }],
  [{ $concatArrays: ['$list', '$words'] }, [3, 1, 2, 'b', 'a', 'b']],
  [{ $concatArrays: ['$list', '$none'] }, null],
  [{ $filter: { input: '$list', as: 'x', cond: { $gt: ['$$x', 1] } } }, [3, 2]],
  [{ $first: '$list' }, 3],
  [{ $first: '$pairs' }, ['k', 1]],
  [{ $firstN: { input: '$list', n: 2 } }, [3, 1]],
  [{ $in: [2, '$list'] }, true],
  [{ $indexOfArray: ['$words', 'a'] }, 1],
  [{ $isArray: '$list' }, true],
  [{ $last: '$list' }, 2],
  [{ $lastN: { input: '$list', n: 2 } }, [1, 2]],
  [{ $map: { input: '$objects', as: 'x', in: { $concat: ['$$x.q', '!'] } } }, ['x!', 'y!']],
  [{ $maxN: { input: '$list', n: 2 } }, [3, 2]],
  [{ $minN: { input: '$list', n: 2 } }, [1, 2]],
  [{ $range: [0, 10, 4] }, [0, 4, 8]],
  [{ $range: [3, 0, -1] }, [3, 2, 1]],
  [{ $range: [0, 0] }, []],
  [{ $reduce: { input: '$list', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
  [{ $reverseArray: '$list' }, [2, 1, 3]],
  [{ $size: '$list' }, 3],
  [{ $slice: ['$list', 1, 2] }, [1, 2]],
  [{ $sortArray: { input: '$list', sortBy: -1 } }, [3, 2, 1]],
  [
    { $sortArray: { input: '$objects', sortBy: { p: 1 } } },
    [
      { p: 1, q: 'y' },
      { p: 2, q: 'x' },
    ],
  ],
  [
    { $zip: { inputs: ['$list', '$words'] } },
    [
      [3, 'b'],
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  [
    { $zip: { inputs: [[1], [2, 3]], useLongestLength: true, defaults: [0, 0] } },
    [
      [1, 2],
      [0, 3],
    ],
  ],
  [{ $and: ['$yes', '$n'] }, true],
  [{ $not: ['$no'] }, true],
  [{ $or: ['$no', 0] }, false],
  [{ $cmp: ['$n', 9] }, -1],
  [{ $eq: ['$words', 'b'] }, false],
  [{ $eq: ['$o', { b: { c: 2 }, a: 1 }] }, true],
  [{ $gt: ['$n', '$no'] }, true],
  [{ $gte: ['$n', 7] }, true],
  [{ $lt: ['$n', 'a'] }, true],
  [{ $lte: [date, '$$NOW'] }, true],
  [{ $ne: ['$none', null] }, false],
  [{ $cond: [{ $gt: ['$n', 5] }, 'big', 'small'] }, 'big'],
  [{ $cond: { if: '$no', then: 1, else: 2 } }, 2],
  [{ $ifNull: ['$no', '$none', 'x'] }, 'x'],
  [
    {
      $switch: {
        branches: [
          { case: { $eq: ['$n', 1] }, then: 'one' },
          { case: '$yes', then: 'yes' },
        ],
        default: 'd',
      },
    },
    'yes',
  ],
  [{ $dateAdd: { startDate: date, unit: 'day', amount: 2 } }, '2026-02-05T04:05:06.007Z'],
  [{ $dateSubtract: { startDate: date, unit: 'month', amount: 1 } }, '2026-01-03T04:05:06.007Z'],
  [{ $dateDiff: { startDate: date, endDate: '$$NOW', unit: 'day' } }, 177],
  [{ $dateFromParts: { year: 2026, month: 5, day: 6 } }, '2026-05-06T00:00:00.000Z'],
  [{ $dateFromString: { dateString: '3/2/2026', format: '%d/%m/%Y' } }, '2026-02-03T00:00:00.000Z'],
  [{ $dateFromString: { dateString: '5 March 2026 07:08', format: '%d %B %Y %H:%M' } }, '2026-03-05T07:08:00.000Z'],
  [{ $dateFromString: { dateString: '2026-07-01 10:00', timezone: 'Europe/Paris' } }, '2026-07-01T08:00:00.000Z'],
  [{ $dateFromString: { dateString: '2026-07-01T10:00:00+0330' } }, '2026-07-01T06:30:00.000Z'],
  [{ $dateFromString: { dateString: '2026-02-31', onError: 'bad' } }, 'bad'],
  [{ $dateFromString: { dateString: '$none', onNull: 'none' } }, 'none'],
  [{ $dateToParts: { date } }, { year: 2026, month: 2, day: 3, hour: 4, minute: 5, second: 6, millisecond: 7 }],
  [{ $dateToString: { date, format: '%Y-%m-%d %H:%M' } }, '2026-02-03 04:05'],
  [{ $dateToString: { date, timezone: '+02:00', format: '%H' } }, '06'],
  [{ $dateToString: { date: '$none', onNull: '-' } }, '-'],
  [{ $dateTrunc: { date, unit: 'month' } }, '2026-02-01T00:00:00.000Z'],
  [{ $dayOfMonth: date }, 3],
  [{ $dayOfWeek: date }, 3],
  [{ $dayOfYear: date }, 34],
  [{ $hour: { date, timezone: '+01:00' } }, 5],
  [{ $isoDayOfWeek: date }, 2],
  [{ $isoWeek: date }, 6],
  [{ $isoWeekYear: date }, 2026],
  [{ $millisecond: date }, 7],
  [{ $minute: date }, 5],
  [{ $month: date }, 2],
  [{ $second: date }, 6],
  [{ $week: date }, 6],
  [{ $year: date }, 2026],
  [{ $year: '$none' }, null],
  [{ $getField: 'n' }, 7],
  [{ $getField: { field: 'c', input: '$o.b' } }, 2],
  [{ $getField: 'toString' }, undefined],
  [{ $mergeObjects: ['$o', { a: 9, z: 1 }, '$no'] }, { a: 9, b: { c: 2 }, z: 1 }],
  [{ $mergeObjects: '$objects' }, { p: 1, q: 'y' }],
  [
    { $objectToArray: '$o' },
    [
      { k: 'a', v: 1 },
      { k: 'b', v: { c: 2 } },
    ],
  ],
  [{ $setField: { field: 'z', input: '$o', value: 3 } }, { a: 1, b: { c: 2 }, z: 3 }],
  [{ $unsetField: { field: 'b', input: '$o' } }, { a: 1 }],
  [{ $allElementsTrue: [['$yes', 1]] }, true],
  [{ $anyElementTrue: [['$no', 0]] }, false],
  [{ $setDifference: ['$words', ['a']] }, ['b']],
  [{ $setEquals: ['$words', ['a', 'b']] }, true],
  [{ $setIntersection: ['$words', ['b', 'c']] }, ['b']],
  [{ $setIsSubset: [['a'], '$words'] }, true],
  [{ $setUnion: ['$words', ['c', { x: 1 }, { x: 1 }]] }, ['b', 'a', 'c', { x: 1 }]],
  [{ $concat: ['$s', '!'] }, 'Héllo wörld!'],
  [{ $concat: ['$s', '$no'] }, null],
  [{ $indexOfBytes: ['$s', 'w'] }, 6],
  [{ $indexOfCP: ['$s', 'w'] }, 6],
  [{ $indexOfCP: ['a😀b', 'b'] }, 2],
  [{ $ltrim: { input: '  x ' } }, 'x '],
  [{ $rtrim: { input: 'xyy', chars: 'y' } }, 'x'],
  [{ $trim: { input: ' \n x\t' } }, 'x'],
  [{ $regexFind: { input: '$s', regex: '(w)ö' } }, { match: 'wö', idx: 6, captures: ['w'] }],
  [{ $regexFind: { input: '$s', regex: 'zz' } }, null],
  [
    { $regexFindAll: { input: 'a1b22', regex: '\\d+' } },
    [
      { match: '1', idx: 1, captures: [] },
      { match: '22', idx: 3, captures: [] },
    ],
  ],
  [{ $regexMatch: { input: '$s', regex: 'HÉL', options: 'i' } }, true],
  [{ $regexMatch: { input: '$none', regex: 'x' } }, false],
  [{ $replaceAll: { input: 'a.b.c', find: '.', replacement: { $literal: '$&' } } }, 'a$&b$&c'],
  [{ $replaceOne: { input: 'a.b.c', find: '.', replacement: '-' } }, 'a-b.c'],
  [{ $split: ['a,b,c', ','] }, ['a', 'b', 'c']],
  [{ $strLenBytes: '$s' }, 13],
  [{ $strLenCP: '$s' }, 11],
  [{ $strcasecmp: ['a', 'B'] }, -1],
  [{ $substr: ['abcdef', 1, 2] }, 'bc'],
  [{ $substrBytes: ['abcdef', 1, 2] }, 'bc'],
  [{ $substrCP: ['$s', 0, 5] }, 'Héllo'],
  [{ $toLower: '$s' }, 'héllo wörld'],
  [{ $toUpper: '$s' }, 'HÉLLO WÖRLD'],
  [{ $convert: { input: '12', to: 'int' } }, 12],
  [{ $convert: { input: 'x', to: 'double', onError: -1 } }, -1],
  [{ $convert: { input: '$none', to: 'string', onNull: 'none' } }, 'none'],
  [{ $convert: { input: '$day', to: 'date' } }, '2026-02-03T04:05:06.007Z'],
  [{ $convert: { input: 5, to: 'string' } }, '5'],
  [{ $convert: { input: 0, to: 'bool' } }, false],
  [{ $isNumber: '$n' }, true],
  [{ $toBool: 1 }, true],
  [{ $toDate: 0 }, '1970-01-01T00:00:00.000Z'],
  [{ $toDate: '2026-01-02' }, '2026-01-02T00:00:00.000Z'],
  [{ $toDate: '2026-01-02T03:04' }, '2026-01-02T03:04:00.000Z'],
  [{ $toDecimal: '1.5' }, 1.5],
  [{ $toDouble: '2.5' }, 2.5],
  [{ $toInt: '3' }, 3],
  [{ $toLong: 4.7 }, 4],
  [{ $toString: '$n' }, '7'],
  [{ $type: '$list' }, 'array'],
  [{ $type: '$none' }, 'missing'],
  [{ $let: { vars: { x: { $add: ['$n', 1] } }, in: { $multiply: ['$$x', 2] } } }, 16],
  [{ $literal: '$n' }, '$n'],
  [{ $literal: { $function: 'text' } }, { $function: 'text' }],
  [{ $avg: '$list' }, 2],
  [{ $max: ['$n', '$half'] }, 7],
  [{ $max: '$list' }, 3],
  [{ $min: '$objects.p' }, 1],
  [{ $sum: ['$n', '$half', '$s'] }, 9.5],
  [{ $sum: '$objects.p' }, 3],
  [{ $stdDevPop: '$list' }, expect.closeTo(0.8165)],
  [{ $stdDevSamp: '$list' }, 1],
  [{ $median: { input: '$list', method: 'approximate' } }, 2],
  [{ $percentile: { input: [10, 9, 100], p: [0.5, 0.9], method: 'approximate' } }, [10, 100]],
];

describe('14.8 expression operators', () => {
  test.each(table)('14.8 %j gives %j', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  test('14.8 every allowed operator is in the table', () => {
    const tried = new Set(table.flatMap(([expression]) => Object.keys(expression as object)));
    expect([...expressionNames].filter((name) => !tried.has(name))).toEqual([]);
  });

  test('14.8 an accumulator inside $reduce over lists works on its own argument', () => {
    const expression = {
      $reduce: {
        input: [
          [1, 5],
          [7, 2],
        ],
        initialValue: 0,
        in: { $max: ['$$value', { $max: '$$this' }] },
      },
    };
    expect(value(expression)).toBe(7);
  });

  test.each<unknown>([
    { $add: ['$s', 1] },
    { $divide: [1, 0] },
    { $concat: ['$s', 1] },
    { $arrayElemAt: ['$n', 0] },
    { $dateToString: { date: '$day' } },
    { $toDate: 'yesterday' },
    { $toDate: '2026-02-30' },
    { $dateFromString: { dateString: 'x', format: '%d' } },
    { $toInt: 'x' },
    { $split: ['a', ''] },
    { $arrayToObject: '$list' },
    { $range: [0, 1, 0] },
    { $range: [0, 1.5] },
    '$$unknown',
    { $getField: '__proto__' },
    { $setField: { field: 'constructor', input: '$o', value: 1 } },
    { $arrayToObject: [[['__proto__', { polluted: true }]]] },
  ])('14.8 %j cannot be computed: input_invalid with the stage', (expression) => {
    expect(() => value(expression)).toThrow(
      expect.objectContaining({ code: 'input_invalid', place: 'inputs.pipeline[0].$project' }),
    );
  });

  test('14.8 a fault in a facet has its place', () => {
    const pipeline = [{ $facet: { x: [{ $limit: 1 }, { $set: { v: { $add: ['$s', 1] } } }] } }];
    expect(() => runPipeline([document], pipeline, { seed: 's', now, place: 'inputs.p' })).toThrow(
      expect.objectContaining({ code: 'input_invalid', place: 'inputs.p[0].$facet.x[1].$set' }),
    );
  });
});
