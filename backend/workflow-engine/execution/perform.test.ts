import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { WfmError } from '../errors/index.ts';
import type { EventOf } from '../events/run-event.ts';
import type { JsonObject } from '../models/json.ts';
import { defineModule, type Module, type ModuleContext, type PortName } from '../modules/module.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { scriptedLlm } from '../testing/scripted-llm.ts';
import { idOf } from './testing/rigs.ts';

type Run = (inputs: JsonObject, context: ModuleContext<PortName>) => unknown;

/** A module of one test: `test.it`, with one input `x` of any kind. */
function moduleOf(
  run: Run,
  own: Partial<{ kind: 'compute' | 'effect'; ports: PortName[]; timeoutMs: number }> = {},
): Module {
  return defineModule({
    id: 'test.it',
    kind: own.kind ?? 'effect',
    revision: 3,
    title: 'Test',
    description: 'A test.',
    inputs: z.object({ x: z.unknown().optional() }),
    outputs: z.looseObject({ n: z.number().optional() }),
    ...(own.ports ? { ports: own.ports } : {}),
    ...(own.timeoutMs === undefined ? {} : { timeoutMs: own.timeoutMs }),
    run: run as never,
  });
}

const workflow = (inputs: JsonObject = {}, own: JsonObject = {}) => ({
  format: 2,
  workflow_id: 'w',
  steps: [{ step_id: 's', modules: [{ module_id: 'test.it', name: 'it', inputs, ...own }] }],
});

function rigOf(module: Module, options: Partial<Parameters<typeof createRig>[0]> = {}): EngineRig {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock, modules: [module], ...options });
}
const eventOf = async <T extends 'module_started' | 'module_completed' | 'module_error'>(
  rig: EngineRig,
  runId: string,
  type: T,
): Promise<EventOf<T>> => {
  const found = (await rig.events(runId)).find((event) => event.type === type);
  if (!found) throw new Error(`no ${type}`);
  return found as EventOf<T>;
};

describe('10.3.3 the context of a module', () => {
  it('names run, place, branch and user; holds only the ports that the module declares', async () => {
    let seen: ModuleContext<PortName> | undefined;
    const module = moduleOf(
      (_inputs, context) => {
        seen = context;
        return {};
      },
      { ports: ['files'] },
    );
    const rig = rigOf(module);
    const done = await rig.start({ ...workflow(), initial_state: { k: 1 }, config: { timezone: 'Asia/Tokyo' } });
    expect(seen).toMatchObject({
      stepId: 's',
      moduleName: 'it',
      moduleIndex: 0,
      workflowRunId: idOf(done),
      branchId: done.branch_id,
      userId: rig.userId,
      mode: 'real',
      timezone: 'Asia/Tokyo',
      attempt: 1,
      state: { k: 1 },
    });
    expect(Object.keys(seen?.ports ?? {})).toEqual(['files']);
    const started = await eventOf(rig, idOf(done), 'module_started');
    expect(seen?.seed).toBe(started.data.input_hash);
    // The only time that a module may show is the one that its event has.
    expect(seen?.now.toISOString()).toBe(started.time);
  });

  it('warnings ride on the completion, at most 20; progress is told; usage is summed; calls are kept', async () => {
    const module = moduleOf((_inputs, context) => {
      for (let count = 0; count < 30; count += 1) context.warn('undefined_reference', `w${count}`, { count });
      context.progress({ message: 'half', percent: 50 });
      context.addUsage({ input_tokens: 1, cost_usd: 0.5 });
      context.addUsage({ input_tokens: 2, calls: 1 });
      const call = {
        kind: 'http' as const,
        provider: 'p',
        target: 't',
        request: 1,
        reply: 2,
        error: null,
        usage: null,
      };
      context.recordCall({ ...call, duration_ms: 5 });
      return { n: 1 };
    });
    const rig = rigOf(module);
    const heard: unknown[] = [];
    const { processor } = rig;
    const { publish } = processor.progress;
    processor.progress.publish = (runId, update) => {
      heard.push(update);
      publish.call(processor.progress, runId, update);
    };
    const done = await rig.start(workflow());
    const completed = await eventOf(rig, idOf(done), 'module_completed');
    expect(completed.data.warnings).toHaveLength(20);
    expect(completed.data.usage).toEqual({ input_tokens: 3, cost_usd: 0.5, calls: 1 });
    expect(heard).toEqual([
      { step_id: 's', module_name: 'it', message: 'half', percent: 50, elapsed_ms: expect.any(Number) },
    ]);
    const { items } = await rig.database.calls.list({ runId: idOf(done), limit: 9 });
    expect(items).toMatchObject([
      { step_id: 's', module_name: 'it', branch_id: done.branch_id, mock: false, provider: 'p' },
    ]);
  });

  it('calls of a module that fails are kept too', async () => {
    const llm = scriptedLlm(() => {
      throw new WfmError('llm_refused', 'No.');
    });
    const rig = rigOf(
      moduleOf(() => ({})),
      { llm },
    );
    const failed = await rig.start({
      ...workflow(),
      steps: [{ step_id: 's', modules: [{ module_id: 'api.llm', name: 'write', inputs: { input: 'hi' } }] }],
    });
    const { items } = await rig.database.calls.list({ runId: idOf(failed), limit: 9 });
    expect(items).toMatchObject([{ module_name: 'write', error: { code: 'llm_refused' } }]);
  });
});

