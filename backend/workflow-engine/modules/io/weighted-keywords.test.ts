import { describe, expect, it } from 'vitest';
import { runModule } from '../testing/module-context.ts';
import { storedRun } from '../testing/stored-run.ts';
import { ioWeightedKeywords } from './weighted-keywords.ts';

const run = (inputs: Record<string, unknown>, test: Parameters<typeof runModule>[2]) =>
  runModule(ioWeightedKeywords, inputs, test);
const save = (items: unknown, rest: Record<string, unknown> = {}) => ({
  mode: 'save',
  weighted_keywords: items,
  ...rest,
});
const shape = (outputs: Record<string, unknown>) =>
  (outputs['weighted_keywords'] as { keyword: string; weight: number }[]).map(({ keyword, weight }) => [
    keyword,
    weight,
  ]);

describe('io.weighted_keywords', () => {
  it('14.7 saves one row a keyword, in lower case, weights added; loads them by keyword', async () => {
    const { context } = await storedRun();
    const saved = await run(
      save([{ keyword: ' Tram ', weight: 2, note: 'yellow' }, { keyword: 'tram', weight: '1' }, { keyword: 'Pier' }]),
      context(),
    );
    expect(saved).toMatchObject({ count: 2, saved_count: 2 });
    await run(save([{ keyword: 'pier', weight: 5 }]), context());
    const loaded = await run({ mode: 'load' }, context());
    expect(loaded).toMatchObject({ count: 2, saved_count: 0 });
    expect(loaded['weighted_keywords']).toEqual([
      { keyword: 'pier', weight: 5, last_used: '2026-03-01T12:00:00.000Z' },
      { keyword: 'tram', weight: 3, last_used: '2026-03-01T12:00:00.000Z', note: 'yellow' },
    ]);
  });

  it('14.7 accumulate_weight false replaces', async () => {
    const { context } = await storedRun();
    await run(save([{ keyword: 'tram', weight: 2 }]), context());
    await run(save([{ keyword: 'tram', weight: 7 }], { accumulate_weight: false }), context());
    expect(shape(await run({ mode: 'load' }, context()))).toEqual([['tram', 7]]);
  });

  it('14.7 the same key applies once, another adds again', async () => {
    const { context } = await storedRun();
    const given = save([{ keyword: 'tram', weight: 2 }]);
    await run(given, context({ idempotencyKey: 'k' }));
    await run(given, context({ idempotencyKey: 'k' }));
    await run(given, context({ idempotencyKey: 'l' }));
    expect(shape(await run({ mode: 'load' }, context()))).toEqual([['tram', 4]]);
  });

  it('25.22 null and an empty list save none', async () => {
    const { context } = await storedRun();
    for (const items of [null, []])
      expect(await run(save(items), context())).toEqual({ weighted_keywords: [], count: 0, saved_count: 0 });
  });

  it('14.7 items that are none are skipped with a warning', async () => {
    const { context } = await storedRun();
    const test = context();
    const items = [
      'tram',
      null,
      {},
      { keyword: 5 },
      { keyword: ' ' },
      { keyword: 'x', weight: 'much' },
      { keyword: 'ok' },
    ];
    expect(await run(save(items), test)).toMatchObject({ saved_count: 1 });
    expect(test.told.warnings).toHaveLength(6);
    expect(test.told.warnings[0]).toMatchObject({ place: 'inputs.weighted_keywords[0]' });
  });

  it('14.7 the pipeline runs over what the scope holds', async () => {
    const { context } = await storedRun();
    await run(
      save([
        { keyword: 'a', weight: 1 },
        { keyword: 'b', weight: 3 },
        { keyword: 'c', weight: 2 },
      ]),
      context(),
    );
    const pipeline = [{ $match: { weight: { $gte: 2 } } }, { $sort: { weight: -1 } }, { $project: { keyword: 1 } }];
    expect((await run({ mode: 'load', pipeline }, context()))['weighted_keywords']).toEqual([
      { keyword: 'b' },
      { keyword: 'c' },
    ]);
  });

  it('14.7 the scope is owner and template: nobody else’s keywords are seen', async () => {
    const { context } = await storedRun();
    await run(save([{ keyword: 'mine' }]), context());
    for (const other of [{ userId: 'user-2' }, { templateId: 'template-2' }, { templateId: null }]) {
      expect(await run({ mode: 'load' }, context(other))).toMatchObject({ count: 0 });
    }
  });

  it.each([
    [[{ $match: { user_id: 'user-2' } }], 'pipeline[0].$match'],
    [[{ $sort: { a: 1 } }, { $match: { $or: [{ a: 1 }, { 'template_id.x': 1 }] } }], 'pipeline[1].$match'],
    [[{ $match: { $expr: { $eq: ['$user_id', 'x'] } } }], 'pipeline[0].$match'],
    [[{ $match: { $expr: { $eq: ['$$ROOT.template_id', 'x'] } } }], 'pipeline[0].$match'],
    [[{ $facet: { a: [{ $match: { user_id: 1 } }] } }], 'pipeline[0].$facet.a[0].$match'],
  ])('14.7 a $match may not name the scope: %j', async (pipeline, place) => {
    const { context } = await storedRun();
    await expect(run({ mode: 'load', pipeline }, context())).rejects.toMatchObject({
      code: 'pipeline_scope_refused',
      place: `inputs.${place}`,
    });
    expect(ioWeightedKeywords.check?.({ mode: 'load', pipeline })).toMatchObject([
      { code: 'pipeline_scope_refused', path: place },
    ]);
  });

  it('4 the pipeline is checked in the definition', () => {
    expect(ioWeightedKeywords.check?.({ pipeline: [{ $out: 'x' }] })).toMatchObject([
      { code: 'pipeline_stage_refused' },
    ]);
    expect(ioWeightedKeywords.check?.({ pipeline: '{{ state.p }}' })).toEqual([]);
    expect(ioWeightedKeywords.check?.({})).toEqual([]);
  });

  it('23 over 1000 at once is keywords_limit', async () => {
    const { context } = await storedRun();
    const items = Array.from({ length: 1001 }, (_, index) => ({ keyword: `k${index}` }));
    await expect(run(save(items), context())).rejects.toMatchObject({
      code: 'keywords_limit',
      params: { limit: 1000, actual: 1001 },
    });
  });
});
