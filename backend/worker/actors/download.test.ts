import { WfmError } from '@wfm/workflow-engine/errors';
import { expect, test } from 'vitest';
import { PICTURE } from '../testing/fake-inspect.ts';
import { fakeProvider, pictureResult } from '../testing/fake-provider.ts';
import { busy, type Download, downloads, linked, started } from '../testing/vendor-samples.ts';
import { createWorkerRig } from '../testing/worker-rig.ts';

test('15.4 fetching a file is kept as a call, without the key in its address, also where it fails', async () => {
  let broken = true;
  const fetched: Download = {
    open: (source, options, use) =>
      broken ? Promise.reject(busy()) : downloads(() => PICTURE).open(source, options, use),
  };
  const provider = fakeProvider({ submit: async () => ({ kind: 'done', result: linked }) });
  const rig = createWorkerRig(provider, { download: fetched });
  const task = await rig.order();
  await rig.worker.tick();
  broken = false;
  rig.clock.advance(60_000);
  await rig.worker.tick();
  const { items } = await rig.database.calls.list({ runId: task.workflow_run_id, limit: 10 });
  const target = 'GET files.acme.test/a.png';
  expect(items).toMatchObject([
    { target: 'POST acme/jobs', cost: { amount: '0.04' } },
    { target, reply: null, error: { code: 'provider_failed', transient: true } },
    { target, reply: { bytes: PICTURE.length }, error: null },
  ]);
});

test('21 a crash after the vendor is done fetches only', async () => {
  const provider = fakeProvider({ submit: async () => ({ kind: 'done', result: linked }) });
  const rig = createWorkerRig(provider, {
    download: {
      open: () => {
        throw busy({ params: { reason: 'network' } });
      },
    },
  });
  const task = await rig.order();
  await rig.worker.tick();
  expect(await rig.row(task)).toMatchObject({ status: 'queued', operation: { phase: 'download' } });
  rig.clock.advance(2000);
  await rig.another({ download: downloads(() => `${PICTURE}late`) }).tick();
  const { contents } = await rig.record(task);
  expect(contents).toMatchObject([{ provider_url: 'https://files.acme.test/a.png', bytes: PICTURE.length + 4 }]);
  expect(await rig.row(task)).toMatchObject({ status: 'succeeded', attempts: 1 });
  expect(provider.submits).toHaveLength(1);
});

test('21 the same work done twice makes the same contents', async () => {
  const rig = createWorkerRig(fakeProvider({ submit: async () => ({ kind: 'done', result: linked }) }), {
    download: downloads(() => `${PICTURE}same`),
  });
  const task = await rig.order();
  const { tasks } = rig.database;
  const succeed = tasks.succeed.bind(tasks);
  tasks.succeed = async () => Promise.reject(new WfmError('storage_unavailable', 'Busy.', { transient: true }));
  await rig.worker.tick();
  const first = await rig.record(task);
  tasks.succeed = succeed;
  rig.clock.advance(30_000);
  await rig.worker.sweep();
  await rig.worker.tick();
  expect(await rig.record(task)).toEqual(first);
  expect(await rig.row(task)).toMatchObject({ status: 'succeeded', fence: 2 });
});

test('21 an address that has expired is asked for anew, once', async () => {
  let polls = 0;
  const provider = fakeProvider({
    submit: async () => started,
    poll: async () => {
      polls += 1;
      return { kind: 'done', result: linked };
    },
  });
  const expired: Download = {
    open: () => {
      throw new WfmError('provider_failed', 'Expired.', { params: { reason: 'expired' } });
    },
  };
  const rig = createWorkerRig(provider, { download: expired });
  const task = await rig.order();
  for (let turn = 0; turn < 6; turn += 1) {
    await rig.worker.tick();
    rig.clock.advance(2000);
  }
  expect(polls).toBe(2);
  expect(await rig.row(task)).toMatchObject({ status: 'failed', error: { params: { reason: 'expired' } } });
});

test('R13 a full disk is waited out where the vendor keeps the file, and ends an order whose file is lost with it', async () => {
  const full = () => new WfmError('storage_unavailable', 'The disk is full. Free some space.', { transient: true });
  for (const [result, again] of [
    [linked, true],
    [pictureResult(), false],
  ] as const) {
    let isFull = true;
    const provider = fakeProvider({ submit: async () => ({ kind: 'done', result }) });
    const rig = createWorkerRig(provider, { download: downloads(() => `${PICTURE}late`) });
    const put = rig.files.put.bind(rig.files);
    rig.files.put = async (file) => {
      if (isFull) throw full();
      return put(file);
    };
    const task = await rig.order();
    await rig.worker.tick();
    expect(await rig.row(task)).toMatchObject({ status: again ? 'queued' : 'failed' });
    if (!again) {
      expect((await rig.record(task)).generation).toMatchObject({ error: { code: 'storage_unavailable' } });
      expect(rig.told).toEqual([task.task_id]);
    }
    isFull = false;
    rig.clock.advance(60_000);
    await rig.worker.tick();
    expect(await rig.row(task)).toMatchObject({ status: again ? 'succeeded' : 'failed', attempts: 1 });
    expect(provider.submits).toHaveLength(1);
  }
});

test('15.5 a file of another kind than was ordered is refused', async () => {
  const rig = createWorkerRig(fakeProvider({ submit: async () => ({ kind: 'done', result: linked }) }), {
    download: downloads(() => 'VIDEO'),
  });
  const task = await rig.order();
  await rig.worker.tick();
  expect(await rig.row(task)).toMatchObject({ status: 'failed', error: { params: { reason: 'content_type' } } });
  expect((await rig.record(task)).contents).toEqual([]);
});
