import * as fc from 'fast-check';
import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { hasCode } from '../errors/index.ts';
import type { RunStore } from '../ports/run-store.ts';
import { expectCode } from './expect-code.ts';
import { sampleAppend, sampleEvents, sampleFork, sampleRun, startSample } from './run-samples.ts';
import { runs as numRuns } from './runs.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

/** Laws of the log: dense, all or nothing, one winner, branches as lines. */
export function runLogContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: log of a run`, () => {
    const current = useDatabase(setup);
    const store = () => current().database.runs;
    const seqs = async (
      runId: string,
      branchId: string,
      range: { afterSeq?: number; upToSeq?: number; limit?: number } = {},
    ) => (await store().readLine({ runId, branchId, afterSeq: -1, ...range })).map((event) => event.seq);

    test('8.1 a line reads 0, 1, 2, … in the order of its appends', async () => {
      const { runId, branchId } = await startSample(store());
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 3));
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 3 }, 1));
      expect(await seqs(runId, branchId)).toEqual([0, 1, 2, 3, 4]);
      expect(await store().find({ runId })).toMatchObject({ last_seq: 4, current_branch_id: branchId });
    });

    test('8.1 events come back as they went in, unknown fields included', async () => {
      const { runId, branchId } = await startSample(store());
      const append = sampleAppend({ runId, branchId, expectedSeq: 0 });
      const odd = { ...append.events[0]!, extra: { a: [1, null, 'ü𝄞'], __two: 2 } };
      await store().append({ ...append, events: [odd] });
      expect(await store().readLine({ runId, branchId, afterSeq: 0 })).toEqual([odd]);
    });

    test('8.2 the loser of a race gets conflict and has changed nothing', async () => {
      const { runId, branchId } = await startSample(store());
      const rivals = Array.from({ length: 50 }, (_, index) =>
        store().append(
          sampleAppend({ runId, branchId, expectedSeq: 0 }, 2, { projection: { version_id: `v${index}` } }),
        ),
      );
      const results = await Promise.allSettled(rivals);
      const lost = results.filter((result) => result.status === 'rejected');
      expect(lost).toHaveLength(49);
      expect(lost.every((result) => hasCode(result.reason, 'conflict'))).toBe(true);
      expect(await seqs(runId, branchId)).toEqual([0, 1, 2]);
      const winner = results.findIndex((result) => result.status === 'fulfilled');
      expect((await store().find({ runId }))?.version_id).toBe(`v${winner}`);
    });

    test('8.2 an append that expects too much is a conflict as well', async () => {
      const { runId, branchId } = await startSample(store());
      await expectCode(store().append(sampleAppend({ runId, branchId, expectedSeq: 5 })), 'conflict');
      expect(await seqs(runId, branchId)).toEqual([0]);
    });

    test('8.2 a failing append leaves neither events nor projection nor calls, and its neighbours stand', async () => {
      const [a, b] = [await startSample(store()), await startSample(store())];
      const results = await Promise.allSettled([
        store().append(sampleAppend({ ...a, expectedSeq: 0 }, 2)),
        store().append(
          sampleAppend({ ...b, expectedSeq: 7 }, 2, { projection: { status: 'completed', active_name: 'release' } }),
        ),
        store().append(sampleAppend({ ...a, expectedSeq: 2 }, 1)),
      ]);
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await seqs(a.runId, a.branchId)).toEqual([0, 1, 2, 3]);
      expect(await store().find({ runId: b.runId })).toEqual(b.run);
    });

    test('8.1 events that do not continue the line are refused', async () => {
      const { runId, branchId } = await startSample(store());
      const events = sampleEvents({ runId, branchId, seq: 2 }, 1);
      await expectCode(store().append({ runId, branchId, expectedSeq: 0, events, projection: {} }), 'internal_error');
      expect(await seqs(runId, branchId)).toEqual([0]);
    });

    test('an append without events changes the row alone', async () => {
      const { runId, branchId } = await startSample(store());
      await store().append({
        runId,
        branchId,
        expectedSeq: 0,
        events: [],
        projection: { status: 'awaiting_input', interaction_id: 'i' },
      });
      expect(await store().find({ runId })).toMatchObject({
        status: 'awaiting_input',
        interaction_id: 'i',
        last_seq: 0,
      });
    });

    test('unknown runs and branches are named as such', async () => {
      const { runId } = await startSample(store());
      await expectCode(store().append(sampleAppend({ runId: v7(), branchId: v7(), expectedSeq: 0 })), 'run_not_found');
      await expectCode(store().append(sampleAppend({ runId, branchId: v7(), expectedSeq: 0 })), 'branch_not_found');
      await expectCode(store().readLine({ runId, branchId: v7(), afterSeq: -1 }), 'branch_not_found');
      await expectCode(store().readLine({ runId: v7(), branchId: v7(), afterSeq: -1 }), 'run_not_found');
      await expectCode(store().branches({ runId: v7() }), 'run_not_found');
      expect(await store().find({ runId: v7() })).toBeNull();
    });

    test('a projection lasts; what it does not name stays', async () => {
      const { runId, branchId, run } = await startSample(store());
      const error = { code: 'module_failed', params: { a: 1 }, title: 'T', message: 'M', transient: false } as const;
      const progress = { ...run.progress, current_step: 's', completed_steps: ['r'] };
      const status_fields = [{ id: 'f', label: 'L', value: 'V' }];
      await store().append(
        sampleAppend({ runId, branchId, expectedSeq: 0 }, 1, {
          projection: { status: 'error', error, progress, status_fields },
        }),
      );
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 1 }, 1, { projection: { error: null } }));
      expect(await store().find({ runId })).toEqual({
        ...run,
        status: 'error',
        error: null,
        progress,
        status_fields,
        last_seq: 2,
      });
    });

    test('23 a run holds at most 100 000 events, save those that end it', async () => {
      const create = sampleRun();
      const place = { runId: create.run.workflow_run_id, branchId: create.branch_id };
      await store().create({ ...create, events: [...create.events, ...sampleEvents({ ...place, seq: 1 }, 99_998)] });
      await expectCode(store().append(sampleAppend({ ...place, expectedSeq: 99_998 }, 2)), 'run_limit');
      await store().append(sampleAppend({ ...place, expectedSeq: 99_998 }, 1));
      await expectCode(store().append(sampleAppend({ ...place, expectedSeq: 99_999 }, 1)), 'run_limit');
      const [last] = sampleEvents({ ...place, seq: 100_000 }, 1);
      const end = { ...last!, type: 'workflow_cancelled' as const, data: { by: 'u' } };
      await store().append({ ...place, expectedSeq: 99_999, events: [end], projection: {} });
      expect(await seqs(place.runId, place.branchId, { afterSeq: 99_998 })).toEqual([99_999, 100_000]);
    });

    test('9.1 a branch is a line: its parent up to the fork, then its own', async () => {
      const { runId, branchId } = await startSample(store());
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 9));
      const fork = sampleFork({ runId, parentId: branchId, forkSeq: 4 }, 3);
      await store().append(fork);
      const line = await store().readLine({ runId, branchId: fork.branchId, afterSeq: -1 });
      expect(line.map((event) => event.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(line.map((event) => event.branch_id === branchId)).toEqual([
        true,
        true,
        true,
        true,
        true,
        false,
        false,
        false,
      ]);
      expect(line[5]?.type).toBe('branch_created');
      expect(await store().find({ runId })).toMatchObject({ current_branch_id: fork.branchId, last_seq: 7 });
      expect(await seqs(runId, branchId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await store().branches({ runId })).toMatchObject([
        { branch_id: branchId, parent_branch_id: null, fork_seq: -1, last_seq: 9, kind: 'first', name: null },
        { branch_id: fork.branchId, parent_branch_id: branchId, fork_seq: 4, last_seq: 7, kind: 'retry' },
      ]);
    });

    test('9.1 what the parent gets after a fork is not on the line (R11)', async () => {
      const { runId, branchId } = await startSample(store());
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 2));
      const fork = sampleFork({ runId, parentId: branchId, forkSeq: 2 });
      await store().append(fork);
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 2 }, 2));
      expect(await seqs(runId, fork.branchId)).toEqual([0, 1, 2, 3]);
      expect((await store().find({ runId }))?.last_seq).toBe(3);
    });

    test('9.8 a branch is made once; a second try is a conflict', async () => {
      const { runId, branchId } = await startSample(store());
      const fork = sampleFork({ runId, parentId: branchId, forkSeq: 0 });
      const results = await Promise.allSettled([store().append(fork), store().append(fork)]);
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected']);
      await expectCode(store().append(fork), 'conflict');
      expect(await store().branches({ runId })).toHaveLength(2);
      await expectCode(store().append(sampleFork({ runId, parentId: branchId, forkSeq: 3 })), 'conflict');
      await expectCode(store().append(sampleFork({ runId, parentId: v7(), forkSeq: 0 })), 'branch_not_found');
    });

    test('9.9 returning to a branch makes it current; late events of another one do not touch the row', async () => {
      const { runId, branchId } = await startSample(store());
      const fork = sampleFork({ runId, parentId: branchId, forkSeq: 0 }, 4);
      await store().append(fork);
      await expectCode(
        store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 1, { projection: { status: 'error' } })),
        'conflict',
      );
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 1));
      expect(await store().find({ runId })).toMatchObject({
        current_branch_id: fork.branchId,
        last_seq: 4,
        status: 'processing',
      });
      await store().append(
        sampleAppend({ runId, branchId, expectedSeq: 1 }, 1, { projection: { current_branch_id: branchId } }),
      );
      expect(await store().find({ runId })).toMatchObject({ current_branch_id: branchId, last_seq: 2 });
    });

    test('9.9 an append that takes another branch for the current one is a conflict, and changes nothing', async () => {
      const { runId, branchId } = await startSample(store());
      const fork = sampleFork({ runId, parentId: branchId, forkSeq: 0 }, 2);
      await store().append(fork);
      await store().append({
        ...sampleAppend({ runId, branchId, expectedSeq: 0 }, 1, { projection: { current_branch_id: branchId } }),
        expectCurrent: fork.branchId,
      });
      const before = [await store().find({ runId }), await store().branches({ runId })];
      const late = sampleFork({ runId, parentId: fork.branchId, forkSeq: 1 });
      await expectCode(store().append({ ...late, expectCurrent: fork.branchId }), 'conflict');
      const gone = sampleAppend({ runId, branchId, expectedSeq: 1 }, 1);
      await expectCode(store().append({ ...gone, expectCurrent: fork.branchId }), 'conflict');
      expect([await store().find({ runId }), await store().branches({ runId })]).toEqual(before);
      await store().append({ ...gone, expectCurrent: branchId });
      expect(await seqs(runId, branchId)).toEqual([0, 1, 2]);
    });

    test('23 a run holds at most 500 branches', async () => {
      const { runId, branchId } = await startSample(store());
      await Promise.all(
        Array.from({ length: 499 }, () => store().append(sampleFork({ runId, parentId: branchId, forkSeq: 0 }))),
      );
      await expectCode(store().append(sampleFork({ runId, parentId: branchId, forkSeq: 0 })), 'run_limit');
      expect(await store().branches({ runId })).toHaveLength(500);
    });

    test('a branch has a name when somebody gives it one', async () => {
      const { runId, branchId } = await startSample(store());
      await store().renameBranch({ runId, branchId, name: 'bolder' });
      expect((await store().branches({ runId }))[0]?.name).toBe('bolder');
      await store().renameBranch({ runId, branchId, name: null });
      expect((await store().branches({ runId }))[0]?.name).toBeNull();
      await expectCode(store().renameBranch({ runId, branchId: v7(), name: 'x' }), 'branch_not_found');
    });

    test('9.1 any range of any line of forks of forks is what the model says', async () => {
      const shape = fc.array(
        fc.record({
          parent: fc.nat(5),
          at: fc.nat(20),
          batches: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
        }),
        {
          minLength: 1,
          maxLength: 6,
        },
      );
      const range = fc.record({
        afterSeq: fc.integer({ min: -1, max: 20 }),
        upToSeq: fc.integer({ min: 0, max: 20 }),
        limit: fc.integer({ min: 1, max: 8 }),
      });
      await fc.assert(
        fc.asyncProperty(shape, fc.array(range, { minLength: 1, maxLength: 6 }), async (forks, ranges) => {
          const { runId, lines } = await buildForks(store(), forks);
          for (const [branchId, names] of lines) {
            for (const { afterSeq, upToSeq, limit } of ranges) {
              const events = await store().readLine({ runId, branchId, afterSeq, upToSeq, limit });
              const wanted = names.filter((_, seq) => seq > afterSeq && seq <= upToSeq).slice(0, limit);
              expect(events.map((event) => `${event.branch_id}:${event.seq}`)).toEqual(wanted);
            }
          }
        }),
        { numRuns: numRuns(30, 500) },
      );
    });
  });
}

/** Builds a run of forks; for each branch its line as the model has it, `branch:seq` by position. */
async function buildForks(
  store: RunStore,
  forks: { parent: number; at: number; batches: number[] }[],
): Promise<{ runId: string; lines: Map<string, string[]> }> {
  const { runId, branchId } = await startSample(store);
  const lines = new Map([[branchId, [`${branchId}:0`]]]);
  const ids = [branchId];
  for (const { parent, at, batches } of forks) {
    const parentId = ids[parent % ids.length]!;
    const parentLine = lines.get(parentId)!;
    const forkSeq = at % parentLine.length;
    const fork = sampleFork({ runId, parentId, forkSeq }, 2);
    await store.append(fork);
    const line = [...parentLine.slice(0, forkSeq + 1), ...fork.events.map((event) => `${fork.branchId}:${event.seq}`)];
    for (const size of batches) {
      const append = sampleAppend({ runId, branchId: fork.branchId, expectedSeq: line.length - 1 }, size);
      await store.append(append);
      line.push(...append.events.map((event) => `${fork.branchId}:${event.seq}`));
    }
    lines.set(fork.branchId, line);
    ids.push(fork.branchId);
  }
  return { runId, lines };
}
