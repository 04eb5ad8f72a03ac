import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Module } from '../modules/module.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { expectCode } from '../testing/expect-code.ts';
import { liveClock } from '../testing/live-clock.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { switchBranch } from './branches/switch-branch.ts';
import { askFirst, heldLlm, idOf, longRun, oneCall, pause, twoProcesses } from './testing/rigs.ts';

const alone = (options: Partial<Parameters<typeof createRig>[0]> = {}): EngineRig => {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock, ...options });
};

describe('10.10.1 executing is leased', () => {
  it('of many processes that sweep an abandoned run, one executes it', async () => {
    const clock = createTestClock();
    const database = createMemoryDatabase({ clock });
    const llm = heldLlm();
    const userId = 'u';
    const rigs = ['a', 'b', 'c', 'd'].map((executor) => createRig({ database, clock, llm, userId, executor }));
    const dead = createRig({ database, clock, llm, userId, executor: 'dead' });
    const started = await dead.start(oneCall, { waitMs: 0 });
    await llm.called(1);
    expect(await rigs[0]?.processor.sweep()).toBe(0);
    clock.advance(11_000);
    const taken = await Promise.all(rigs.map((rig) => rig.processor.sweep()));
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(1);
    await llm.called(2);
    expect(await Promise.all(rigs.map((rig) => rig.processor.sweep()))).toEqual([0, 0, 0, 0]);
    llm.release();
    const row = async () => database.runs.find({ runId: idOf(started) });
    while ((await row())?.status === 'processing') await pause(1);
    expect(await row()).toMatchObject({ status: 'awaiting_input', fence: 2, executor: null });
    expect(new Set(llm.calls.map((call) => call.idempotencyKey)).size).toBe(1);
    const types = (await dead.events(idOf(started))).map((event) => event.type);
    expect(types.filter((type) => type === 'module_completed')).toHaveLength(1);
  });

  it('a process that was thought dead is refused at its next append, and changes nothing', async () => {
    const clock = createTestClock();
    const llm = heldLlm();
    const { rigs, caller, database } = twoProcesses({ clock, llm, lease: { ttlMs: 10_000, renewMs: 3_600_000 } });
    const [zombie, heir] = rigs;
    const first = zombie.start(oneCall, { projectName: 'p' });
    await llm.called(1);
    const runId = (await database.runs.list({ userId: zombie.userId, limit: 1 })).items[0]?.workflow_run_id ?? '';
    clock.advance(10_001);
    const second = heir.processor.resume(caller(runId));
    await llm.called(2);
    llm.release();
    const [a, b] = await Promise.all([first, second]);
    // Both answer what the log says; the zombie has waited for its heir.
    expect(a).toMatchObject({ status: 'awaiting_input', workflow_run_id: runId, last_seq: b.last_seq });
    expect(b.status).toBe('awaiting_input');
    const events = await zombie.events(runId);
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index));
    expect(
      events.flatMap((event) => (event.type === 'module_started' ? [`${event.module_name} ${event.data.reason}`] : [])),
    ).toEqual(['write no_record', 'write interrupted', 'look no_record']);
    expect([...zombie.faults, ...heir.faults]).toEqual([]);
  });

  it('a lease is renewed for as long as a module takes', async () => {
    const llm = heldLlm();
    const { rigs, database } = twoProcesses({ llm, lease: { ttlMs: 400, renewMs: 40 } });
    const started = await rigs[0].start(oneCall, { waitMs: 0 });
    await llm.called(1);
    for (let tick = 0; tick < 6; tick += 1) {
      await pause(100);
      expect(await rigs[1].processor.sweep()).toBe(0);
    }
    llm.release();
    while ((await database.runs.find({ runId: idOf(started) }))?.status === 'processing') await pause(1);
    expect(llm.calls).toHaveLength(1);
  });

  it('an executor that learns that it lost its lease stops the module at once', async () => {
    const llm = heldLlm();
    const { rigs, database, caller } = twoProcesses({ llm, lease: { ttlMs: 5000, renewMs: 10 } });
    const started = await rigs[0].start(oneCall, { waitMs: 0 });
    await llm.called(1);
    const runId = idOf(started);
    const row = await database.runs.find({ runId });
    await database.runs.releaseLease({ runId, fence: row?.fence ?? 0 });
    const taken = rigs[1].processor.resume(caller(runId));
    await llm.called(2);
    await expect.poll(() => llm.signals[0]?.aborted).toBe(true);
    expect(llm.signals[1]?.aborted).toBe(false);
    llm.release();
    expect((await taken).status).toBe('awaiting_input');
  });

  it('whoever takes a run up goes on from where it stands then, not from where it was seen', async () => {
    const llm = heldLlm();
    const { rigs, database, caller } = twoProcesses({ llm });
    const started = await rigs[0].start(oneCall, { waitMs: 0 });
    const runId = idOf(started);
    await llm.called(1);
    // The first process ends its work between the look and the claim of the second.
    const { claimLease } = database.runs;
    let asked = false;
    database.runs.claimLease = async (params) => {
      if (!asked) {
        asked = true;
        llm.release();
        while ((await database.runs.find({ runId }))?.status === 'processing') await pause(1);
      }
      return claimLease.call(database.runs, params);
    };
    const resumed = await rigs[1].processor.resume(caller(runId));
    expect(asked).toBe(true);
    expect(resumed.status).toBe('awaiting_input');
    expect(llm.calls).toHaveLength(1);
    expect((await rigs[1].events(runId)).filter((event) => event.type === 'module_started')).toHaveLength(2);
    expect(await database.runs.find({ runId })).toMatchObject({ executor: null });
  });
});

