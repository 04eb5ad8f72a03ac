import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkflowResponse } from '../../models/execution.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { branchWorkflow } from '../../testing/branch-workflow.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { interactionRecord } from '../reads.ts';
import { reopenQuestion } from './reopen.ts';
import { switchBranch } from './switch-branch.ts';

describe('9.7 reopening a question', () => {
  let rig: EngineRig;
  let asked: WorkflowResponse;
  let review: WorkflowResponse;
  beforeEach(async () => {
    const clock = liveClock();
    rig = createRig({ database: createMemoryDatabase({ clock }), clock });
    asked = await rig.start(branchWorkflow);
    review = await rig.respond(asked, { value: 'rain' });
  });
  afterEach(async () => {
    await rig.processor.close();
    expect(rig.faults).toEqual([]);
  });

  const caller = () => ({
    userId: rig.userId,
    sessionId: 'me',
    waitMs: 5_000,
    runId: asked.workflow_run_id ?? '',
  });
  const reopen = (at = asked, more: { idempotencyKey?: string } = {}) =>
    reopenQuestion(rig.processor, {
      ...caller(),
      interactionId: at.interaction_request?.interaction_id ?? '',
      ...more,
    });
  const line = () => rig.events(asked.workflow_run_id ?? '');

  it('opens it under its own id on a branch that ends there, with the earlier answer on offer; nothing executes', async () => {
    const calls = rig.llm.calls.length;
    const again = await reopen();
    expect(again).toMatchObject({
      status: 'awaiting_input',
      progress: { current_module: 'topic_input' },
      interaction_request: {
        interaction_id: asked.interaction_request?.interaction_id,
        previous_answer: { value: 'rain' },
      },
    });
    const events = await line();
    expect(events.slice(-2).map((event) => event.type)).toEqual(['interaction_requested', 'branch_created']);
    expect(events.at(-1)?.data).toMatchObject({ kind: 'reopen', parent_branch_id: asked.branch_id });
    expect(rig.llm.calls).toHaveLength(calls);
    const [, branch] = await rig.database.runs.branches(caller());
    expect(branch).toMatchObject({ kind: 'reopen', parent_branch_id: asked.branch_id });
  });

  it('9.8 the line that is left says so, and stays as it was', async () => {
    const before = await line();
    await reopen();
    const { runs } = rig.database;
    const left = await runs.readLine({ ...caller(), branchId: asked.branch_id ?? '', afterSeq: -1 });
    expect(left.slice(0, -1)).toEqual(before);
    expect(left.at(-1)).toMatchObject({ type: 'jump_requested', data: { kind: 'reopen', by: 'me' } });
  });

  it('another answer goes on from there; the later question offers what was answered on the old line', async () => {
    const done = await rig.respond(review, { selected_indices: [0] });
    expect(done.status).toBe('completed');
    const other = await rig.respond(await reopen(), { value: 'snow' });
    expect(other.interaction_request).toMatchObject({
      data: ['You said: A slogan about snow'],
      previous_answer: { selected_indices: [0] },
    });
    const end = await rig.respond(other, { selected_indices: [0] });
    expect(end.result).toMatchObject({ topic: 'snow' });
  });

  it('a fresh process reads the reopened question as it stands, and its history shows the offer', async () => {
    await reopen();
    const clock = liveClock();
    const second = createRig({ database: rig.database, clock, userId: rig.userId });
    const run = await second.processor.load(caller());
    expect(run.state.open?.request.previous_answer).toEqual({ value: 'rain' });
    const id = asked.interaction_request?.interaction_id ?? '';
    expect(await interactionRecord(second.processor, run, id)).toMatchObject({
      status: 'open',
      request: { previous_answer: { value: 'rain' } },
    });
    await second.processor.close();
  });

  it('the same key again changes nothing more; an open question stays as it is', async () => {
    const first = await reopen(asked, { idempotencyKey: 'k' });
    const second = await reopen(asked, { idempotencyKey: 'k' });
    expect(second).toMatchObject({ replayed: true, branch_id: first.branch_id, last_seq: first.last_seq });
    expect(await reopen()).toMatchObject({ branch_id: first.branch_id, last_seq: first.last_seq });
    expect(await rig.database.runs.branches(caller())).toHaveLength(2);
    await switchBranch(rig.processor, { ...caller(), branchId: asked.branch_id ?? '' });
    expect(await reopen(asked, { idempotencyKey: 'k' })).toMatchObject({ replayed: true, branch_id: asked.branch_id });
    expect(await rig.database.runs.branches(caller())).toHaveLength(2);
  });

  it('one of two who reopen at once wins; the other finds it open', async () => {
    const results = await Promise.all([reopen(), reopen(), reopen()]);
    expect(new Set(results.map((result) => result.branch_id)).size).toBe(1);
    expect(await rig.database.runs.branches(caller())).toHaveLength(2);
  });

  it('returning to the old line shows its own answer again', async () => {
    const again = await reopen();
    const back = await switchBranch(rig.processor, { ...caller(), branchId: asked.branch_id ?? '' });
    expect(back.interaction_request?.interaction_id).toBe(review.interaction_request?.interaction_id);
    const { state } = await rig.processor.load(caller());
    expect(state.questions.get(asked.interaction_request?.interaction_id ?? '')?.answer?.event).toBe('answer');
    expect(again.branch_id).not.toBe(back.branch_id);
  });

  it('an unknown question, one of another branch, a cancelled run: a typed error, and nothing changed', async () => {
    const unknown = { ...asked, interaction_request: { ...asked.interaction_request!, interaction_id: randomUUID() } };
    const before = await line();
    await expect(reopen(unknown)).rejects.toMatchObject({ code: 'interaction_not_found' });
    await expect(
      reopenQuestion(rig.processor, { ...caller(), userId: randomUUID(), interactionId: 'x' }),
    ).rejects.toMatchObject({ code: 'run_not_found' });
    expect(await line()).toEqual(before);
    await reopen();
    await expect(reopen(review)).rejects.toMatchObject({ code: 'interaction_not_found' });
    await rig.processor.cancel(caller());
    await expect(reopen()).rejects.toMatchObject({ code: 'run_ended' });
  });
});
