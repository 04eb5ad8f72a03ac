import { describe, expect, test } from 'vitest';
import { type StoreSetup, useDatabase } from './store-setup.ts';

const now = new Date('2026-01-01T00:00:00.000Z');
const later = new Date('2026-01-02T00:00:00.000Z');

/** People's own keys for providers. */
export function credentialStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: credentials`, () => {
    const current = useDatabase(setup);
    const store = () => current().database.credentials;

    test('a key comes back as it was given, to its owner and for its provider alone', async () => {
      const apiKey = 'sk-🔑-abcdefghijklmnop';
      await store().put({ userId: 'u1', provider: 'acme', apiKey, now });
      expect(await store().get({ userId: 'u1', provider: 'acme' })).toBe(apiKey);
      expect(await store().get({ userId: 'u2', provider: 'acme' })).toBeNull();
      expect(await store().get({ userId: 'u1', provider: 'beta' })).toBeNull();
    });

    test('a list names providers and the end of each key, never the key; one too short shows nothing', async () => {
      await store().put({ userId: 'u1', provider: 'beta', apiKey: 'sk-abcdefgh-4711', now: later });
      await store().put({ userId: 'u1', provider: 'acme', apiKey: 'short', now });
      await store().put({ userId: 'u2', provider: 'acme', apiKey: 'sk-abcdefgh-0815', now });
      expect(await store().list({ userId: 'u1' })).toEqual([
        { provider: 'acme', hint: '', updated_at: now.toISOString() },
        { provider: 'beta', hint: '4711', updated_at: later.toISOString() },
      ]);
      expect(await store().list({ userId: 'u3' })).toEqual([]);
    });

    test('a second key takes the place of the first; a deleted one is gone', async () => {
      const place = { userId: 'u1', provider: 'acme' };
      await store().put({ ...place, apiKey: 'first-key-1111', now });
      await store().put({ ...place, apiKey: 'second-key-2222', now: later });
      expect(await store().get(place)).toBe('second-key-2222');
      expect(await store().list({ userId: 'u1' })).toEqual([
        { provider: 'acme', hint: '2222', updated_at: later.toISOString() },
      ]);
      await store().delete(place);
      await store().delete(place);
      expect(await store().get(place)).toBeNull();
    });
  });
}