describe('10.10.4 patience', () => {
  it('waitMs 0 answers at once what is stored, and the run goes on', async () => {
    const llm = heldLlm();
    const rig = alone({ llm });
    const started = await rig.start(askFirst, { waitMs: 0 });
    expect(started.last_seq).toBe((await rig.events(idOf(started))).length - 1);
    const settled = await rig.processor.resume({
      userId: rig.userId,
      sessionId: 's',
      waitMs: 5000,
      runId: idOf(started),
    });
    expect(settled.status).toBe('awaiting_input');
    await rig.processor.close();
  });

  it('a checkpoint that cannot be written fails nothing', async () => {
    const rig = alone();
    let tried = 0;
    rig.database.runs.saveCheckpoint = () => {
      tried += 1;
      return Promise.reject(new Error('the disk is full'));
    };
    expect((await rig.start(longRun(150))).status).toBe('awaiting_input');
    expect(tried).toBe(1);
    expect(rig.faults).toEqual([]);
  });

  it('a short patience answers processing; the answer says no more than the log', async () => {
    const llm = heldLlm();
    const rig = alone({ llm });
    const started = await rig.start(oneCall, { waitMs: 30 });
    expect(started).toMatchObject({ status: 'processing', progress: { current_module: 'write' } });
    expect(started.last_seq).toBe((await rig.events(idOf(started))).length - 1);
    llm.release();
    while ((await rig.processor.status({ runId: idOf(started), userId: rig.userId })).status === 'processing')
      await pause(1);
    expect((await rig.processor.status({ runId: idOf(started), userId: rig.userId })).status).toBe('awaiting_input');
  });

  it('an answer to a run that another process executes waits for that one', async () => {
    const llm = heldLlm();
    const { rigs, caller } = twoProcesses({ llm });
    const [first, second] = rigs;
    const asked = await first.start(askFirst);
    const waiting = first.respond(asked, {});
    await llm.called(1);
    const other = second.processor.resume(caller(idOf(asked)));
    const impatient = await second.processor.resume(caller(idOf(asked), { waitMs: 20 }));
    expect(impatient.status).toBe('processing');
    llm.release();
    expect((await waiting).status).toBe('awaiting_input');
    expect(await other).toMatchObject({ status: 'awaiting_input', progress: { current_module: 'look' } });
    expect(llm.calls).toHaveLength(1);
  });

  it('a lease that is given back without an event is noticed at once', async () => {
    const llm = heldLlm();
    const { rigs, database, caller } = twoProcesses({ llm });
    const started = await rigs[0].start(oneCall, { waitMs: 0 });
    await llm.called(1);
    await rigs[0].processor.close();
    const runId = idOf(started);
    const lease = await database.runs.claimLease({ runId, claim: { executor: 'idle', ttlMs: 3_600_000 } });
    const resumed = rigs[1].processor.resume(caller(runId, { waitMs: Number.POSITIVE_INFINITY }));
    await pause(20);
    await database.runs.releaseLease({ runId, fence: lease?.fence ?? 0 });
    await llm.called(2);
    llm.release();
    expect((await resumed).status).toBe('awaiting_input');
  });

  it('a change between looking and watching is not slept through', async () => {
    const llm = heldLlm();
    const { rigs, database, caller } = twoProcesses({ llm, lease: { ttlMs: 3_600_000, renewMs: 20_000 } });
    const started = await rigs[0].start(oneCall, { waitMs: 0 });
    await llm.called(1);
    const { find } = database.runs;
    let finds = 0;
    database.runs.find = async (params) => {
      const row = await find.call(database.runs, params);
      finds += 1;
      // The row was read; before whoever waits has it in hand, the run comes to its question.
      if (finds === 2) {
        llm.release();
        while ((await find.call(database.runs, params))?.status === 'processing') await pause(1);
      }
      return row;
    };
    // Whoever sleeps through it wakes up by nothing any more.
    const settled = await rigs[1].processor.resume(caller(idOf(started), { waitMs: Number.POSITIVE_INFINITY }));
    expect(settled.status).toBe('awaiting_input');
  });
});

