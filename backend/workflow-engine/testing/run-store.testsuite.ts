import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { ListRuns, RunRow } from '../ports/run-store.ts';
import { collectPages } from './collect-pages.ts';
import { expectCode } from './expect-code.ts';
import { sampleAppend, sampleCreated, sampleFork, sampleRun, startSample } from './run-samples.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

/** Laws of a run's row: starting, names, lists, checkpoints, watching, deleting. */
export function runStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: runs`, () => {
    const current = useDatabase(setup);
    const store = () => current().database.runs;

    const listAll = (params: Omit<ListRuns, 'limit' | 'cursor'>, limit: number): Promise<RunRow[]> =>
      collectPages((page) => store().list({ ...params, ...page }), limit);

    test('a new run reads back as it was created', async () => {
      const params = sampleRun({ project_name: 'Häuser 🏠', status_fields: [{ id: 'f', label: 'L', value: 'V' }] });
      const { created, run, fence } = await store().create(params);
      expect({ created, fence }).toEqual({ created: true, fence: null });
      expect(run).toEqual({
        ...params.run,
        active_name: 'Häuser 🏠',
        current_branch_id: params.branch_id,
        last_seq: 0,
        fence: 0,
        executor: null,
      });
      expect(await store().find({ runId: run.workflow_run_id })).toEqual(run);
      expect(await store().branches({ runId: run.workflow_run_id })).toEqual([
        {
          branch_id: params.branch_id,
          workflow_run_id: run.workflow_run_id,
          parent_branch_id: null,
          fork_seq: -1,
          last_seq: 0,
          kind: 'first',
          name: null,
          created_at: params.run.created_at,
        },
      ]);
    });

    test('1.10 of 50 parallel starts with one name one run is made, and all get it (R7)', async () => {
      const starts = Array.from({ length: 50 }, () => store().create(sampleRun({ project_name: 'same' })));
      const results = await Promise.all(starts);
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(results.map(({ run }) => run.workflow_run_id)).size).toBe(1);
      expect((await store().list({ userId: 'user-1', limit: 100 })).items).toHaveLength(1);
    });

    test('1.10 names are unique within a user and template only', async () => {
      const project_name = 'same';
      for (const other of [
        {},
        { user_id: 'user-2' },
        { template_id: 'template-2' },
        { template_id: null },
        { template_id: null, template_name: 'Other' },
      ]) {
        expect((await store().create(sampleRun({ project_name, ...other }))).created).toBe(true);
      }
      expect((await store().create(sampleRun({ project_name, template_id: null }))).created).toBe(false);
    });

    test('1.10 force_new takes the name over; the earlier run goes on', async () => {
      const first = await startSample(store(), { project_name: 'same' });
      const second = await store().create(sampleRun({ project_name: 'same' }, { forceNew: true }));
      expect(second).toMatchObject({ created: true, run: { active_name: 'same' } });
      expect(await store().find({ runId: first.runId })).toMatchObject({
        active_name: null,
        project_name: 'same',
        status: 'processing',
      });
      expect((await store().create(sampleRun({ project_name: 'same' }))).run.workflow_run_id).toBe(
        second.run.workflow_run_id,
      );
      await store().append(sampleAppend({ ...first, expectedSeq: 0 }));
    });

    test('1.10 the name is free once released, and is taken back only while it is', async () => {
      const first = await startSample(store(), { project_name: 'same' });
      await store().append(
        sampleAppend({ ...first, expectedSeq: 0 }, 1, { projection: { status: 'error', active_name: 'release' } }),
      );
      await store().append(
        sampleAppend({ ...first, expectedSeq: 1 }, 1, { projection: { status: 'processing', active_name: 'take' } }),
      );
      expect((await store().find({ runId: first.runId }))?.active_name).toBe('same');
      await store().append(
        sampleAppend({ ...first, expectedSeq: 2 }, 1, { projection: { status: 'error', active_name: 'release' } }),
      );
      expect((await store().create(sampleRun({ project_name: 'same' }))).created).toBe(true);
      await store().append(
        sampleAppend({ ...first, expectedSeq: 3 }, 1, { projection: { status: 'processing', active_name: 'take' } }),
      );
      expect(await store().find({ runId: first.runId })).toMatchObject({ active_name: null, status: 'processing' });
    });

    test('1.10 a run that has ended at its start, and a child run, take no name', async () => {
      const done = await store().create(sampleRun({ project_name: 'same', status: 'completed' }));
      expect(done.run.active_name).toBeNull();
      const parent = await startSample(store(), { project_name: 'same' });
      const child = await store().create(sampleRun({ project_name: 'same', parent_run_id: parent.runId }));
      expect(child).toMatchObject({ created: true, run: { active_name: null } });
      await store().append(
        sampleAppend({ runId: child.run.workflow_run_id, branchId: child.run.current_branch_id, expectedSeq: 0 }, 1, {
          projection: { active_name: 'take' },
        }),
      );
      expect((await store().find({ runId: child.run.workflow_run_id }))?.active_name).toBeNull();
    });

    test('an idempotency key answers the first run, also after that has ended, and within its user only', async () => {
      const idempotencyKey = 'k';
      const first = await startSample(store(), {}, { idempotencyKey });
      await store().append(
        sampleAppend({ ...first, expectedSeq: 0 }, 1, { projection: { status: 'completed', active_name: 'release' } }),
      );
      const again = await store().create(sampleRun({}, { idempotencyKey, forceNew: true }));
      expect(again).toMatchObject({ created: false, run: { workflow_run_id: first.runId } });
      expect((await store().create(sampleRun({ user_id: 'user-2' }, { idempotencyKey }))).created).toBe(true);
    });

    test('a start that is refused leaves nothing behind', async () => {
      const params = sampleRun();
      const [event] = params.events;
      await expectCode(store().create({ ...params, events: [{ ...event!, seq: 1 }] }), 'internal_error');
      expect(await store().find({ runId: params.run.workflow_run_id })).toBeNull();
      expect((await store().create(params)).created).toBe(true);
    });

    test('an id belongs to one run', async () => {
      const { run, runId } = await startSample(store());
      await expectCode(store().create(sampleRun({ workflow_run_id: runId, project_name: 'other' })), 'conflict');
      expect(await store().find({ runId })).toEqual(run);
    });

    test('names may hold any character that is one', async () => {
      for (const project_name of ['', 'a\0b', '\u2028"\'\\', 'e\u0301', '\u{10FFFF}', ' x ']) {
        const { runId } = await startSample(store(), { project_name });
        expect((await store().find({ runId }))?.project_name).toBe(project_name);
        expect((await store().create(sampleRun({ project_name }))).run.workflow_run_id).toBe(runId);
      }
      expect((await store().list({ userId: 'user-1', q: 'A\0B', limit: 9 })).items).toHaveLength(1);
      expect((await store().list({ userId: 'user-1', q: '\u00E9', limit: 9 })).items).toHaveLength(1);
    });

    test('lists come newest first, page by page, without gaps or repeats', async () => {
      const wanted: string[] = [];
      for (let index = 0; index < 23; index += 1) {
        // Four share a time and seven share a minute, so that both tie-breakers are needed.
        const seconds = Math.floor(index / 4) * 40;
        const time = new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
        wanted.push((await startSample(store(), { updated_at: time })).runId);
      }
      await startSample(store(), { user_id: 'user-2' });
      await startSample(store(), { parent_run_id: wanted[0]! });
      const order = [...wanted].reverse();
      for (const limit of [1, 3, 7, 23, 50]) {
        expect((await listAll({ userId: 'user-1' }, limit)).map((row) => row.workflow_run_id)).toEqual(order);
      }
    });

    test('an append moves its run to the front', async () => {
      const runs = [await startSample(store()), await startSample(store()), await startSample(store())];
      const [event] = sampleAppend({ ...runs[0]!, expectedSeq: 0 }).events;
      const later = { ...event!, time: '2026-01-01T00:10:00.000Z' };
      await store().append({ ...sampleAppend({ ...runs[0]!, expectedSeq: 0 }), events: [later] });
      const { items } = await store().list({ userId: 'user-1', limit: 1 });
      expect(items).toMatchObject([{ workflow_run_id: runs[0]!.runId, updated_at: '2026-01-01T00:10:00.000Z' }]);
    });

    test('lists are filtered by status, template, text, time and waiting', async () => {
      const at = (minute: string) => `2026-02-01T10:${minute}.000Z`;
      await startSample(store(), {
        project_name: 'Äpfel',
        status: 'awaiting_input',
        interaction_id: 'i',
        updated_at: at('00:10'),
      });
      await startSample(store(), {
        project_name: 'Birnen',
        template_id: 'template-2',
        template_name: 'OBST',
        updated_at: at('00:30'),
      });
      await startSample(store(), { project_name: 'Käse 100%_', status: 'completed', updated_at: at('05:00') });
      const names = async (params: Partial<ListRuns>) =>
        (await listAll({ userId: 'user-1', ...params }, 2)).map((row) => row.project_name);
      expect(await names({ status: 'completed' })).toEqual(['Käse 100%_']);
      expect(await names({ templateId: 'template-2' })).toEqual(['Birnen']);
      expect(await names({ q: 'äPF' })).toEqual(['Äpfel']);
      expect(await names({ q: 'obst' })).toEqual(['Birnen']);
      expect(await names({ q: '%_' })).toEqual(['Käse 100%_']);
      expect(await names({ q: '' })).toHaveLength(3);
      expect(await names({ from: at('00:30') })).toEqual(['Käse 100%_', 'Birnen']);
      expect(await names({ to: at('00:30') })).toEqual(['Äpfel']);
      expect(await names({ from: at('00:11'), to: at('05:00') })).toEqual(['Birnen']);
      expect(await names({ waiting: true })).toEqual(['Äpfel']);
      expect(await store().countWaiting({ userId: 'user-1' })).toBe(1);
      expect(await store().countWaiting({ userId: 'user-2' })).toBe(0);
    });

    test('a cursor that no list has handed out is refused', async () => {
      for (const cursor of ['', '!', 'bm90IGpzb24', btoa('[1,2]'), btoa('["a"]'), btoa('{}')]) {
        await expectCode(store().list({ userId: 'user-1', limit: 1, cursor }), 'request_invalid');
      }
    });

    test('renaming keeps the held name with the run', async () => {
      const [a, b] = [
        await startSample(store(), { project_name: 'a' }),
        await startSample(store(), { project_name: 'b' }),
      ];
      await expectCode(store().rename({ runId: a.runId, projectName: 'b' }), 'conflict');
      expect(await store().find({ runId: a.runId })).toMatchObject({ project_name: 'a', active_name: 'a' });
      await store().rename({ runId: a.runId, projectName: 'c' });
      expect(await store().find({ runId: a.runId })).toMatchObject({ project_name: 'c', active_name: 'c' });
      expect((await store().list({ userId: 'user-1', limit: 9, q: 'C' })).items).toHaveLength(1);
      expect((await store().create(sampleRun({ project_name: 'a' }))).created).toBe(true);
      expect((await store().create(sampleRun({ project_name: 'c' }))).created).toBe(false);
      await store().append(sampleAppend({ ...b, expectedSeq: 0 }, 1, { projection: { active_name: 'release' } }));
      await store().rename({ runId: b.runId, projectName: 'c' });
      expect(await store().find({ runId: b.runId })).toMatchObject({ project_name: 'c', active_name: null });
      await expectCode(store().rename({ runId: v7(), projectName: 'x' }), 'run_not_found');
    });

    test('R22 delete removes all of a run and of its child runs, and nothing else', async () => {
      const { database } = current();
      const run = await startSample(
        store(),
        { project_name: 'p' },
        { idempotencyKey: 'k', values: [{ sha256: 'aa', json: '1' }] },
      );
      const other = await startSample(store(), {}, { values: [{ sha256: 'aa', json: '1' }] });
      const child = await startSample(store(), { parent_run_id: run.runId });
      const fork = sampleFork({ runId: run.runId, parentId: run.branchId, forkSeq: 0 });
      await store().append(fork);
      await store().append(sampleFork({ runId: run.runId, parentId: fork.branchId, forkSeq: 1 }));
      await store().saveCheckpoint({ runId: run.runId, checkpoint: { branch_id: fork.branchId, seq: 1, state: 's' } });
      await store().delete({ runId: run.runId });
      for (const runId of [run.runId, child.runId]) {
        expect(await store().find({ runId })).toBeNull();
        await expectCode(store().readLine({ runId, branchId: run.branchId, afterSeq: -1 }), 'run_not_found');
        await expectCode(
          store().append(sampleAppend({ runId, branchId: run.branchId, expectedSeq: 0 })),
          'run_not_found',
        );
        await expectCode(database.content.putValue({ runId, sha256: 'bb', json: '2' }), 'run_not_found');
        expect(await database.content.getValue({ runId, sha256: 'aa' })).toBeNull();
      }
      expect(await database.content.getValue({ runId: other.runId, sha256: 'aa' })).toBe('1');
      expect(await store().find({ runId: other.runId })).toEqual(other.run);
      expect((await store().create(sampleRun({ project_name: 'p' }, { idempotencyKey: 'k' }))).created).toBe(true);
      await expectCode(store().delete({ runId: run.runId }), 'run_not_found');
    });

    test('the newest checkpoint on the line comes back, forks included', async () => {
      const { runId, branchId } = await startSample(store());
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 30));
      const save = (id: string, seq: number) =>
        store().saveCheckpoint({ runId, checkpoint: { branch_id: id, seq, state: `${id}:${seq}` } });
      const load = (id: string, upToSeq: number) => store().loadCheckpoint({ runId, branchId: id, upToSeq });
      expect(await load(branchId, 30)).toBeNull();
      await save(branchId, 10);
      await save(branchId, 20);
      expect(await load(branchId, 30)).toEqual({ branch_id: branchId, seq: 20, state: `${branchId}:20` });
      expect(await load(branchId, 19)).toMatchObject({ seq: 10 });
      expect(await load(branchId, 9)).toBeNull();

      const fork = sampleFork({ runId, parentId: branchId, forkSeq: 15 }, 10);
      await store().append(fork);
      expect(await load(fork.branchId, 25)).toMatchObject({ branch_id: branchId, seq: 10 });
      await save(fork.branchId, 22);
      expect(await load(fork.branchId, 25)).toMatchObject({ branch_id: fork.branchId, seq: 22 });
      expect(await load(fork.branchId, 21)).toMatchObject({ branch_id: branchId, seq: 10 });

      for (const seq of [21, 22, 23, 24]) await save(branchId, seq);
      expect(await load(branchId, 30)).toMatchObject({ seq: 24 });
      expect(await load(branchId, 21)).toBeNull();
      await expectCode(load(v7(), 1), 'branch_not_found');
      await store().saveCheckpoint({ runId: v7(), checkpoint: { branch_id: branchId, seq: 1, state: 's' } });
    });

    test('a watcher is called after an append to its run, and not after it stopped', async () => {
      const [a, b] = [await startSample(store()), await startSample(store())];
      const seen: string[] = [];
      const stopA = store().watch(a.runId, () => seen.push('a'));
      const stopB = store().watch(b.runId, () => seen.push('b'));
      await store().append(sampleAppend({ ...a, expectedSeq: 0 }));
      await expect.poll(() => seen).toEqual(['a']);
      stopA();
      await store().append(sampleAppend({ ...a, expectedSeq: 1 }));
      await store().append(sampleAppend({ ...b, expectedSeq: 0 }));
      await expect.poll(() => seen).toEqual(['a', 'b']);
      await store().delete({ runId: b.runId });
      await expect.poll(() => seen).toEqual(['a', 'b', 'b']);
      stopB();
    });

    test('one function may watch twice, and stops as often', async () => {
      const { runId, branchId } = await startSample(store());
      let calls = 0;
      const count = () => {
        calls += 1;
      };
      const stops = [store().watch(runId, count), store().watch(runId, count)];
      stops[0]?.();
      stops[0]?.();
      await store().append(sampleAppend({ runId, branchId, expectedSeq: 0 }));
      await expect.poll(() => calls).toBe(1);
      stops[1]?.();
    });

    test('an event at the start may be followed by what was executed at once', async () => {
      const params = sampleRun();
      const place = { runId: params.run.workflow_run_id, branchId: params.branch_id };
      const more = sampleAppend({ ...place, expectedSeq: 0 }, 2).events;
      const { run } = await store().create({ ...params, events: [sampleCreated(place), ...more] });
      expect(run.last_seq).toBe(2);
      expect((await store().readLine({ ...place, afterSeq: 0 })).map((event) => event.seq)).toEqual([1, 2]);
    });
  });
}
