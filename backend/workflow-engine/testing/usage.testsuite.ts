import { describe, expect, test } from 'vitest';
import { usageKeysPerScope, type UsageScope } from '../ports/usage-store.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

const scope: UsageScope = { userId: 'user-1', templateId: 'template-1', stepId: 'step', moduleName: 'pick' };
const early = '2026-01-01T00:00:00.000Z';
const late = '2026-01-02T00:00:00.000Z';

/** When items were last chosen (format.md 16). */
export function usageStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: usage`, () => {
    const current = useDatabase(setup);
    const store = () => current().database.usage;
    const times = async (of: UsageScope, keys: string[]) =>
      Object.fromEntries(await store().lastUsed({ scope: of, keys }));

    test('16 keys answer with the time of their last choice; others are not there', async () => {
      await store().touch({ scope, keys: ['a', 'b'], at: early });
      await store().touch({ scope, keys: ['b', 'b', '🏠'], at: late });
      expect(await times(scope, ['🏠', 'b', 'a', 'c', 'b'])).toEqual({ a: early, b: late, '🏠': late });
      expect(await times(scope, [])).toEqual({});
      await store().touch({ scope, keys: [], at: late });
      expect(await times(scope, ['c'])).toEqual({});
    });

    test('16 repeated and late calls change nothing', async () => {
      const call = { scope, keys: ['a'], at: late };
      await Promise.all([store().touch(call), store().touch(call), store().touch({ ...call, at: early })]);
      await store().touch({ ...call, at: early });
      expect(await times(scope, ['a'])).toEqual({ a: late });
    });

    test('16 scopes do not see each other', async () => {
      const others = [
        { ...scope, userId: 'user-2' },
        { ...scope, templateId: 'template-2' },
        { ...scope, stepId: 'other' },
        { ...scope, moduleName: 'other' },
      ];
      await store().touch({ scope, keys: ['a'], at: early });
      for (const other of others) expect(await times(other, ['a'])).toEqual({});
      for (const other of others) await store().touch({ scope: other, keys: ['a'], at: late });
      expect(await times(scope, ['a'])).toEqual({ a: early });
    });

    test('16 what is known of a template is listed for its person alone', async () => {
      const other = { ...scope, stepId: 'later' };
      await store().touch({ scope: other, keys: ['a'], at: early });
      await store().touch({ scope, keys: ['b', 'a'], at: late });
      await store().touch({ scope: { ...scope, userId: 'user-2' }, keys: ['c'], at: late });
      await store().touch({ scope: { ...scope, templateId: 'template-2' }, keys: ['d'], at: late });
      const { userId, templateId } = scope;
      expect((await store().ofTemplate({ userId, templateId })).map((row) => ({ ...row }))).toEqual([
        { stepId: 'later', moduleName: 'pick', key: 'a', at: early },
        { stepId: 'step', moduleName: 'pick', key: 'a', at: late },
        { stepId: 'step', moduleName: 'pick', key: 'b', at: late },
      ]);
      expect(await store().ofTemplate({ userId: 'user-3', templateId })).toEqual([]);
    });

    test('16 a scope that is full forgets the oldest', async () => {
      const keys = Array.from({ length: usageKeysPerScope }, (_, index) => `k${index}`);
      await store().touch({ scope, keys: ['oldest'], at: '2025-12-31T00:00:00.000Z' });
      await store().touch({ scope, keys, at: early });
      await store().touch({ scope, keys: ['newest'], at: late });
      const found = await store().lastUsed({ scope, keys: ['oldest', 'newest', ...keys] });
      expect(found.size).toBe(usageKeysPerScope);
      expect(found.has('oldest')).toBe(false);
      expect(found.get('newest')).toBe(late);
    });
  });
}
