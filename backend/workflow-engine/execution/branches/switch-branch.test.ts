import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { versionIdOf } from '../../definition/canonical-json.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { branchWorkflow } from '../../testing/branch-workflow.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { scriptedLlm } from '../../testing/scripted-llm.ts';
import { switchBranch } from './switch-branch.ts';

describe('9.9 returning to a branch', () => {
  let rig: EngineRig;
  beforeEach(() => {
    const clock = liveClock();
    rig = createRig({ database: createMemoryDatabase({ clock }), clock });
  });
  afterEach(async () => {
    await rig.processor.close();
    expect(rig.faults).toEqual([]);
  });

  const caller = (at: WorkflowResponse) => ({
    userId: rig.userId,
    sessionId: 'me',
    waitMs: 5_000,
    runId: at.workflow_run_id ?? '',
  });
  const switchTo = (at: WorkflowResponse, branchId = at.branch_id ?? '') =>
    switchBranch(rig.processor, { ...caller(at), branchId });
  const reviewed = async () => rig.respond(await rig.start(branchWorkflow), { value: 'rain' });

  it('opens the question again that a retry had answered, under its own id; it is answered there', async () => {
    const review = await reviewed();
    const again = await rig.respond(review, { action_id: 'again', retry_feedback: 'shorter' });
    expect(again.branch_id).not.toBe(review.branch_id);
    const back = await switchTo(review);
    expect(back).toMatchObject({
      status: 'awaiting_input',
      branch_id: review.branch_id,
      interaction_request: { interaction_id: review.interaction_request?.interaction_id },
    });
    expect((await rig.events(review.workflow_run_id ?? '')).at(-1)).toMatchObject({
      type: 'branch_resumed',
      data: { by: 'me' },
    });
    const row = await rig.database.runs.find({ runId: review.workflow_run_id ?? '' });
    expect(row).toMatchObject({
      current_branch_id: review.branch_id,
      status: 'awaiting_input',
      interaction_id: review.interaction_request?.interaction_id,
    });
    const done = await rig.respond(back, { selected_indices: [0] });
    expect(done).toMatchObject({ status: 'completed', branch_id: review.branch_id });
  });

  it('opens the question again that a jump from elsewhere left open', async () => {
    const review = await reviewed();
    const jumped = await rig.processor.depart({
      ...caller(review),
      stepId: 'ask',
      moduleName: 'topic_input',
      mode: 'jump',
    });
    expect(jumped.progress.current_module).toBe('topic_input');
    const back = await switchTo(review);
    expect(back.interaction_request?.interaction_id).toBe(review.interaction_request?.interaction_id);
    const forward = await switchTo(jumped);
    expect(forward.interaction_request?.interaction_id).toBe(jumped.interaction_request?.interaction_id);
    expect(await rig.respond(forward, { value: 'snow' })).toMatchObject({ branch_id: jumped.branch_id });
  });

  it('changes nothing on the current branch, and refuses a branch of nobody or of another run', async () => {
    const review = await reviewed();
    const other = await reviewed();
    const before = await everything(review);
    expect(await switchTo(review)).toMatchObject({ status: 'awaiting_input', last_seq: review.last_seq });
    for (const branchId of [randomUUID(), other.branch_id ?? '', '']) {
      await expect(switchTo(review, branchId)).rejects.toMatchObject({ code: 'branch_not_found' });
    }
    await expect(
      switchBranch(rig.processor, { ...caller(review), userId: randomUUID(), branchId: review.branch_id ?? '' }),
    ).rejects.toMatchObject({ code: 'run_not_found' });
    expect(await everything(review)).toEqual(before);
  });

  it('9.3 a command that names another branch, or a question of one, is branch_not_current and changes nothing', async () => {
    const review = await reviewed();
    const again = await rig.respond(review, { action_id: 'again' });
    await switchTo(review);
    const before = await everything(review);
    await expect(rig.respond(again, { selected_indices: [0] })).rejects.toMatchObject({
      code: 'branch_not_current',
      params: { branch_id: again.branch_id, current_branch_id: review.branch_id },
    });
    for (const mode of ['retry', 'jump'] as const) {
      await expect(
        rig.processor.depart({
          ...caller(review),
          stepId: 'write',
          moduleName: 'writer',
          mode,
          currentBranchId: again.branch_id ?? '',
        }),
      ).rejects.toMatchObject({ code: 'branch_not_current' });
    }
    expect(await everything(review)).toEqual(before);
  });

  it('a line that has ended is shown as it ended, and its name is given back; an open one takes it again', async () => {
    const review = await reviewed();
    const again = await rig.respond(review, { action_id: 'again' });
    const done = await rig.respond(again, { selected_indices: [0] });
    expect(done.status).toBe('completed');
    const runId = done.workflow_run_id ?? '';
    expect((await rig.database.runs.find({ runId }))?.active_name).toBeNull();
    expect(await switchTo(review)).toMatchObject({ status: 'awaiting_input' });
    expect((await rig.database.runs.find({ runId }))?.active_name).not.toBeNull();
    expect(await switchTo(again)).toMatchObject({ status: 'completed', result: { slogan: expect.any(String) } });
    expect((await rig.database.runs.find({ runId }))?.active_name).toBeNull();
  });

  it('interrupts work on the branch that is left; coming back, the module runs again under the same attempt', async () => {
    let held: (() => void) | null = null;
    const llm = scriptedLlm((_request, call, { signal }) => {
      if (call !== 2) return `slogan ${call}`;
      return new Promise<string>((_resolve, reject) => {
        held = () => undefined;
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const clock = liveClock();
    rig = createRig({ database: createMemoryDatabase({ clock }), clock, llm });
    const review = await reviewed();
    const running = await rig.processor.depart({
      ...caller(review),
      stepId: 'write',
      moduleName: 'writer',
      mode: 'retry',
      waitMs: 0,
    });
    await expect.poll(() => held, { interval: 2 }).not.toBeNull();
    const back = await switchTo(review);
    expect(back.interaction_request?.interaction_id).toBe(review.interaction_request?.interaction_id);
    const branches = await rig.database.runs.branches({ runId: review.workflow_run_id ?? '' });
    const left = branches.find((branch) => branch.branch_id !== review.branch_id)?.branch_id;
    expect(running.status).toBe('processing');
    const forward = await switchTo(review, left);
    expect(forward).toMatchObject({ status: 'awaiting_input', interaction_request: { data: ['slogan 3'] } });
    const started = (await rig.events(review.workflow_run_id ?? '')).filter(
      (event) => event.type === 'module_started' && event.module_name === 'writer',
    );
    expect(started.map((event) => [event.attempt, event.data.reason])).toEqual([
      [1, 'retry_requested'],
      [1, 'interrupted'],
    ]);
    expect(llm.calls[1]?.idempotencyKey).toBe(llm.calls[2]?.idempotencyKey);
  });

  it('a branch goes on with its own version, also while work of another one is under way', async () => {
    let held = false;
    const llm = scriptedLlm((request, _call, { signal }) => {
      const said = JSON.stringify(request.messages);
      if (!said.includes('hold')) return said.includes('poem') ? 'a poem' : 'a slogan';
      held = true;
      return new Promise<string>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const clock = liveClock();
    rig = createRig({ database: createMemoryDatabase({ clock }), clock, llm });
    const review = await reviewed();
    const [ask, write] = branchWorkflow.steps;
    const [writer, ...rest] = write?.modules ?? [];
    const poet = { ...writer, inputs: { input: 'A poem about {{ state.topic }}' } };
    const definition = { ...branchWorkflow, steps: [ask, { ...write, modules: [poet, ...rest] }] };
    const versionId = versionIdOf(definition);
    await rig.database.definitions.keepDefinition({ versionId, definition });
    const moved = await rig.processor.reconcile({ ...caller(review), versionId });
    expect(moved).toMatchObject({ status: 'awaiting_input', interaction_request: { data: ['a poem'] } });
    const { runId } = caller(review);
    const underWay = await rig.processor.depart({
      ...caller(review),
      stepId: 'write',
      moduleName: 'writer',
      mode: 'retry',
      inputsOverride: { input: 'hold' },
      waitMs: 0,
    });
    await expect.poll(() => held, { interval: 2 }).toBe(true);
    const back = await switchTo(review);
    expect(back).toMatchObject({ status: 'awaiting_input', interaction_request: { data: ['a slogan'] } });
    expect((await rig.database.runs.find({ runId }))?.version_id).toBe(versionIdOf(branchWorkflow));
    const again = await rig.respond(back, { action_id: 'again' });
    expect(again.interaction_request).toMatchObject({ data: ['a slogan'] });
    expect((await rig.events(runId)).at(-1)?.version_id).toBe(versionIdOf(branchWorkflow));
    const poem = await switchTo(moved);
    expect(poem).toMatchObject({ interaction_request: { data: ['a poem'] } });
    expect((await rig.database.runs.find({ runId }))?.version_id).toBe(versionId);
    expect(underWay.status).toBe('processing');
  });

  it('another process that executes the branch that is left stops there, and changes neither run nor line', async () => {
    const finish = Promise.withResolvers<string>();
    const llm = scriptedLlm((_request, call) => (call === 1 ? finish.promise : 'slogan'));
    const second = createRig({ database: rig.database, clock: liveClock(), llm, userId: rig.userId, executor: 'two' });
    const review = await reviewed();
    const running = await second.processor.depart({
      ...caller(review),
      stepId: 'write',
      moduleName: 'writer',
      mode: 'retry',
      waitMs: 0,
    });
    await expect.poll(() => llm.calls.length, { interval: 2 }).toBe(1);
    const back = await switchTo(review);
    expect(back).toMatchObject({ status: 'awaiting_input', branch_id: review.branch_id });
    finish.resolve('too late');
    const { runId } = caller(review);
    await expect.poll(async () => (await rig.database.runs.find({ runId }))?.executor, { interval: 2 }).toBeNull();
    expect(await rig.database.runs.find({ runId })).toMatchObject({
      current_branch_id: review.branch_id,
      last_seq: back.last_seq,
      status: 'awaiting_input',
    });
    const left = await rig.database.runs.readLine({ runId, branchId: running.branch_id ?? '', afterSeq: -1 });
    expect(left.at(-1)).toMatchObject({ type: 'module_started', module_name: 'writer' });
    expect(await rig.respond(back, { selected_indices: [0] })).toMatchObject({ status: 'completed' });
    await second.processor.close();
    expect(second.faults).toEqual([]);
  });

  it('two who return to different branches: the run ends on one of them, whole', async () => {
    const review = await reviewed();
    const again = await rig.respond(review, { action_id: 'again' });
    const third = await rig.respond(again, { action_id: 'again' });
    const results = await Promise.all([switchTo(review), switchTo(again), switchTo(third)]);
    expect(results.map((result) => result.status)).toEqual(Array(3).fill('awaiting_input'));
    const runId = review.workflow_run_id ?? '';
    const row = await rig.database.runs.find({ runId });
    const { state } = await rig.processor.load({ runId });
    expect([state.branchId, state.lastSeq]).toEqual([row?.current_branch_id, row?.last_seq]);
    expect(row?.interaction_id).toBe(state.open?.interactionId);
  });

  async function everything(at: WorkflowResponse): Promise<unknown> {
    const runId = at.workflow_run_id ?? '';
    return {
      row: await rig.database.runs.find({ runId }),
      branches: await rig.database.runs.branches({ runId }),
      events: await rig.events(runId),
    };
  }
});
