import { describe, expect, it } from 'vitest';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig } from '../testing/engine-rig.ts';
import { expectCode } from '../testing/expect-code.ts';
import { liveClock } from '../testing/live-clock.ts';
import { alone, askFirst, heldLlm, idOf, longRun, oneCall, pause, twoProcesses } from './testing/rigs.ts';

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
