import {
  createMediaDownload,
  createMediaInspect,
  createSafeFetch,
  createStandardMedia,
  readMediaSettings,
} from '@wfm/providers';
import { type FarmVendor, startVendorFarm, type VendorFarm } from '@wfm/providers/testing';
import { WfmError } from '@wfm/workflow-engine/errors';
import { contentUrl, type JsonObject, MEDIA_ACTOR, type WorkflowResponse } from '@wfm/workflow-engine/models';
import { uuidIds } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase, memoryMediaFiles } from '@wfm/workflow-engine/ports/memory';
import { createRig, createTestClock, type EngineRig, type TestClock } from '@wfm/workflow-engine/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mediaActor } from './actors/generate.ts';
import { createWorker, type Worker } from './loop.ts';
import { createLog } from './utils/log.ts';
import { defaultTimings } from './utils/timings.ts';

/**
 * What can go wrong with an order, from the vendor's wire to the run: which error that is, whether it passes by itself,
 * and that a person goes on from there (format.md 15.5, 24). Real adapters against fakes of their vendors, over a clock
 * that the test moves.
 */

const ownKey = (vendor: string): string => `own-canary-${vendor}-4f1c2d3e5a69`;
const picture = (prompt: string, more: JsonObject = {}) => ({ action_type: 'txt2img', params: { prompt, ...more } });

let farm: VendorFarm;
beforeAll(async () => {
  farm = await startVendorFarm({ polls: 1 });
});
afterAll(() => farm.close());

const workflow = (orders: JsonObject[]) => ({
  format: 2,
  workflow_id: 'order',
  steps: [
    {
      step_id: 'make',
      modules: [
        {
          module_id: 'user.select',
          name: 'choose',
          inputs: {
            prompt: 'Which one?',
            data: orders,
            schema: { type: 'array', ui: { select: { max: 1 } }, items: { type: 'object' } },
          },
          outputs_to_state: { selected_data: 'order' },
        },
        {
          module_id: 'media.render',
          name: 'picture',
          inputs: {
            provider: '{{ state.order.provider }}',
            action_type: '{{ state.order.action_type }}',
            params: '{{ state.order.params }}',
          },
          outputs_to_state: { contents: 'made' },
        },
        { module_id: 'user.pause', name: 'end', inputs: { message: 'Made {{ state.made | length }}.' } },
      ],
    },
  ],
});

interface Bench {
  rig: EngineRig;
  worker: Worker;
  clock: TestClock;
  files: ReturnType<typeof memoryMediaFiles>;
}

function createBench(): Bench {
  const clock = createTestClock();
  const ids = uuidIds();
  const database = createMemoryDatabase({ clock });
  const files = memoryMediaFiles();
  const keys = { get: async ({ provider }: { provider: string }) => ownKey(provider) };
  const settings = readMediaSettings(farm.env);
  const allow = settings.downloadHosts;
  const media = createStandardMedia(settings, {
    http: createSafeFetch({ allow }),
    credentials: keys,
    now: () => new Date('2026-11-23T00:00:00Z'),
  });
  const host = { urlOf: (_: unknown, content: Parameters<typeof contentUrl>[0]) => contentUrl(content), mock: false };
  const rig = createRig({ database, clock, media: { catalogue: media.catalogue, files, host } });
  const log = createLog('silent');
  const actor = mediaActor({
    providers: media,
    credentials: keys,
    media: database.media,
    calls: database.calls,
    files,
    download: createMediaDownload({ allow }),
    inspect: createMediaInspect(),
    clock,
    ids,
    log,
  });
  const worker = createWorker({
    name: 'worker',
    tasks: database.tasks,
    actors: { [MEDIA_ACTOR]: actor },
    limits: () => ({}),
    runs: {
      report: (task) => rig.processor.tasks.report(task),
      sweepTasks: () => rig.processor.tasks.sweep(),
      sweepRuns: async () => 0,
    },
    clock,
    timings: defaultTimings,
    slots: 1,
    log,
  });
  return { rig, worker, clock, files };
}

/** Works until the run needs a person. Moves the clock only while nobody is asked. */
async function settled({ rig, worker, clock }: Bench, runId: string): Promise<WorkflowResponse> {
  for (let turn = 0; turn < 2000; turn += 1) {
    const now = await rig.processor.status({ runId, userId: rig.userId });
    if (now.status !== 'awaiting_task' && now.status !== 'processing') return now;
    if (!(await worker.tick())) clock.advance(500);
  }
  throw new Error('the run does not come to rest');
}

async function begin(bench: Bench, order: JsonObject, other: JsonObject): Promise<WorkflowResponse> {
  const asked = await bench.rig.start(workflow([order, other]));
  return bench.rig.respond(asked, { selected_indices: [0] });
}

const runIdOf = ({ workflow_run_id: runId }: WorkflowResponse): string => runId ?? '';
const caller = ({ rig }: Bench, runId: string) => ({ userId: rig.userId, sessionId: 's', waitMs: 5000, runId });
const good = { provider: 'openai', ...picture('a good lake') };

