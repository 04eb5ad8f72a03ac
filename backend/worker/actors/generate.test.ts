import type { MediaResult, Polled } from '@wfm/workflow-engine/ports';
import { expect, test } from 'vitest';
import { once } from '../utils/bytes.ts';
import { PICTURE } from '../testing/fake-inspect.ts';
import { fakeProvider, pictureResult } from '../testing/fake-provider.ts';
import { busy, downloads, linked, started } from '../testing/vendor-samples.ts';
import { createWorkerRig } from '../testing/worker-rig.ts';

test('15.5 an answer at once becomes content, the record ends, the run is told', async () => {
  const rig = createWorkerRig(fakeProvider());
  const task = await rig.order();
  expect(await rig.worker.tick()).toBe(true);
  expect(await rig.worker.tick()).toBe(false);
  const { generation, contents } = await rig.record(task);
  expect(generation).toMatchObject({ status: 'completed', vendor_job_id: 'job-1', cost: { amount: '0.04' } });
  expect(contents).toMatchObject([{ index: 0, mime: 'image/png', content_type: 'image', seed: 7, mock: false }]);
  expect(await rig.row(task)).toMatchObject({
    status: 'succeeded',
    result: { content_ids: [contents[0]?.content_id], prompt_id: 'p1', metadata_id: generation.metadata_id },
  });
  expect(rig.told).toEqual([task.task_id]);
});

test('15.4 the call that brought the result says what it cost: tokens, money or the vendor’s own credits', async () => {
  const credits = { amount: '4', unit: 'credits', usd_per_unit: '0.01' } as const;
  const worthless = { amount: '7', unit: 'credits' } as const;
  const results: [Partial<MediaResult>, object][] = [
    [
      { cost: { amount: '0.04', unit: 'USD' }, tokens: { input: 10, output: 1000 } },
      { usage: { input_tokens: 10, output_tokens: 1000, cost_usd: 0.04 }, cost: { amount: '0.04', unit: 'USD' } },
    ],
    [{ cost: credits }, { usage: { cost_usd: 0.04 }, cost: credits }],
    [{ cost: worthless }, { usage: null, cost: worthless }],
  ];
  for (const [own, kept] of results) {
    const answer = { ...pictureResult(), ...own };
    for (const held of [true, false]) {
      const provider = fakeProvider({
        submit: async () => (held ? { kind: 'done', result: answer } : started),
        poll: async (_operation, { recordCall }) => {
          recordCall({ target: 'GET acme/jobs', request: null, reply: {}, error: null, duration_ms: 1 });
          return { kind: 'done', result: answer };
        },
      });
      const rig = createWorkerRig(provider);
      const task = await rig.order();
      await rig.worker.tick();
      rig.clock.advance(2000);
      await rig.worker.tick();
      const { items } = await rig.database.calls.list({ runId: task.workflow_run_id, limit: 10 });
      expect(items).toHaveLength(held ? 1 : 2);
      expect(items.at(-1)).toMatchObject(kept);
      if (!held) expect(items[0]).toMatchObject({ usage: null });
      const { total } = await rig.database.calls.usage({ runId: task.workflow_run_id });
      const media = await rig.database.media.totals({ runId: task.workflow_run_id });
      expect(total.cost_usd ?? 0).toBe(media.usd);
    }
  }
});

test('21 polling holds no slot and no lease; the vendor’s handle is stored before the first look', async () => {
  const answers: Polled[] = [
    { kind: 'pending', progress: { phase: 'running', percent: 40 }, pollAfterMs: 3000 },
    { kind: 'done', result: pictureResult() },
  ];
  const provider = fakeProvider({ submit: async () => started, poll: async () => answers.shift()! });
  const rig = createWorkerRig(provider);
  const task = await rig.order();
  await rig.worker.tick();
  expect(await rig.row(task)).toMatchObject({
    status: 'queued',
    operation: { phase: 'vendor', vendor: { job: 'j1' } },
    submitting: false,
  });
  expect(provider.polls).toBe(0);
  expect(await rig.worker.tick()).toBe(false);
  rig.clock.advance(2000);
  await rig.another().tick();
  expect(await rig.row(task)).toMatchObject({ status: 'queued', attempts: 1, progress: { percent: 40 } });
  rig.clock.advance(3000);
  await rig.worker.tick();
  expect(await rig.row(task)).toMatchObject({ status: 'succeeded', attempts: 1 });
  expect(provider.submits).toHaveLength(1);
});