describe('10.3.4 outputs', () => {
  it.each<[string, () => unknown]>([
    ['a function', () => ({ f: () => 1 })],
    ['a date', () => ({ d: new Date() })],
    ['NaN', () => ({ a: { b: [Number.NaN] } })],
    ['infinity', () => ({ n: Number.POSITIVE_INFINITY })],
    ['a map', () => ({ m: new Map() })],
    ['a key that means something to JavaScript', () => JSON.parse('{ "a": { "__proto__": {} } }')],
    ['the wrong type', () => ({ n: 'text' })],
  ])('%s is output_invalid, and nothing of it is in state', async (_title, run) => {
    const rig = rigOf(moduleOf(run));
    const failed = await rig.start(workflow());
    expect(failed).toMatchObject({
      status: 'error',
      error: { code: 'output_invalid', module_id: 'test.it', attempt: 1 },
    });
    expect(failed.error?.place).toMatch(/^steps\[0\]\.modules\[0\]\.outputs/);
    const { state } = await rig.processor.load({ runId: idOf(failed) });
    expect(Object.keys(state.flat)).toEqual([]);
    expect(({} as JsonObject).polluted).toBeUndefined();
  });

  it('23 over 4 MB are value_too_large; over 256 KiB they go by reference and come back', async () => {
    const sized = (bytes: number) => rigOf(moduleOf(() => ({ text: 'x'.repeat(bytes) })));
    expect(await sized(4 * 1024 * 1024).start(workflow())).toMatchObject({ error: { code: 'value_too_large' } });
    const rig = sized(300 * 1024);
    const done = await rig.start(workflow({}, { outputs_to_state: { text: 'k' } }));
    expect((await eventOf(rig, idOf(done), 'module_completed')).data).not.toHaveProperty('outputs');
    const { state } = await rig.processor.load({ runId: idOf(done) });
    expect(state.flat.k).toHaveLength(300 * 1024);
  });

  it('keys that the schema does not name are kept; what is undefined is not', async () => {
    const rig = rigOf(moduleOf(() => ({ n: 1, extra: { a: undefined, b: 2 } })));
    const done = await rig.start(workflow());
    expect((await eventOf(rig, idOf(done), 'module_completed')).data.outputs).toEqual({ n: 1, extra: { b: 2 } });
  });
});