describe('10.5 interruptions', () => {
  const cases = ['api.llm', 'user'] as const;
  it.each(cases)('cancelling while a module waits (%s) ends the run at once', async (where) => {
    const llm = heldLlm();
    const rig = alone({ llm });
    const started = await rig.start(where === 'user' ? askFirst : oneCall, { waitMs: 20 });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: Number.POSITIVE_INFINITY, runId: idOf(started) };
    const ended = await rig.processor.cancel({ ...caller, reason: 'enough' });
    expect(ended.status).toBe('cancelled');
    if (where === 'api.llm') expect(llm.signals[0]?.aborted).toBe(true);
    expect((await rig.events(caller.runId)).at(-1)).toMatchObject({
      type: 'workflow_cancelled',
      data: { reason: 'enough' },
    });
    expect(await rig.database.runs.find({ runId: caller.runId })).toMatchObject({ executor: null, active_name: null });
    llm.release();
    await pause(5);
    expect((await rig.events(caller.runId)).at(-1)?.type).toBe('workflow_cancelled');
    expect(rig.faults).toEqual([]);
  });

  it('cancelling a run that another process executes is found by that one when its module ends', async () => {
    const llm = heldLlm();
    const { rigs, caller, database } = twoProcesses({ llm });
    const started = rigs[0].start(oneCall);
    await llm.called(1);
    const runId = (await database.runs.list({ userId: rigs[0].userId, limit: 1 })).items[0]?.workflow_run_id ?? '';
    expect((await rigs[1].processor.cancel(caller(runId))).status).toBe('cancelled');
    llm.release();
    expect((await started).status).toBe('cancelled');
    expect((await rigs[0].events(runId)).at(-1)?.type).toBe('workflow_cancelled');
    expect(await database.runs.find({ runId })).toMatchObject({ executor: null });
    expect([...rigs[0].faults, ...rigs[1].faults]).toEqual([]);
  });

  it('a retry while the module runs stops it, and goes on on the new branch', async () => {
    const llm = heldLlm();
    const rig = alone({ llm });
    const started = await rig.start(oneCall, { waitMs: 20 });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(started) };
    const retried = rig.processor.depart({
      ...caller,
      mode: 'retry',
      stepId: 's',
      moduleName: 'write',
      feedback: 'faster',
    });
    await llm.called(2);
    expect(llm.signals[0]?.aborted).toBe(true);
    llm.release('the second');
    expect(await retried).toMatchObject({ status: 'awaiting_input', interaction_request: { message: 'the second' } });
    const keys = llm.calls.map((call) => call.idempotencyKey);
    expect(new Set(keys).size).toBe(2);
    expect(rig.faults).toEqual([]);
  });

  it('two interruptions one after the other: the last one counts', async () => {
    const llm = heldLlm();
    const rig = alone({ llm });
    const started = await rig.start(oneCall, { waitMs: 20 });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(started) };
    const retried = rig.processor.depart({ ...caller, mode: 'retry', stepId: 's', moduleName: 'write' });
    await llm.called(2);
    const cancelled = rig.processor.cancel(caller);
    expect((await cancelled).status).toBe('cancelled');
    expect((await retried).status).toBe('cancelled');
    expect((await rig.database.runs.find({ runId: caller.runId }))?.status).toBe('cancelled');
    expect(rig.faults).toEqual([]);
  });
});

