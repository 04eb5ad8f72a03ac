import { describe, expect, test } from 'vitest';
import { isWfmError, type WfmError } from '../../../errors/index.ts';
import { limits } from '../../../models/limits.ts';
import { checkPipeline } from './pipeline.ts';

function refusal(pipeline: unknown): WfmError | undefined {
  try {
    checkPipeline(pipeline, 'inputs.pipeline');
  } catch (thrown) {
    if (isWfmError(thrown)) return thrown;
    throw thrown;
  }
  return undefined;
}
const found = (pipeline: unknown): unknown => {
  const error = refusal(pipeline);
  return error && [error.code, error.place];
};

describe('14.8 stages', () => {
  test.each(
    '$lookup $graphLookup $unionWith $out $merge $documents $redact $fill $densify $setWindowFields $geoNear $indexStats $where $function $accumulator $collStats constructor __proto__ toString match'.split(
      ' ',
    ),
  )('14.8 the stage %s is refused with its place', (name) => {
    const stage: unknown = JSON.parse(`{ "${name}": {} }`);
    expect(found([{ $limit: 1 }, stage])).toEqual(['pipeline_stage_refused', `inputs.pipeline[1].${name}`]);
  });

  test.each([[{}], [{ $match: {}, $limit: 1 }], [[]], ['$match'], [null], [1]])('14.8 %j is no stage', (stage) => {
    expect(found([stage])).toEqual(['pipeline_stage_refused', 'inputs.pipeline[0]']);
  });

  test('14.8 every allowed stage is taken', () => {
    const pipeline = [
      { $match: { a: 1 } },
      { $sort: { a: -1, 'b.c': 1 } },
      { $project: { a: 1, 'b.c': 0, d: '$a', e: { $add: ['$a', 1] }, f: ['$a', '$b'] } },
      { $limit: 5 },
      { $skip: 0 },
      { $group: { _id: { x: '$a' }, n: { $sum: 1 }, all: { $push: '$$ROOT' } } },
      { $unwind: '$items' },
      { $unwind: { path: '$items.parts', includeArrayIndex: 'at', preserveNullAndEmptyArrays: true } },
      { $addFields: { 'a.b': 1 } },
      { $set: { c: { d: '$e' } } },
      { $unset: ['a', 'b.c'] },
      { $count: 'total' },
      { $replaceRoot: { newRoot: '$a' } },
      { $replaceWith: { $mergeObjects: ['$a', '$b'] } },
      { $sample: { size: 3 } },
      { $bucket: { groupBy: '$a', boundaries: [0, 1], default: 'other', output: { n: { $count: {} } } } },
      { $bucketAuto: { groupBy: '$a', buckets: 2 } },
      { $sortByCount: '$a' },
      { $facet: { left: [{ $limit: 1 }], right: [{ $facet: { deep: [{ $match: {} }] } }] } },
    ];
    expect(refusal(pipeline)).toBeUndefined();
  });

  test('23 50 stages, counting those inside $facet', () => {
    const many = (count: number): unknown[] => Array.from({ length: count }, () => ({ $limit: 1 }));
    expect(found(many(limits.pipelineStages))).toBeUndefined();
    expect(found(many(limits.pipelineStages + 1))).toEqual(['pipeline_limit', 'inputs.pipeline']);
    expect(found([{ $facet: { a: many(30), b: many(30) } }])).toEqual([
      'pipeline_limit',
      'inputs.pipeline[0].$facet.b',
    ]);
  });

  test.each<[unknown, string]>([
    ['x', 'inputs.pipeline'],
    [{}, 'inputs.pipeline'],
    [[{ $limit: -1 }], 'inputs.pipeline[0].$limit'],
    [[{ $limit: '5' }], 'inputs.pipeline[0].$limit'],
    [[{ $skip: 1.5 }], 'inputs.pipeline[0].$skip'],
    [[{ $sort: { a: 'up' } }], 'inputs.pipeline[0].$sort.a'],
    [[{ $sort: 'a' }], 'inputs.pipeline[0].$sort'],
    [[{ $match: [] }], 'inputs.pipeline[0].$match'],
    [[{ $match: { $or: {} } }], 'inputs.pipeline[0].$match.$or'],
    [[{ $match: { a: { $in: 'x' } } }], 'inputs.pipeline[0].$match.a.$in'],
    [[{ $match: { a: { $options: 'i' } } }], 'inputs.pipeline[0].$match.a.$options'],
    [[{ $match: { a: { $regex: 5 } } }], 'inputs.pipeline[0].$match.a.$regex'],
    [[{ $group: { n: { $sum: 1 } } }], 'inputs.pipeline[0].$group'],
    [[{ $group: { _id: 1, n: 5 } }], 'inputs.pipeline[0].$group.n'],
    [[{ $group: { _id: 1, n: { $sum: 1, $avg: 2 } } }], 'inputs.pipeline[0].$group.n'],
    [[{ $unwind: 'items' }], 'inputs.pipeline[0].$unwind'],
    [[{ $unwind: '$$ROOT' }], 'inputs.pipeline[0].$unwind'],
    [[{ $count: '' }], 'inputs.pipeline[0].$count'],
    [[{ $sample: 3 }], 'inputs.pipeline[0].$sample'],
    [[{ $unset: [1] }], 'inputs.pipeline[0].$unset'],
    [[{ $facet: [] }], 'inputs.pipeline[0].$facet'],
    [[{ $facet: { a: {} } }], 'inputs.pipeline[0].$facet.a'],
    [[{ $bucket: { groupBy: '$a', boundaries: [1] } }], 'inputs.pipeline[0].$bucket.boundaries'],
    [[{ $bucketAuto: { groupBy: '$a', buckets: 0 } }], 'inputs.pipeline[0].$bucketAuto.buckets'],
    [[{ $bucketAuto: { groupBy: '$a', buckets: 2, granularity: 'R5' } }], 'inputs.pipeline[0].$bucketAuto.granularity'],
    [[{ $replaceRoot: '$a' }], 'inputs.pipeline[0].$replaceRoot'],
  ])('14.8 the shape %j is input_invalid', (pipeline, place) => {
    expect(found(pipeline)).toEqual(['input_invalid', place]);
  });
});