test('21 a look that fails for now is repeated, and orders nothing twice', async () => {
  let fails = 3;
  const provider = fakeProvider({
    submit: async () => started,
    poll: async () => {
      fails -= 1;
      if (fails >= 0) throw busy(fails === 0 ? { retryAfterMs: 30_000 } : {});
      return { kind: 'done', result: pictureResult() };
    },
  });
  const rig = createWorkerRig(provider);
  const task = await rig.order();
  await rig.worker.tick();
  for (const waitMs of [2000, 2000, 4000, 30_000]) {
    rig.clock.advance(waitMs - 1);
    expect(await rig.worker.tick()).toBe(false);
    rig.clock.advance(1);
    expect(await rig.worker.tick()).toBe(true);
  }
  expect(await rig.row(task)).toMatchObject({ status: 'succeeded', attempts: 1 });
  expect(provider.submits).toHaveLength(1);
});

test('R5 a start that the vendor refused for now is tried again; one that may be billed is not', async () => {
  for (const billed of [false, true]) {
    const provider = fakeProvider({
      submit: async () => {
        throw busy({ params: billed ? { maybe_billed: true } : {} });
      },
    });
    const rig = createWorkerRig(provider);
    const task = await rig.order({}, { maxAttempts: 2 });
    await rig.worker.tick();
    expect(await rig.row(task)).toMatchObject({ status: billed ? 'failed' : 'queued' });
    rig.clock.advance(60_000);
    await rig.worker.tick();
    expect(await rig.row(task)).toMatchObject({ status: 'failed', error: { code: 'provider_failed' } });
    expect(provider.submits).toHaveLength(billed ? 1 : 2);
    expect((await rig.record(task)).generation).toMatchObject({ status: 'failed', error: { code: 'provider_failed' } });
    expect(rig.told).toEqual([task.task_id]);
  }
});

test('21 found in the midst of a start after a crash: asked again only where that orders nothing twice', async () => {
  for (const mayRepeat of [true, false]) {
    const provider = fakeProvider({ mayRepeat });
    const rig = createWorkerRig(provider);
    const task = await rig.order();
    const { tasks } = rig.database;
    await tasks.claim({ worker: 'dead', leaseMs: 1000, limits: {} });
    await tasks.beginSubmit({ taskId: task.task_id, fence: 1 });
    rig.clock.advance(1000);
    await rig.worker.sweep();
    await rig.worker.tick();
    const row = await rig.row(task);
    if (mayRepeat) expect(row).toMatchObject({ status: 'succeeded', attempts: 1 });
    else expect(row).toMatchObject({ status: 'failed', error: { params: { maybe_billed: true } } });
    expect(provider.submits).toHaveLength(mayRepeat ? 1 : 0);
  }
});

test('15.5 a crop is cut before the vendor sees it, and kept as a preview', async () => {
  const provider = fakeProvider({
    submit: async () => ({ kind: 'done', result: { ...linked, vendorJobId: 'v' } }),
  });
  const rig = createWorkerRig(provider, { download: downloads(() => 'VIDEO') });
  const task = await rig.order({ action_type: 'img2vid' });
  const source = await rig.files.put({
    runId: task.workflow_run_id,
    data: once(Buffer.from(PICTURE)),
    maxBytes: 1000,
  });
  const { tasks } = rig.database;
  await tasks.cancel({ taskId: task.task_id });
  const order = await rig.order({ action_type: 'img2vid' });
  const payload = {
    ...task.payload,
    crop_region: { x: 1, y: 2, width: 3, height: 4 },
    inputs: [{ role: 'source', content_id: null, mime: 'image/png', ...source }],
  };
  await tasks.enqueue({ ...order, task_id: 'cropped', idempotency_key: 'cropped', payload, priority: 9 });
  await rig.worker.tick();
  const sent = await provider.submits[0]?.request.inputs[0]?.read();
  expect(Buffer.from(sent ?? []).toString()).toBe(`${PICTURE} cut at 1,2 3x4`);
  const { contents } = await rig.record(task);
  expect(contents.map((content) => content.content_type)).toEqual(['video', 'video.preview']);
  expect(contents[0]?.preview_content_id).toBe(contents[1]?.content_id);
  expect((await tasks.find({ taskId: 'cropped' }))?.result).toMatchObject({ content_ids: [contents[0]?.content_id] });
});