describe('9.9 returning to a branch', () => {
  it('ends work here that was interrupted a moment before, and does not wait for what follows it', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const branches: string[] = [];
    const slow: Module = {
      id: 'test.slow',
      kind: 'compute',
      revision: 1,
      title: 'Slow',
      description: 'Takes its time and hears nothing meanwhile.',
      inputs: z.object({}),
      outputs: z.object({}),
      run: async (_inputs, { branchId }) => {
        branches.push(branchId);
        await gates[branches.length - 1]?.promise;
        return {};
      },
    };
    const workflow = {
      ...oneCall,
      steps: [{ step_id: 's', modules: [oneCall.steps[0]?.modules[0], { module_id: 'test.slow', name: 'slow' }] }],
    };
    const rig = alone({ modules: [slow] });
    const started = await rig.start(workflow, { waitMs: 20 });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(started) };
    const first = (await rig.database.runs.branches({ runId: caller.runId }))[0]?.branch_id ?? '';
    // Interrupts the work, which does not hear it before its gate opens.
    await rig.processor.depart({ ...caller, waitMs: 0, mode: 'retry', stepId: 's', moduleName: 'slow' });
    const returned = switchBranch(rig.processor, { ...caller, branchId: first });
    await pause(20);
    gates[0]?.resolve();
    await expect.poll(() => branches).toEqual([first, first]);
    gates[1]?.resolve();
    expect(await returned).toMatchObject({ status: 'completed', branch_id: first });
    expect(rig.faults).toEqual([]);
  });
});

