import { describe, expect, it } from 'vitest';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig } from '../testing/engine-rig.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { alone, askFirst, heldLlm, idOf, longRun, oneCall, pause, twoProcesses } from './testing/rigs.ts';

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
