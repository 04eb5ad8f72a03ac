import { describe, expect, it } from 'vitest';
import type { UsageStore } from '../../ports/usage-store.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createTestClock } from '../../testing/test-clock.ts';
import type { AddonContext, AddonItem } from './addon.ts';
import { compatibility } from './compatibility.ts';
import { usageHistory } from './usage-history.ts';

const now = new Date('2026-06-15T12:00:00.000Z');
const scope = { userId: 'u', templateId: 't', stepId: 's', moduleName: 'm' };
const items = (...values: Record<string, unknown>[]): AddonItem[] =>
  values.map((value, index) => ({ path: [index], value }));

function contextOf(usage: UsageStore = createMemoryDatabase({ clock: createTestClock() }).usage): AddonContext {
  return { scope, now, usage };
}

async function usedBefore(ages: Record<string, number>): Promise<AddonContext> {
  const context = contextOf();
  for (const [key, ms] of Object.entries(ages)) {
    await context.usage.touch({ scope, keys: [key], at: new Date(now.getTime() - ms).toISOString() });
  }
  return context;
}

const hour = 3_600_000;

describe('16.5 addons.usage_history', () => {
  const inputs = (given: object) => usageHistory.inputs.parse(given);
  const colors = [
    { max: 2, unit: 'hour', color: 'bad' },
    { min: 2, max: 3, unit: 'day', color: 'warn' },
    { min: 3, unit: 'day', color: 'yellow' },
    { min: 1, unit: 'month', color: 'good' },
    { color: '#ccc' },
  ];

  it('16.5 the first rule with min <= t < max gives the colour', async () => {
    const ages = { a: 2 * hour - 1, b: 2 * hour, c: 48 * hour, d: 72 * hour, e: 60 * 24 * hour };
    const context = await usedBefore(ages);
    const labels = items(...Object.keys(ages).map((label) => ({ label })));
    expect(await usageHistory.annotate(labels, inputs({ colors }), context)).toEqual([
      { badge: '1h ago', tone: 'bad' },
      { badge: '2h ago', color: '#ccc' },
      { badge: '2d ago', tone: 'warn' },
      { badge: '3d ago', color: 'yellow' },
      { badge: '2mo ago', color: 'yellow' },
    ]);
  });

  it('16.5 never chosen: the open rule with the largest min, else the plain one, else nothing', async () => {
    const never = async (rules: object[]) =>
      usageHistory.annotate(items({ label: 'x' }), inputs({ colors: rules }), contextOf());
    expect(await never(colors)).toEqual([{ tone: 'good' }]);
    expect(await never([{ min: 40, unit: 'day', color: 'warn' }, ...colors])).toEqual([{ tone: 'warn' }]);
    expect(await never([{ max_hours: 2, color: 'bad' }, { color: 'muted' }])).toEqual([{ tone: 'muted' }]);
    expect(await never([{ min: 1, max: 2, unit: 'day', color: 'bad' }])).toEqual([null]);
  });

  it('16.5 max_hours is an upper bound in hours', async () => {
    const rules = [
      { max_hours: 24, color: 'bad' },
      { max_hours: 48, color: 'warn' },
    ];
    const context = await usedBefore({ a: 23 * hour, b: 24 * hour, c: 48 * hour });
    const given = items({ label: 'a' }, { label: 'b' }, { label: 'c' });
    expect(await usageHistory.annotate(given, inputs({ colors: rules }), context)).toEqual([
      { badge: '23h ago', tone: 'bad' },
      { badge: '1d ago', tone: 'warn' },
      { badge: '2d ago' },
    ]);
  });

  it('16.5 the badge names the largest whole unit', async () => {
    const ages = { a: 59_999, b: 60_000, c: hour, d: 24 * hour, e: 7 * 24 * hour, f: 30 * 24 * hour, g: -5000 };
    const context = await usedBefore(ages);
    const given = items(...Object.keys(ages).map((label) => ({ label })));
    const marks = await usageHistory.annotate(given, inputs({}), context);
    expect(marks.map((mark) => mark?.badge)).toEqual([
      'just now',
      '1m ago',
      '1h ago',
      '1d ago',
      '1w ago',
      '1mo ago',
      'just now',
    ]);
  });

  it('16.5 what was chosen is found again by its key, also by a deep one', async () => {
    const context = contextOf();
    const given = inputs({ track_key_format: '{kind.id}/{label}' });
    const [first, second] = items({ label: 'x', kind: { id: 7 } }, { label: 'x', kind: { id: 8 } });
    await usageHistory.chosen?.(first ? [first] : [], given, context);
    const marks = await usageHistory.annotate(
      [first, second].flatMap((item) => item ?? []),
      given,
      context,
    );
    expect(marks).toEqual([{ badge: 'just now' }, null]);
    expect(await context.usage.lastUsed({ scope, keys: ['7/x', '8/x'] })).toEqual(
      new Map([['7/x', now.toISOString()]]),
    );
  });

  it('16.5 an item without a key is neither marked nor remembered, and inherited fields are no fields', async () => {
    const context = contextOf();
    const given = inputs({ track_key_format: '{constructor}{__proto__}{missing}', colors: [{ color: 'good' }] });
    await usageHistory.chosen?.(items({ label: 'x' }), given, context);
    expect(await usageHistory.annotate(items({ label: 'x' }), given, context)).toEqual([null]);
    expect(await context.usage.lastUsed({ scope, keys: [''] })).toEqual(new Map());
  });
});

