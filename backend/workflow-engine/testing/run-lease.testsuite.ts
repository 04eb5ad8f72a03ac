import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { expectCode } from './expect-code.ts';
import { sampleAppend, startSample } from './run-samples.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

const ttlMs = 10_000;

/** Laws of executing (format.md 10.10.1): one holder, fences that only grow, time by the monotonic clock. */
export function runLeaseContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: leases of a run`, () => {
    const current = useDatabase(setup);
    const store = () => current().database.runs;
    const claim = (runId: string, executor = 'a') => store().claimLease({ runId, claim: { executor, ttlMs } });

    test('10.10.1 of 50 parallel claims one wins', async () => {
      const { runId } = await startSample(store());
      const claims = await Promise.all(Array.from({ length: 50 }, (_, index) => claim(runId, `e${index}`)));
      const winner = claims.findIndex((won) => won !== null);
      expect(claims.filter((won) => won !== null)).toEqual([{ fence: 1 }]);
      expect(await store().find({ runId })).toMatchObject({ executor: `e${winner}`, fence: 1 });
    });

    test('10.10.1 a lease lives for its time, renewed or not, and then is anybody’s with a greater fence', async () => {
      const { runId } = await startSample(store());
      const { clock } = current();
      await claim(runId);
      clock.advance(ttlMs - 1);
      expect(await claim(runId, 'b')).toBeNull();
      expect(await store().renewLease({ runId, fence: 1, ttlMs })).toBe(true);
      clock.advance(ttlMs - 1);
      expect(await claim(runId, 'b')).toBeNull();
      clock.advance(1);
      expect(await claim(runId, 'b')).toEqual({ fence: 2 });
      expect(await store().renewLease({ runId, fence: 1, ttlMs })).toBe(false);
    });

    test('10.10.1 a holder that overslept goes on while nobody has taken over', async () => {
      const { runId, branchId } = await startSample(store());
      await claim(runId);
      current().clock.advance(ttlMs * 2);
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 1, { fence: 1 }));
      expect(await store().renewLease({ runId, fence: 1, ttlMs })).toBe(true);
      expect(await claim(runId, 'b')).toBeNull();
    });

    test('a lease of another boot is dead at once', async () => {
      const { runId } = await startSample(store());
      await claim(runId);
      current().clock.reboot();
      expect(await store().abandoned({ limit: 10 })).toEqual([runId]);
      expect(await claim(runId, 'b')).toEqual({ fence: 2 });
    });

    test('R21 the wall clock does not matter', async () => {
      const { runId } = await startSample(store());
      await claim(runId);
      current().clock.shiftWall(3_600_000);
      expect(await claim(runId, 'b')).toBeNull();
      current().clock.shiftWall(-7_200_000);
      expect(await claim(runId, 'b')).toBeNull();
    });

    test('10.10.1 a stale fence changes nothing', async () => {
      const { runId, branchId } = await startSample(store());
      await claim(runId);
      current().clock.advance(ttlMs);
      await claim(runId, 'b');
      const append = sampleAppend({ runId, branchId, expectedSeq: 0 }, 1, {
        fence: 1,
        projection: { status: 'completed' },
      });
      await expectCode(store().append(append), 'lease_lost');
      await store().releaseLease({ runId, fence: 1 });
      expect(await store().find({ runId })).toMatchObject({
        status: 'processing',
        last_seq: 0,
        executor: 'b',
        fence: 2,
      });
      await store().append({ ...append, fence: 2 });
    });

    test('10.10.2 a command needs no lease and does not end one', async () => {
      const { runId, branchId } = await startSample(store());
      await claim(runId);
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }));
      await expectCode(store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 1, { fence: 1 })), 'conflict');
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 1 }, 1, { fence: 1 }));
    });

    test('a start and a command may claim in the same commit', async () => {
      const first = await startSample(store(), {}, { claim: { executor: 'a', ttlMs } });
      expect(first).toMatchObject({ fence: 1, run: { fence: 1, executor: 'a' } });
      const again = sampleAppend({ ...first, expectedSeq: 0 }, 1, { claim: { executor: 'b', ttlMs } });
      expect(await store().append(again)).toEqual({ fence: null });
      await store().append(sampleAppend({ ...first, expectedSeq: 1 }, 1, { fence: 1, release: true }));
      expect(await store().find({ runId: first.runId })).toMatchObject({ executor: null, fence: 1 });
      const third = sampleAppend({ ...first, expectedSeq: 2 }, 1, { claim: { executor: 'b', ttlMs } });
      expect(await store().append(third)).toEqual({ fence: 2 });
    });

    test('a released fence is no longer good', async () => {
      const { runId, branchId } = await startSample(store(), {}, { claim: { executor: 'a', ttlMs } });
      await store().releaseLease({ runId, fence: 1 });
      await expectCode(
        store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 1, { fence: 1 })),
        'lease_lost',
      );
      expect(await store().renewLease({ runId, fence: 1, ttlMs })).toBe(false);
      expect(await claim(runId, 'b')).toEqual({ fence: 2 });
    });

    test('a lease that is given back without an append wakes whoever waits for the run', async () => {
      const { runId } = await startSample(store(), {}, { claim: { executor: 'a', ttlMs } });
      let calls = 0;
      const stop = store().watch(runId, () => {
        calls += 1;
      });
      await store().releaseLease({ runId, fence: 1 });
      await expect.poll(() => calls).toBeGreaterThan(0);
      expect((await store().find({ runId }))?.executor).toBeNull();
      stop();
    });

    test('10.10.3 abandoned are the runs in processing that nobody executes, oldest first', async () => {
      const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
      const make = async (second: number, status: 'processing' | 'awaiting_input' = 'processing', held = false) => {
        const rest = held ? { claim: { executor: 'a', ttlMs } } : {};
        return (await startSample(store(), { created_at: at(second), status }, rest)).runId;
      };
      const third = await make(3);
      const held = await make(2, 'processing', true);
      const first = await make(1);
      await make(0, 'awaiting_input');
      expect(await store().abandoned({ limit: 10 })).toEqual([first, third]);
      expect(await store().abandoned({ limit: 1 })).toEqual([first]);
      current().clock.advance(ttlMs);
      expect(await store().abandoned({ limit: 10 })).toEqual([first, held, third]);
    });

    test('leases of runs that are not there', async () => {
      await expectCode(claim(v7()), 'run_not_found');
      expect(await store().renewLease({ runId: v7(), fence: 1, ttlMs })).toBe(false);
      await store().releaseLease({ runId: v7(), fence: 1 });
    });
  });
}