describe('10.3.6 failures', () => {
  it('a foreign error is module_failed: its sentence, and no stack or path', async () => {
    const rig = rigOf(
      moduleOf(() => {
        throw new TypeError('cannot read x');
      }),
    );
    const failed = await rig.start(workflow());
    expect(failed.error).toMatchObject({ code: 'module_failed', message: 'cannot read x', transient: false });
    expect(JSON.stringify(await rig.events(idOf(failed)))).not.toMatch(/execution\/|\.ts:\d/);
  });

  it('a module that does not end is module_timeout, and goes on being resumable', async () => {
    let calls = 0;
    const module = moduleOf(
      () => {
        calls += 1;
        return calls === 1 ? new Promise(() => undefined) : { n: 2 };
      },
      { timeoutMs: 20 },
    );
    const rig = rigOf(module);
    const failed = await rig.start(workflow());
    expect(failed).toMatchObject({ status: 'error', error: { code: 'module_timeout', params: { limit_ms: 20 } } });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(failed) };
    expect((await rig.processor.resume(caller)).status).toBe('completed');
  });

  it('10.3.7 attempt and key: raised by a resume after an error, begun anew by a fork', async () => {
    const tries: [number, string][] = [];
    const module = moduleOf((_inputs, context) => {
      tries.push([context.attempt, context.idempotencyKey]);
      if (tries.length < 3) throw new Error('not yet');
      return {};
    });
    const rig = rigOf(module);
    const failed = await rig.start(workflow());
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(failed) };
    await rig.processor.resume(caller);
    await rig.processor.resume(caller);
    await rig.processor.depart({ ...caller, mode: 'jump', stepId: 's', moduleName: 'it' });
    expect(tries.map(([attempt]) => attempt)).toEqual([1, 2, 3, 1]);
    expect(new Set(tries.map(([, key]) => key)).size).toBe(4);
    const reasons = (await rig.events(idOf(failed))).flatMap((event) =>
      event.type === 'module_started' ? [event.data.reason] : [],
    );
    expect(reasons).toEqual(['jump_requested']);
  });

  it('a module that the engine does not have fails the run, with its place', async () => {
    const rig = rigOf(moduleOf(() => ({})));
    const version = { ...workflow(), steps: [{ step_id: 's', modules: [{ module_id: 'gone.away', name: 'it' }] }] };
    expect(await rig.start(version)).toMatchObject({
      status: 'error',
      error: { code: 'module_not_registered', place: 'steps[0].modules[0].module_id' },
    });
  });
});

describe('5 inputs as they are recorded', () => {
  it('5.5 an undefined reference is null and a warning of module_started, 20 at most', async () => {
    const rig = rigOf(moduleOf(({ x }) => ({ x })));
    const many = Array.from({ length: 30 }, (_, index) => `{{ state.nothing_${index} }}`);
    const done = await rig.start(workflow({ x: many }));
    const started = await eventOf(rig, idOf(done), 'module_started');
    expect(started.data.inputs).toEqual({ x: many.map(() => null) });
    expect(started.data.warnings).toHaveLength(20);
    expect(started.data.warnings[0]).toMatchObject({ code: 'undefined_reference' });
  });

  it('23 inputs over 4 MB are value_too_large before the module is called', async () => {
    let calls = 0;
    const rig = rigOf(
      moduleOf(() => {
        calls += 1;
        return {};
      }),
    );
    const half = Array.from({ length: 24 }, () => '{{ state.big }}');
    const failed = await rig.start({ ...workflow({ x: half }), initial_state: { big: 'x'.repeat(200 * 1024) } });
    expect(failed).toMatchObject({
      status: 'error',
      error: { code: 'value_too_large', place: 'steps[0].modules[0].inputs' },
    });
    expect(calls).toBe(0);
  });

  it('10.6 the hash says what went in: module, revision, inputs; the mode only where it matters', async () => {
    const hashes = async (kind: 'compute' | 'effect', inputs: JsonObject, mode: 'real' | 'mock' = 'real') => {
      const rig = rigOf(moduleOf(() => ({}), { kind }));
      const done = await rig.start(workflow(inputs), { mode });
      return (await eventOf(rig, idOf(done), 'module_started')).data.input_hash;
    };
    const base = await hashes('compute', { x: { a: 1, b: 2 } });
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashes('compute', { x: { b: 2, a: 1 } })).toBe(base);
    expect(await hashes('compute', { x: { a: 1 } })).not.toBe(base);
    expect(await hashes('compute', { x: { a: 1, b: 2 } }, 'mock')).toBe(base);
    expect(await hashes('effect', { x: 1 }, 'mock')).not.toBe(await hashes('effect', { x: 1 }));
  });
});