test('15.5 a job that outlives its provider’s time is ended there and here', async () => {
  const provider = fakeProvider({
    jobTimeoutMs: 10_000,
    submit: async () => started,
    poll: async () => ({ kind: 'pending', progress: { phase: 'queued', position: 3 }, pollAfterMs: 6000 }),
  });
  const rig = createWorkerRig(provider);
  const task = await rig.order();
  for (let turn = 0; turn < 4; turn += 1) {
    await rig.worker.tick();
    rig.clock.advance(6000);
  }
  expect(await rig.row(task)).toMatchObject({ status: 'failed', error: { code: 'provider_timeout' } });
  expect(provider.cancels).toBe(1);
  expect((await rig.record(task)).generation.status).toBe('failed');
});

test('10.5 cancelled between two looks: the vendor is told, the record ends as cancelled', async () => {
  const provider = fakeProvider({ submit: async () => started });
  const rig = createWorkerRig(provider);
  const task = await rig.order();
  await rig.worker.tick();
  await rig.database.tasks.cancel({ taskId: task.task_id });
  await rig.worker.sweep();
  await rig.worker.sweep();
  expect(provider.cancels).toBe(1);
  expect((await rig.record(task)).generation.status).toBe('cancelled');
  expect(rig.told).toEqual([task.task_id]);
});

test('10.5 cancelled while the vendor is asked: the holder hears of it at its next heartbeat', async () => {
  const provider = fakeProvider({
    submit: (_request, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  const rig = createWorkerRig(provider);
  const task = await rig.order();
  const turn = rig.worker.tick();
  await expect.poll(() => provider.submits.length).toBe(1);
  await rig.database.tasks.cancel({ taskId: task.task_id });
  rig.clock.advance(10_000);
  await turn;
  expect((await rig.record(task)).generation.status).toBe('cancelled');
  expect(await rig.row(task)).toMatchObject({ status: 'cancelled', result: null });
});

test('10.5 cancelled while a file is fetched: the transfer ends, nothing is kept, the record ends as cancelled', async () => {
  let aborted = false;
  const provider = fakeProvider({ submit: async () => ({ kind: 'done', result: linked }) });
  const rig = createWorkerRig(provider, {
    download: {
      open: (_source, { signal }, use) =>
        use({
          mime: 'image/png',
          length: null,
          data: (async function* () {
            yield Buffer.from(`${PICTURE}half of`);
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
            aborted = true;
            signal.throwIfAborted();
          })(),
        }),
    },
  });
  const task = await rig.order();
  const turn = rig.worker.tick();
  await expect.poll(async () => (await rig.row(task)).operation).toMatchObject({ phase: 'download' });
  await rig.database.tasks.cancel({ taskId: task.task_id });
  rig.clock.advance(10_000);
  await turn;
  expect(aborted).toBe(true);
  expect(await rig.row(task)).toMatchObject({ status: 'cancelled', result: null });
  expect(await rig.record(task)).toMatchObject({ generation: { status: 'cancelled' }, contents: [] });
  expect(rig.told).toEqual([task.task_id]);
});

test('law 7 each call is made with its owner’s key, else the server’s, and no key is kept anywhere', async () => {
  const provider = fakeProvider();
  const rig = createWorkerRig(provider);
  const users = Array.from({ length: 12 }, (_, index) => `user-${index}`);
  for (const [index, userId] of users.entries()) {
    if (index === 0) continue;
    const apiKey = `sk-own-key-of-${userId}`;
    await rig.database.credentials.put({ userId, provider: 'acme', apiKey, now: rig.clock.now() });
  }
  const tasks = [];
  for (let round = 0; round < 2; round += 1)
    for (const userId of users) tasks.push(await rig.order({ prompt: userId }, { userId }));
  while ((await Promise.all([rig.worker.tick(), rig.worker.tick(), rig.worker.tick()])).includes(true));
  expect(provider.submits).toHaveLength(24);
  for (const { request, apiKey } of provider.submits) {
    expect(apiKey).toBe(request.prompt === 'user-0' ? 'server-key-1234' : `sk-own-key-of-${request.prompt}`);
  }
  const kept = [JSON.stringify(rig.database.export()), ...rig.lines];
  for (const task of tasks) {
    kept.push(JSON.stringify([await rig.row(task), await rig.record(task)]));
    const { items } = await rig.database.calls.list({ runId: task.workflow_run_id, limit: 10 });
    expect(items).toMatchObject([{ provider: 'acme', target: 'POST acme/jobs', kind: 'http', error: null }]);
    kept.push(JSON.stringify(items));
  }
  for (const text of kept) expect(text).not.toMatch(/sk-own-key|server-key/);
});
