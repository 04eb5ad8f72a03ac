import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { KeywordRow } from '../ports/keyword-store.ts';
import { expectCode } from './expect-code.ts';
import { startSample } from './run-samples.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

const scope = { userId: 'user-1', templateId: 'template-1' };

/** Remembered keywords (format.md 14.7). */
export function keywordStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: keywords`, () => {
    const current = useDatabase(setup);
    const store = () => current().database.keywords;
    const start = async () => (await startSample(current().database.runs)).runId;

    test('14.7 weights add up, or are replaced; other fields are laid over', async () => {
      const runId = await start();
      const save = (key: string, keywords: KeywordRow[], accumulate: boolean) =>
        store().save({ scope, key, runId, keywords, accumulate });
      expect(await save('1', [sample('b', 1, { lang: 'en', n: 1 }), sample('a', 0.5)], true)).toBe(2);
      expect(await save('2', [sample('b', 2, { lang: 'de' }), sample('b', 3)], true)).toBe(2);
      expect(await store().load({ scope })).toEqual([sample('a', 0.5), sample('b', 6, { lang: 'de', n: 1 })]);
      await save('3', [{ ...sample('b', -1), last_used: '2027-01-01T00:00:00.000Z' }], false);
      expect((await store().load({ scope }))[1]).toEqual({
        ...sample('b', -1, { lang: 'de', n: 1 }),
        last_used: '2027-01-01T00:00:00.000Z',
      });
      expect(await save('4', [], true)).toBe(0);
    });

    test('14.7 a write is applied once', async () => {
      const runId = await start();
      const params = { scope, key: 'k', runId, keywords: [sample('a', 1)], accumulate: true };
      const counts = await Promise.all(Array.from({ length: 10 }, () => store().save(params)));
      expect(counts).toEqual(Array.from({ length: 10 }, () => 1));
      expect(await store().load({ scope })).toEqual([sample('a', 1)]);
      await store().save({ ...params, runId: await start() });
      expect(await store().load({ scope })).toEqual([sample('a', 2)]);
    });

    test('14.7 scopes do not see each other', async () => {
      const runId = await start();
      const scopes = [scope, { ...scope, userId: 'user-2' }, { ...scope, templateId: 'template-2' }];
      for (const [index, other] of scopes.entries()) {
        await store().save({ scope: other, key: `k${index}`, runId, keywords: [sample('a', index)], accumulate: true });
      }
      for (const [index, other] of scopes.entries())
        expect(await store().load({ scope: other })).toEqual([sample('a', index)]);
      expect(await store().load({ scope: { userId: 'u', templateId: 't' } })).toEqual([]);
    });

    test('23 a scope holds at most 10 000 keywords; a save beyond that changes nothing', async () => {
      const runId = await start();
      const many = Array.from({ length: 9_999 }, (_, index) => sample(`k${index}`, 1));
      await store().save({ scope, key: '1', runId, keywords: many, accumulate: true });
      const over = [sample('k0', 5), sample('x', 1), sample('y', 1)];
      await expectCode(store().save({ scope, key: '2', runId, keywords: over, accumulate: true }), 'keywords_limit');
      const loaded = await store().load({ scope });
      expect(loaded).toHaveLength(9_999);
      expect(loaded.find((row) => row.keyword === 'k0')?.weight).toBe(1);
      expect(await store().save({ scope, key: '2', runId, keywords: over.slice(0, 2), accumulate: true })).toBe(2);
    });

    test('keywords come in the order of their code points', async () => {
      const runId = await start();
      const words = ['b', 'B', 'ä', '🏠', '\uFB01', 'a'];
      await store().save({ scope, key: '1', runId, keywords: words.map((word) => sample(word, 1)), accumulate: true });
      expect((await store().load({ scope })).map((row) => row.keyword)).toEqual(['B', 'a', 'b', 'ä', '\uFB01', '🏠']);
    });

    test('R22 keywords outlive the run that saved them; its write keys do not', async () => {
      const runId = await start();
      await store().save({ scope, key: 'k', runId, keywords: [sample('a', 1)], accumulate: true });
      await current().database.runs.delete({ runId });
      expect(await store().load({ scope })).toEqual([sample('a', 1)]);
      await expectCode(store().save({ scope, key: 'k', runId, keywords: [], accumulate: true }), 'run_not_found');
      await expectCode(store().save({ scope, key: 'k', runId: v7(), keywords: [], accumulate: true }), 'run_not_found');
    });
  });
}

function sample(keyword: string, weight: number, fields: Record<string, unknown> = {}): KeywordRow {
  return { keyword, weight, last_used: '2026-01-01T00:00:00.000Z', fields };
}
