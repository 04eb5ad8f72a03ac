import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkflowResponse } from '../../models/execution.ts';
import { WfmError } from '../../errors/index.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { branchWorkflow } from '../../testing/branch-workflow.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { scriptedLlm } from '../../testing/scripted-llm.ts';
import { compareBranches, compareRuns } from './compare.ts';

describe('9.11 comparing branches and runs', () => {
  let rig: EngineRig;
  let script: (call: number) => string;
  beforeEach(() => {
    script = (call) => `slogan ${call}`;
    const clock = liveClock();
    const llm = scriptedLlm((_request, call) => script(call));
    rig = createRig({ database: createMemoryDatabase({ clock }), clock, llm });
  });
  afterEach(() => rig.processor.close());

  const reviewed = async () => rig.respond(await rig.start(branchWorkflow), { value: 'rain' });
  const caller = (at: WorkflowResponse) => ({
    userId: rig.userId,
    sessionId: 'me',
    waitMs: 5_000,
    runId: at.workflow_run_id ?? '',
  });
  const branches = (a: WorkflowResponse, b: WorkflowResponse) =>
    compareBranches(rig.processor, { ...caller(a), a: a.branch_id ?? '', b: b.branch_id ?? '' });

  it('a retry with inputs edited by hand: which, from what to what, what came of it and what it cost', async () => {
    const first = await reviewed();
    const second = await rig.processor.depart({
      ...caller(first),
      stepId: 'write',
      moduleName: 'writer',
      mode: 'retry',
      feedback: 'shorter',
      inputsOverride: { input: 'Only one word' },
    });
    const compared = await branches(first, second);
    expect(compared.first_difference).toEqual({ step_id: 'write', module_name: 'writer', reason: 'inputs' });
    expect(compared.b.fork).toEqual({
      kind: 'retry',
      target: { step_id: 'write', module_name: 'writer' },
      feedback: 'shorter',
      inputs_override: { input: 'Only one word' },
    });
    const writer = compared.modules.find((pair) => pair.module_name === 'writer');
    expect(writer).toMatchObject({
      module_id: 'api.llm',
      parts: ['inputs', 'outputs'],
      inputs: [{ name: 'input', a: 'A slogan about rain', b: 'Only one word' }],
      a: { status: 'completed', edited_inputs: [], usage: { cost_usd: 0.001, calls: 1 } },
      b: { status: 'completed', edited_inputs: ['input'], tries: 1, origin: { reason: 'retry_requested' } },
    });
    expect(writer?.outputs?.changes).toContainEqual({
      type: 'changed',
      path: 'response',
      a: 'slogan 1',
      b: 'slogan 2',
    });
    expect([compared.a.usage.cost_usd, compared.b.usage.cost_usd]).toEqual([0.001, 0.001]);
  });

  it('a question answered on one side alone, and a module that one side never reached', async () => {
    const first = await reviewed();
    const second = await rig.processor.depart({
      ...caller(first),
      stepId: 'ask',
      moduleName: 'topic_input',
      mode: 'jump',
    });
    const compared = await branches(first, second);
    expect(compared.modules.map((pair) => [pair.module_name, pair.parts, pair.a?.status, pair.b?.status])).toEqual([
      ['topic_input', ['answer', 'outputs'], 'completed', 'asked'],
      ['writer', ['missing'], 'completed', undefined],
      ['review', ['missing'], 'asked', undefined],
    ]);
    expect(compared.first_difference?.reason).toBe('answer');
    const reversed = await branches(second, first);
    expect(reversed.first_difference).toEqual(compared.first_difference);
    expect(reversed.modules.map((pair) => pair.module_name)).toEqual(['topic_input', 'writer', 'review']);
  });

  it('an error on one side', async () => {
    const first = await reviewed();
    script = () => {
      throw new WfmError('output_invalid', 'Nothing that fits.');
    };
    const second = await reviewed();
    expect(second.status).toBe('error');
    const compared = await compareRuns(rig.processor, {
      userId: rig.userId,
      a: first.workflow_run_id ?? '',
      b: second.workflow_run_id ?? '',
    });
    expect(compared).toMatchObject({
      common_seq: -1,
      first_difference: { module_name: 'writer', reason: 'error' },
    });
    expect(compared.modules[1]?.b).toMatchObject({ status: 'failed', error: { code: 'output_invalid' } });
  });

  it("an unknown branch, a branch of another run, another user's run: as if they were not there", async () => {
    const [first, other] = [await reviewed(), await reviewed()];
    for (const b of [randomUUID(), other.branch_id ?? '']) {
      await expect(
        compareBranches(rig.processor, { ...caller(first), a: first.branch_id ?? '', b }),
      ).rejects.toMatchObject({ code: 'branch_not_found' });
    }
    const stranger = createRig({ database: rig.database, clock: liveClock() });
    const foreign = await stranger.start(branchWorkflow);
    const runId = first.workflow_run_id ?? '';
    const foreignId = foreign.workflow_run_id ?? '';
    for (const [a, b] of [
      [runId, foreignId],
      [foreignId, runId],
      [runId, randomUUID()],
    ] as const) {
      await expect(compareRuns(rig.processor, { userId: rig.userId, a, b })).rejects.toMatchObject({
        code: 'run_not_found',
      });
    }
    await stranger.processor.close();
  });
});