describe('16.6 addons.compatibility', () => {
  const marks = (source: unknown, values: Record<string, unknown>[], colors: object[] = []) =>
    compatibility.annotate(items(...values), compatibility.inputs.parse({ source, colors }), contextOf());
  const tagged = (tags: Record<string, Record<string, number>>) => ({
    tags: Object.fromEntries(
      Object.entries(tags).map(([category, of]) => [
        category,
        Object.entries(of).map(([tag, value]) => ({ tag, value })),
      ]),
    ),
  });

  it('16.6 the score is the mean over shared categories of the sum of the smaller values', () => {
    const source = tagged({ mood: { calm: 0.7, warm: 0.3 }, era: { old: 1 }, only_here: { x: 1 } });
    const item = tagged({ mood: { calm: 0.5, warm: 0.5 }, era: { old: 0.9, new: 0.1 }, only_there: { y: 1 } });
    expect(marks(source, [item])).toEqual([{ badge: '85% match' }]);
  });

  it('16.6 of several sources, in lists of any depth, the largest value of a tag counts', () => {
    const source = [
      tagged({ mood: { calm: 0.2 } }),
      [[tagged({ mood: { calm: 0.6 } })], tagged({ mood: { calm: 0.4 } })],
    ];
    expect(marks(source, [tagged({ mood: { calm: 1 } })])).toEqual([{ badge: '60% match' }]);
  });

  it('16.6 the first colour whose min the score reaches', () => {
    const colors = [
      { min: 0.8, color: 'good' },
      { min: 0.5, color: 'orange' },
      { min: 0, color: 'bad' },
    ];
    const values = [0.8, 0.79, 0.1].map((value) => tagged({ mood: { calm: value } }));
    expect(marks(tagged({ mood: { calm: 1 } }), values, colors)).toEqual([
      { badge: '80% match', tone: 'good' },
      { badge: '79% match', color: 'orange' },
      { badge: '10% match', tone: 'bad' },
    ]);
  });

  it('16.6 without a shared category, or with tags of another shape, nothing is said', () => {
    const broken = [{}, { tags: [] }, { tags: { mood: 'calm' } }, { tags: { mood: [{ tag: 1, value: 'x' }, null] } }];
    expect(marks(tagged({ mood: { calm: 1 } }), broken)).toEqual([null, null, null, null]);
    expect(marks(undefined, [tagged({ mood: { calm: 1 } })])).toEqual([null]);
    expect(marks(['text', 5, null], [tagged({ __proto__x: { calm: 1 } })])).toEqual([null]);
  });
});
