import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Module } from '../modules/module.ts';
import { switchBranch } from './branches/switch-branch.ts';
import { alone, askFirst, heldLlm, idOf, oneCall, pause, twoProcesses } from './testing/rigs.ts';

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