/** Nothing of a key, in no event and no record. */
async function expectNoKey({ rig }: Bench, runId: string): Promise<void> {
  const { items } = await rig.database.calls.list({ runId, limit: 200 });
  const kept = [await rig.events(runId), items, (rig.database as ReturnType<typeof createMemoryDatabase>).export()];
  expect(JSON.stringify(kept)).not.toContain('own-canary');
}

test.each<[string, JsonObject, string, JsonObject]>([
  ['an unknown provider', { provider: 'nobody', ...picture('x') }, 'provider_action_unsupported', {}],
  [
    'an action that is gone',
    { provider: 'openai', action_type: 'img2vid', params: {} },
    'provider_action_unsupported',
    {},
  ],
  ['an unknown model', { provider: 'openai', ...picture('x', { model: 'none' }) }, 'model_unknown', {}],
  [
    'a retired model',
    { provider: 'openai', ...picture('x', { model: 'gpt-image-1' }) },
    'provider_action_unsupported',
    { reason: 'retired', replaced_by: 'gpt-image-2' },
  ],
  ['an unknown parameter', { provider: 'openai', ...picture('x', { steps: 9 }) }, 'input_invalid', {}],
  ['a parameter out of its bounds', { provider: 'openai', ...picture('x', { num_images: 99 }) }, 'input_invalid', {}],
  [
    'a prompt over the vendor’s limit',
    { provider: 'midjourney', ...picture('x'.repeat(2001)) },
    'input_invalid',
    { limit: 2000, actual: 2001 },
  ],
  ['no prompt', { provider: 'openai', ...picture(' ') }, 'prompt_empty', {}],
  [
    'a source that is not ours',
    { provider: 'fal', action_type: 'img2vid', params: { prompt: 'x', source_image: 'https://example.org/a.png' } },
    'source_image_missing',
    {},
  ],
  [
    'a source of another run',
    {
      provider: 'fal',
      action_type: 'img2vid',
      params: { prompt: 'x', source_image: 'media:01970000-0000-7000-8000-000000000000.png' },
    },
    'content_not_found',
    {},
  ],
])(
  '24 %s: nobody is asked, the run stands at the fault, and goes on with another order',
  async (_title, order, code, params) => {
    const bench = createBench();
    const before = Object.values(farm.fakes).map(({ requests }) => requests.length);
    const failed = await begin(bench, order, good);
    expect(failed).toMatchObject({ status: 'error', error: { code, transient: false, params } });
    expect(Object.values(farm.fakes).map(({ requests }) => requests.length)).toEqual(before);
    const runId = runIdOf(failed);
    const asked = await bench.rig.processor.depart({
      ...caller(bench, runId),
      mode: 'jump',
      stepId: 'make',
      moduleName: 'choose',
    });
    await bench.rig.respond(asked, { selected_indices: [1] });
    expect(await settled(bench, runId)).toMatchObject({ interaction_request: { message: 'Made 1.' } });
  },
);

interface Fault {
  vendor: FarmVendor;
  /** What the prompt begins with. It happens once. */
  scenario: string;
  code: string;
  params?: JsonObject;
  /** Orders that the vendor has accepted when the run has stopped, and when it has gone on. */
  creates: [number, number];
}

const billed = { maybe_billed: true };
const final: Record<string, Fault> = {
  'a 4xx': {
    vendor: 'leonardo',
    scenario: 'invalidx1',
    code: 'provider_failed',
    params: { reason: 'request' },
    creates: [0, 1],
  },
  'a 4xx that quotes the key': { vendor: 'leonardo', scenario: 'echo-keyx1', code: 'provider_failed', creates: [0, 1] },
  'a refused key': { vendor: 'replicate', scenario: '401x1', code: 'provider_auth', creates: [0, 1] },
  'an empty account': { vendor: 'midjourney', scenario: '402x1', code: 'provider_credits', creates: [0, 1] },
  'a refusal': {
    vendor: 'openai',
    scenario: 'policyx1',
    code: 'provider_failed',
    params: { reason: 'policy' },
    creates: [0, 1],
  },
  'a 5xx of which nobody knows what it began': {
    vendor: 'openai',
    scenario: '500x1',
    code: 'provider_failed',
    params: billed,
    creates: [0, 1],
  },
  'a page in place of a reply': {
    vendor: 'fal',
    scenario: 'htmlx1',
    code: 'provider_failed',
    params: { reason: 'malformed', ...billed },
    creates: [1, 2],
  },
  'a reply that is cut off': {
    vendor: 'google',
    scenario: 'cutx1',
    code: 'provider_failed',
    params: billed,
    creates: [1, 2],
  },
  'a reply without end': {
    vendor: 'luma',
    scenario: 'hugex1',
    code: 'provider_failed',
    params: { reason: 'reply_too_large', ...billed },
    creates: [1, 2],
  },
  'a result of another type': {
    vendor: 'black_forest_labs',
    scenario: 'wrong-typex1',
    code: 'provider_failed',
    params: { reason: 'content_type' },
    creates: [1, 2],
  },
  'a result without bytes': {
    vendor: 'replicate',
    scenario: 'emptyx1',
    code: 'provider_failed',
    params: { reason: 'empty' },
    creates: [1, 2],
  },
  'a result at a private address': {
    vendor: 'fal',
    scenario: 'redirect-privatex1',
    code: 'url_refused',
    params: { host: '169.254.169.254' },
    creates: [1, 2],
  },
};