describe('10.3.5 a question that needs no asking', () => {
  it('completes at once with its outputs', async () => {
    const module = defineModule({
      id: 'test.it',
      kind: 'interactive',
      revision: 1,
      title: 'Test',
      description: 'A test.',
      inputs: z.object({}),
      outputs: z.object({ n: z.number() }),
      request: () => ({ outputs: { n: 7 } }),
      intake: () => ({ response: {}, failures: [], warnings: [] }),
      complete: () => ({ n: 8 }),
      sample: () => ({}),
    });
    const rig = rigOf(module);
    const done = await rig.start(workflow({}, { outputs_to_state: { n: 'k' } }));
    expect(done).toMatchObject({ status: 'completed', result: { k: 7 } });
    expect((await rig.events(idOf(done))).map((event) => event.type)).not.toContain('interaction_requested');
  });
});

describe('10.8 targets', () => {
  const names = ['a', 'b', 'c'];
  const steps = [
    { step_id: 's', modules: names.map((name) => ({ module_id: 'transform.extract', name, inputs: { x: name } })) },
    {
      step_id: 't',
      modules: [
        { module_id: 'user.pause', name: 'ask', inputs: {} },
        { module_id: 'transform.extract', name: 'd', inputs: {} },
      ],
    },
    { step_id: 'u', modules: [{ module_id: 'transform.extract', name: 'e', inputs: {} }] },
  ];
  const targeted = { ...workflow(), steps };
  const to = (path: string) => {
    const [stepId = '', moduleName = ''] = path.split('/');
    return { stepId, moduleName };
  };
  const start = async (path: string) => {
    const rig = rigOf(moduleOf(() => ({})));
    return { rig, response: await rig.start(targeted, { target: to(path) }) };
  };

  it('10.8 stops after an executed target, and after the answer of one that asks', async () => {
    const { rig, response } = await start('s/b');
    expect(response).toMatchObject({ status: 'target_reached', progress: { current_module: 'c' } });
    expect((await rig.database.runs.find({ runId: idOf(response) }))?.status).toBe('processing');
    const asked = await start('t/ask');
    expect(asked.response).toMatchObject({ status: 'awaiting_input', progress: { current_module: 'ask' } });
    const answered = await asked.rig.processor.respond({
      userId: asked.rig.userId,
      sessionId: 's',
      waitMs: 5000,
      runId: idOf(asked.response),
      interactionId: asked.response.interaction_request?.interaction_id ?? '',
      answer: {},
      target: to('t/ask'),
    });
    expect(answered).toMatchObject({ status: 'target_reached', progress: { current_module: 'd' } });
  });

  it('10.8 an earlier question is asked first, and after it the run goes on to the target', async () => {
    const { rig, response } = await start('u/e');
    expect(response).toMatchObject({ status: 'awaiting_input', progress: { current_module: 'ask' } });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(response), target: to('t/d') };
    const interactionId = response.interaction_request?.interaction_id ?? '';
    const reached = await rig.processor.respond({ ...caller, interactionId, answer: {} });
    expect(reached).toMatchObject({ status: 'target_reached', progress: { current_step: 't', current_module: null } });
  });

  it('10.8 one that was passed executes nothing; an unknown one is refused before anything is stored', async () => {
    const { rig, response } = await start('s/c');
    const before = (await rig.events(idOf(response))).length;
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(response) };
    expect((await rig.processor.resume({ ...caller, target: to('s/a') })).status).toBe('target_reached');
    expect(await rig.events(idOf(response))).toHaveLength(before);
    await expect(rig.start(targeted, { target: to('nope/a') })).rejects.toMatchObject({ code: 'step_not_found' });
    await expect(rig.start(targeted, { target: to('s/nope') })).rejects.toMatchObject({ code: 'module_not_found' });
    expect((await rig.database.runs.list({ userId: rig.userId, limit: 9 })).items).toHaveLength(1);
  });
});
