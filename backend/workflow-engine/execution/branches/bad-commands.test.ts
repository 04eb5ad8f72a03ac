import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../errors/index.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import { limits } from '../../models/limits.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { branchWorkflow } from '../../testing/branch-workflow.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { expectCode } from '../../testing/expect-code.ts';
import { answerFor, generatedWorkflow } from '../../testing/generated-workflow.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { runs } from '../../testing/runs.ts';
import { scriptedLlm } from '../../testing/scripted-llm.ts';
import { reopenQuestion } from './reopen.ts';
import { switchBranch } from './switch-branch.ts';

/** Whatever is refused has a code and has changed nothing: neither row, nor branches, nor any line. */

function memoryRig(): EngineRig {
  const clock = liveClock();
  // Short replies: an echo of the conversation so far would double with each retry.
  const llm = scriptedLlm(({ outputSchema }) => (outputSchema ? '{"text":"short"}' : 'short'));
  return createRig({ database: createMemoryDatabase({ clock }), clock, llm });
}

async function everything(rig: EngineRig, runId: string): Promise<unknown> {
  const { runs: store } = rig.database;
  const branches = await store.branches({ runId });
  const lines = await Promise.all(
    branches.map(({ branch_id: branchId }) => store.readLine({ runId, branchId, afterSeq: -1 })),
  );
  return { row: await store.find({ runId }), branches, lines };
}

const callerOf = (rig: EngineRig, at: WorkflowResponse) => ({
  userId: rig.userId,
  sessionId: 'me',
  waitMs: 5_000,
  runId: at.workflow_run_id ?? '',
});

/** Modules of a workflow that have not begun on a line. */
function notBegun(workflow: Record<string, unknown>, begun: Set<string>): { stepId: string; moduleName: string }[] {
  const steps = workflow.steps as { step_id: string; modules: { name: string }[] }[];
  return steps.flatMap(({ step_id: stepId, modules }) =>
    modules
      .filter(({ name }) => !begun.has(`${stepId}/${name}`))
      .map(({ name: moduleName }) => ({ stepId, moduleName })),
  );
}

describe('bad input', () => {
  it('wrong names, wrong seq, foreign runs and branches, stale questions: a typed error, and nothing changed', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(), fc.nat({ max: 6 }), async ({ workflow, choices }, answers) => {
        const rig = memoryRig();
        const other = await rig.start(branchWorkflow);
        let at = await rig.start(workflow);
        const stale: WorkflowResponse[] = [];
        for (let asked = 0; asked < answers && at.interaction_request; asked += 1) {
          const from = at;
          at = await rig.respond(at, answerFor(at.interaction_request, choices[asked]));
          if (at.branch_id !== from.branch_id) stale.push(from);
        }
        const caller = callerOf(rig, at);
        const events = await rig.events(caller.runId);
        const begun = new Set(events.map((event) => `${event.step_id}/${event.module_name}`));
        const answer = { userId: rig.userId, sessionId: 'me', answer: {} };
        const anyone = { mode: 'retry' as const, stepId: 'step_0', moduleName: 'm_0_0' };
        const open = at.interaction_request?.interaction_id;
        const { processor } = rig;
        const bad: [ErrorCode, () => Promise<unknown>][] = [
          ['interaction_not_found', () => processor.respond({ ...caller, ...answer, interactionId: randomUUID() })],
          [
            'interaction_not_found',
            () =>
              processor.respond({
                ...caller,
                ...answer,
                interactionId: other.interaction_request?.interaction_id ?? '',
              }),
          ],
          ['interaction_not_found', () => reopenQuestion(processor, { ...caller, interactionId: randomUUID() })],
          ['branch_not_found', () => switchBranch(processor, { ...caller, branchId: other.branch_id ?? '' })],
          ['branch_not_current', () => processor.depart({ ...caller, ...anyone, currentBranchId: randomUUID() })],
          ['run_not_found', () => processor.depart({ ...caller, ...anyone, userId: randomUUID() })],
          ['run_not_found', () => processor.depart({ ...caller, ...anyone, runId: randomUUID() })],
          ['step_not_found', () => processor.depart({ ...caller, ...anyone, stepId: 'constructor' })],
          ['module_not_found', () => processor.depart({ ...caller, ...anyone, moduleName: '__proto__' })],
          ['request_invalid', () => processor.depart({ ...caller, ...anyone, inputsOverride: { constructor: 1 } })],
          ...notBegun(workflow, begun).flatMap((target): [ErrorCode, () => Promise<unknown>][] => [
            ['target_not_executed', () => processor.depart({ ...caller, ...target, mode: 'retry' })],
            ['target_not_executed', () => processor.depart({ ...caller, ...target, mode: 'jump' })],
          ]),
          ...stale.map((from): [ErrorCode, () => Promise<unknown>] => [
            'interaction_already_answered',
            () => rig.respond(from, {}),
          ]),
        ];
        if (open !== undefined)
          bad.push([
            'conflict',
            () => processor.respond({ ...caller, ...answer, interactionId: open, expectedSeq: 0 }),
          ]);
        const before = await everything(rig, caller.runId);
        const calls = rig.llm.calls.length;
        for (const [code, command] of bad) {
          await expectCode(command(), code);
          expect(await everything(rig, caller.runId)).toEqual(before);
        }
        expect(rig.llm.calls).toHaveLength(calls);
        expect(rig.faults).toEqual([]);
      }),
      { numRuns: runs(60, 500) },
    );
  });

  it('23 a cycle of retries ends at retry_limit, with nothing changed', { timeout: 60_000 }, async () => {
    const rig = memoryRig();
    let at = await rig.respond(await rig.start(branchWorkflow), { value: 'rain' });
    for (let turn = 0; turn < limits.retriesPerModule; turn += 1) at = await rig.respond(at, { action_id: 'again' });
    expect(at.status).toBe('awaiting_input');
    const { runId } = callerOf(rig, at);
    const before = await everything(rig, runId);
    await expect(rig.respond(at, { action_id: 'again' })).rejects.toMatchObject({
      code: 'retry_limit',
      params: { limit: 50, actual: 50 },
    });
    expect(await everything(rig, runId)).toEqual(before);
    expect((await rig.respond(at, { selected_indices: [0] })).status).toBe('completed');
    expect(rig.faults).toEqual([]);
  });

  it('23 a cycle of jumps and reopened questions ends at run_limit, with nothing changed', {
    timeout: 120_000,
  }, async () => {
    const rig = memoryRig();
    let at = await rig.start(branchWorkflow);
    const first = at.interaction_request?.interaction_id ?? '';
    const caller = callerOf(rig, at);
    const back = { ...caller, stepId: 'ask', moduleName: 'topic_input', mode: 'jump' as const };
    for (let branch = 1; branch < limits.branchesPerRun; branch += 1) at = await rig.processor.depart(back);
    const { runs: store } = rig.database;
    expect(await store.branches(caller)).toHaveLength(limits.branchesPerRun);
    const review = await rig.respond(at, { value: 'rain' });
    const before = await everything(rig, caller.runId);
    const id = at.interaction_request?.interaction_id ?? '';
    expect(id).not.toBe(first);
    for (const refused of [
      () => rig.processor.depart(back),
      () => rig.respond(review, { action_id: 'topic' }),
      () => reopenQuestion(rig.processor, { ...caller, interactionId: id }),
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: 'run_limit', params: { what: 'branches', limit: 500 } });
    }
    expect(await everything(rig, caller.runId)).toEqual(before);
    expect((await rig.respond(review, { selected_indices: [0] })).status).toBe('completed');
    expect(rig.faults).toEqual([]);
  });
});