test.each(Object.entries(final))(
  '24 %s is final: the run stands at it, and a resume orders anew',
  async (_title, fault) => {
    const bench = createBench();
    const { vendor, scenario, code, params = {}, creates } = fault;
    const journal = farm.fakes[vendor].creates;
    const had = journal.length;
    const runId = runIdOf(await begin(bench, { provider: vendor, ...picture(`!${scenario} a lake`) }, good));
    const failed = await settled(bench, runId);
    expect(failed).toMatchObject({ status: 'error', error: { code, transient: false, params } });
    expect(failed.error?.message.length).toBeLessThan(500);
    expect(journal.length - had).toBe(creates[0]);
    expect(await bench.rig.processor.resume(caller(bench, runId))).toMatchObject({ status: 'awaiting_task' });
    expect((await settled(bench, runId)).interaction_request).toMatchObject({
      message: expect.stringMatching(/^Made \d\.$/),
    });
    expect(journal.length - had).toBe(creates[1]);
    await expectNoKey(bench, runId);
  },
);

const passing: Record<string, Pick<Fault, 'vendor' | 'scenario'> & { waits: number }> = {
  'a rate limit with Retry-After': { vendor: 'google', scenario: '429x1', waits: 2000 },
  'a vendor that works on too many': { vendor: 'openai', scenario: 'busyx2', waits: 3000 },
  'a 5xx where nothing is ordered twice': { vendor: 'stable_diffusion', scenario: '500x1', waits: 1000 },
  'a look that breaks off': { vendor: 'leonardo', scenario: 'cut-pollx1', waits: 1000 },
  'a file that breaks off': { vendor: 'replicate', scenario: 'cut-filex1', waits: 1000 },
  'an address that has expired': { vendor: 'luma', scenario: 'expiredx1', waits: 0 },
};

test.each(Object.entries(passing))(
  '24 %s passes by itself, after a wait, with one order',
  async (_title, { vendor, scenario, waits }) => {
    const bench = createBench();
    const journal = farm.fakes[vendor].creates;
    const had = journal.length;
    const since = bench.clock.monotonicMs();
    const runId = runIdOf(await begin(bench, { provider: vendor, ...picture(`!${scenario} a lake`) }, good));
    expect(await settled(bench, runId)).toMatchObject({
      status: 'awaiting_input',
      interaction_request: { message: expect.stringMatching(/^Made/) },
    });
    expect(journal.length - had).toBe(1);
    expect(bench.clock.monotonicMs() - since).toBeGreaterThanOrEqual(waits);
    await expectNoKey(bench, runId);
  },
);

test('24 a vendor that never answers is provider_timeout, may be billed, and is asked again by a resume alone', async () => {
  const bench = createBench();
  const journal = farm.fakes.openai.creates;
  const had = journal.length;
  const runId = runIdOf(await begin(bench, { provider: 'openai', ...picture('!hangx1 a lake') }, good));
  const turn = { over: false };
  const working = bench.worker.tick().then(() => {
    turn.over = true;
  });
  await expect.poll(() => journal.length - had).toBe(1);
  // In heartbeats, by which the worker keeps its lease.
  for (let beats = 0; beats < 400 && !turn.over; beats += 1) {
    bench.clock.advance(defaultTimings.heartbeatMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await working;
  expect(await settled(bench, runId)).toMatchObject({
    status: 'error',
    error: { code: 'provider_timeout', transient: false, params: billed },
  });
  expect(journal.length - had).toBe(1);
  await bench.rig.processor.resume(caller(bench, runId));
  expect(await settled(bench, runId)).toMatchObject({ interaction_request: { message: 'Made 1.' } });
  expect(journal.length - had).toBe(2);
});

test.each([
  ['that the vendor keeps, is waited out', 'luma', 1],
  ['that came with the reply, is lost with it: the run stands at it, and a resume orders anew', 'openai', 2],
] as const)('24 a full disk, for a file %s', async (_title, vendor, orders) => {
  const bench = createBench();
  const journal = farm.fakes[vendor].creates;
  const had = journal.length;
  const { put } = bench.files;
  let full = true;
  bench.files.put = async (file) => {
    if (!full) return put(file);
    full = false;
    throw new WfmError('storage_unavailable', 'The disk is full. Free some space.', { transient: true });
  };
  const runId = runIdOf(await begin(bench, { provider: vendor, ...picture('a lake') }, good));
  let now = await settled(bench, runId);
  if (orders === 2) {
    expect(now).toMatchObject({ status: 'error', error: { code: 'storage_unavailable' } });
    await bench.rig.processor.resume(caller(bench, runId));
    now = await settled(bench, runId);
  }
  expect(now).toMatchObject({ interaction_request: { message: 'Made 1.' } });
  expect(journal.length - had).toBe(orders);
});