describe('14.8 operators', () => {
  test.each<[unknown, string]>([
    [{ $match: { $where: 'this.a' } }, '$match.$where'],
    [{ $match: { a: { $where: '1' } } }, '$match.a.$where'],
    [{ $match: { $and: [{ $or: [{ a: 1 }, { $where: '1' }] }] } }, '$match.$and[0].$or[1].$where'],
    [{ $match: { a: { $not: { $where: '1' } } } }, '$match.a.$not.$where'],
    [{ $match: { a: { $elemMatch: { b: 1, $where: '1' } } } }, '$match.a.$elemMatch.$where'],
    [{ $match: { a: { $elemMatch: { $gt: 1, $where: '1' } } } }, '$match.a.$elemMatch.$where'],
    [{ $match: { a: { $all: [{ $elemMatch: { $where: '1' } }] } } }, '$match.a.$all[0].$elemMatch.$where'],
    [{ $match: { a: { $gt: 1, b: 2 } } }, '$match.a.b'],
    [{ $match: { $jsonSchema: { pattern: '(a+)+$' } } }, '$match.$jsonSchema'],
    [{ $match: { $text: { $search: 'x' } } }, '$match.$text'],
    [{ $match: { $expr: { $function: { body: 'x', args: [], lang: 'js' } } } }, '$match.$expr.$function'],
    [{ $match: { $nor: [{ a: { $expr: 1 } }] } }, '$match.$nor[0].a.$expr'],
    [{ $project: { a: { $function: { body: 'function(){}', args: [], lang: 'js' } } } }, '$project.a.$function'],
    [{ $project: { a: { $add: [1, { $function: {} }] } } }, '$project.a.$add[1].$function'],
    [{ $project: { a: { $cond: { if: true, then: { $rand: {} }, else: 1 } } } }, '$project.a.$cond.then.$rand'],
    [{ $project: { a: { $add: [1], $function: {} } } }, '$project.a.$add'],
    [{ $project: { a: { b: 1, $function: {} } } }, '$project.a.$function'],
    [{ $project: { a: { b: [{ c: { $where: 1 } }] } } }, '$project.a.b[0].c.$where'],
    [{ $project: { a: { $sampleRate: 1 } } }, '$project.a.$sampleRate'],
    [{ $project: { a: { $toHashedIndexKey: 1 } } }, '$project.a.$toHashedIndexKey'],
    [{ $project: { a: { $sin: 1 } } }, '$project.a.$sin'],
    [{ $project: { $where: 1 } }, '$project.$where'],
    [{ $project: { 'a.$': 1 } }, '$project.a.$'],
    [
      { $addFields: { a: { $let: { vars: { x: { $accumulator: {} } }, in: 1 } } } },
      '$addFields.a.$let.vars.x.$accumulator',
    ],
    [{ $set: { a: { $map: { input: [], in: { $lookup: {} } } } } }, '$set.a.$map.in.$lookup'],
    [
      { $set: { a: { $switch: { branches: [{ case: 1, then: { $out: 1 } }] } } } },
      '$set.a.$switch.branches[0].then.$out',
    ],
    [{ $group: { _id: { $function: {} }, n: { $sum: 1 } } }, '$group._id.$function'],
    [{ $group: { _id: 1, n: { $accumulator: { init: 'x' } } } }, '$group.n.$accumulator'],
    [{ $group: { _id: 1, n: { $add: [1, 2] } } }, '$group.n.$add'],
    [{ $group: { _id: 1, n: { $push: { a: { $function: {} } } } } }, '$group.n.$push.a.$function'],
    [{ $bucket: { groupBy: { $rand: {} }, boundaries: [1, 2] } }, '$bucket.groupBy.$rand'],
    [{ $bucket: { groupBy: '$a', boundaries: [1, 2], output: { n: { $where: 1 } } } }, '$bucket.output.n.$where'],
    [
      { $bucketAuto: { groupBy: '$a', buckets: 2, output: { n: { $sum: { $function: {} } } } } },
      '$bucketAuto.output.n.$sum.$function',
    ],
    [{ $sortByCount: { $function: {} } }, '$sortByCount.$function'],
    [{ $replaceRoot: { newRoot: { $function: {} } } }, '$replaceRoot.newRoot.$function'],
    [{ $replaceWith: { a: { $function: {} } } }, '$replaceWith.a.$function'],
    [{ $facet: { x: [{ $match: { $where: '1' } }] } }, '$facet.x[0].$match.$where'],
    [
      { $facet: { x: [{ $facet: { y: [{ $project: { a: { $function: {} } } }] } }] } },
      '$facet.x[0].$facet.y[0].$project.a.$function',
    ],
  ])('14.8, S5 %j is refused with its place', (stage, place) => {
    expect(found([{ $limit: 9 }, stage])).toEqual(['pipeline_operator_refused', `inputs.pipeline[1].${place}`]);
  });

  test('14.8 a stage that is refused inside a facet has its place too', () => {
    expect(found([{ $facet: { x: [{ $limit: 1 }, { $lookup: {} }] } }])).toEqual([
      'pipeline_stage_refused',
      'inputs.pipeline[0].$facet.x[1].$lookup',
    ]);
  });

  test.each<[string, string]>([
    ['{ "$match": { "__proto__": 1 } }', '$match.__proto__'],
    ['{ "$match": { "a.__proto__.b": 1 } }', '$match.a.__proto__.b'],
    ['{ "$match": { "constructor.name": "x" } }', '$match.constructor.name'],
    ['{ "$match": { "a": { "__proto__": { "x": 1 } } } }', '$match.a.__proto__'],
    ['{ "$project": { "a": "$constructor" } }', '$project.a'],
    ['{ "$project": { "a": "$$ROOT.constructor.constructor" } }', '$project.a'],
    ['{ "$project": { "__proto__": "$a" } }', '$project.__proto__'],
    ['{ "$addFields": { "constructor.prototype.polluted": true } }', '$addFields.constructor.prototype.polluted'],
    ['{ "$addFields": { "a": { "__proto__": { "polluted": true } } } }', '$addFields.a.__proto__'],
    [
      '{ "$addFields": { "a": { "$literal": { "__proto__": { "polluted": true } } } } }',
      '$addFields.a.$literal.__proto__',
    ],
    ['{ "$unset": "__proto__.toString" }', '$unset'],
    ['{ "$sort": { "__proto__": 1 } }', '$sort.__proto__'],
    ['{ "$count": "__proto__" }', '$count'],
    ['{ "$unwind": "$__proto__" }', '$unwind'],
    ['{ "$unwind": { "path": "$a", "includeArrayIndex": "__proto__" } }', '$unwind.includeArrayIndex'],
    ['{ "$group": { "_id": 1, "__proto__": { "$sum": 1 } } }', '$group.__proto__'],
    ['{ "$facet": { "__proto__": [] } }', '$facet.__proto__'],
    ['{ "$facet": { "constructor": [] } }', '$facet.constructor'],
  ])('S5 %s is refused', (stage, place) => {
    expect(found([JSON.parse(stage)])).toEqual(['pipeline_operator_refused', `inputs.pipeline[0].${place}`]);
  });

  test.each([
    ['(?=a)', 'regex_unsupported'],
    ['(', 'regex_invalid'],
    ['a'.repeat(2000), 'regex_limit'],
  ])('14.8 a $regex is checked', (source, code) => {
    expect(found([{ $match: { $or: [{ a: { $not: { $regex: source } } }] } }])).toEqual([
      code,
      'inputs.pipeline[0].$match.$or[0].a.$not.$regex',
    ]);
  });

  test('every fault is listed', () => {
    expect(
      refusal([{ $lookup: {} }, { $match: { $where: 1, b: { $x: 1 } } }])?.errors.map((item) => item.path),
    ).toEqual(['inputs.pipeline[0].$lookup', 'inputs.pipeline[1].$match.$where', 'inputs.pipeline[1].$match.b.$x']);
  });

  test('4 a template stands for any value', () => {
    const pipeline = [
      '{{ state.stage }}',
      { $limit: '{{ state.n }}' },
      { $match: { a: { $in: '{{ state.ids }}', $regex: '{{ state.word }}(' } } },
      { $sort: { a: '{{ state.way }}' } },
      { $facet: '{{ x }}' },
    ];
    expect(refusal(pipeline)).toBeUndefined();
    expect(refusal('{{ state.pipeline }}')).toBeUndefined();
  });

  test('data may look like anything', () => {
    expect(
      refusal([
        { $match: { a: { $eq: { $where: 1 } }, b: { $in: ['$where', { c: '$function' }] } } },
        { $project: { a: { $literal: { $function: 'x' } } } },
      ]),
    ).toBeUndefined();
  });

  test('23 a tower of conditions or expressions is refused, not followed', () => {
    let expression: unknown = 1;
    let query: unknown = { a: 1 };
    for (let level = 0; level < 20_000; level++) {
      expression = { $add: [expression] };
      query = { $and: [query] };
    }
    expect(refusal([{ $project: { a: expression } }])?.code).toBe('json_too_deep');
    expect(refusal([{ $match: query }])?.code).toBe('json_too_deep');
  });
});