describe('graceful end of a process', () => {
  it('stores what is done, gives the lease back, and another process goes on', async () => {
    const llm = heldLlm();
    const { rigs, caller, database } = twoProcesses({ llm, lease: { ttlMs: 3_600_000, renewMs: 20_000 } });
    const waiting = rigs[0].start(oneCall);
    await llm.called(1);
    await rigs[0].processor.close();
    expect(llm.signals[0]?.aborted).toBe(true);
    const left = await waiting;
    expect(left.status).toBe('processing');
    expect(await database.runs.find({ runId: idOf(left) })).toMatchObject({ status: 'processing', executor: null });
    llm.release();
    expect(await rigs[1].processor.sweep()).toBe(1);
    expect((await rigs[1].processor.resume(caller(idOf(left)))).status).toBe('awaiting_input');
    expect(new Set(llm.calls.map((call) => call.idempotencyKey)).size).toBe(1);
    expect([...rigs[0].faults, ...rigs[1].faults]).toEqual([]);
  });

  it('keeps computed results that no boundary has stored yet', async () => {
    const { rigs, caller } = twoProcesses();
    const until = rigs[0].start(longRun(900));
    await pause(5);
    await rigs[0].processor.close();
    const left = await until.catch((error: unknown) => error as { code?: string });
    if ('code' in left && left.code === 'shutting_down') return;
    const runId = 'workflow_run_id' in left ? (left.workflow_run_id ?? '') : '';
    const done = await rigs[1].processor.resume(caller(runId));
    expect(done.status).toBe('awaiting_input');
    const started = (await rigs[1].events(runId)).filter((event) => event.type === 'module_started');
    expect(started.length).toBeLessThanOrEqual(902);
  });

  it('after it began, a new run is refused and nothing of it is stored; an answer is stored and left to others', async () => {
    const { rigs, database } = twoProcesses();
    const asked = await rigs[0].start(askFirst);
    await rigs[0].processor.close();
    await expectCode(rigs[0].start(oneCall), 'shutting_down');
    expect((await database.runs.list({ userId: rigs[0].userId, limit: 9 })).items).toHaveLength(1);
    const answered = await rigs[0].respond(asked, {});
    expect(answered.status).toBe('processing');
    expect(await rigs[1].processor.sweep()).toBe(1);
    expect(rigs[0].faults).toEqual([]);
  });

  it('ends a run that was interrupted a moment ago as well', async () => {
    const llm = heldLlm();
    const rig = alone({ llm });
    const started = await rig.start(oneCall, { waitMs: 20 });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(started) };
    const retried = rig.processor.depart({ ...caller, mode: 'retry', stepId: 's', moduleName: 'write' });
    await Promise.race([
      rig.processor.close(),
      pause(1000).then(() => {
        throw new Error('it does not end');
      }),
    ]);
    expect(['processing', 'awaiting_input']).toContain((await retried).status);
  });
});

describe('10.3.8 and 10.10.5 limits of one go', () => {
  it('1000 modules in one go stop with processing; resuming completes', async () => {
    const rig = alone();
    const started = await rig.start(longRun(1001));
    expect(started).toMatchObject({ status: 'processing', progress: { current_module: 'm1000' } });
    expect(await rig.database.runs.find({ runId: idOf(started) })).toMatchObject({ executor: null });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 20_000, runId: idOf(started) };
    expect((await rig.processor.resume(caller)).status).toBe('awaiting_input');
    const events = await rig.events(idOf(started));
    expect(events.filter((event) => event.type === 'module_completed')).toHaveLength(1001);
  });

  it('an instant after which nothing begins stops between two modules', async () => {
    const clock = liveClock();
    const rig = createRig({ database: createMemoryDatabase({ clock }), clock });
    const asked = await rig.start(askFirst);
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(asked) };
    const interactionId = asked.interaction_request?.interaction_id ?? '';
    const stopped = await rig.processor.respond({
      ...caller,
      interactionId,
      answer: {},
      until: clock.monotonicMs() - 1,
    });
    expect(stopped).toMatchObject({ status: 'processing', progress: { current_module: 'write' } });
    expect(rig.llm.calls).toHaveLength(0);
    expect((await rig.processor.resume(caller)).status).toBe('awaiting_input');
  });

  it.each(['a call', 'computation'])('closing a preview ends %s in the middle, and it is no fault', async (kind) => {
    const llm = heldLlm();
    const rig = alone({ llm });
    const asked = await rig.start(
      kind === 'a call' ? askFirst : { ...longRun(900), steps: [...askFirst.steps.slice(0, 1), ...longRun(900).steps] },
    );
    const closing = new AbortController();
    const caller = { userId: rig.userId, sessionId: 's', waitMs: Number.POSITIVE_INFINITY, runId: idOf(asked) };
    const interactionId = asked.interaction_request?.interaction_id ?? '';
    const response = rig.processor.respond({ ...caller, interactionId, answer: {}, signal: closing.signal });
    response.catch(() => undefined);
    await (kind === 'a call' ? llm.called(1) : pause(3));
    closing.abort(new Error('the client has gone'));
    await expect(response).rejects.toThrow('the client has gone');
    expect(rig.faults).toEqual([]);
    if (kind === 'a call') expect(llm.signals[0]?.aborted).toBe(true);
  });
});
