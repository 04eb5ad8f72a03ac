import type { Plan, WorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleWorkflow } from '../../testing/sample-workflow.ts';
import { completeSample, createServerRig, type ServerRig } from '../../testing/server-rig.ts';

let rig: ServerRig;
beforeAll(async () => {
  rig = await createServerRig();
});
afterAll(() => rig.close());

/** The sample with another prompt for its model. */
function edited(id: string) {
  const workflow = sampleWorkflow({ workflow_id: id });
  Object.assign(workflow.steps[1]?.modules[1]?.inputs ?? {}, {
    input: 'Sing about {{ state.said }} in {{ state.colour }}.',
  });
  return workflow;
}

interface Unconfirmed {
  requires_confirmation: boolean;
  plan: Plan;
  new_version_id: string;
}

const planned = (response: WorkflowResponse): Unconfirmed => response.result as Unconfirmed;
const post = async <T = WorkflowResponse>(url: string, body: object): Promise<{ status: number; body: T }> => {
  const reply = await rig.alice.call('POST', url, body);
  return { status: reply.statusCode, body: reply.json<T>() };
};

describe('10.7 a run and another version', () => {
  test('a plan first, then the act, on a fork; the old line stays as it was', async () => {
    const done = await completeSample(rig.alice, 'upgrade', sampleWorkflow({ workflow_id: 'upgrade' }));
    const runId = done.workflow_run_id ?? '';
    const before = await rig.database.runs.readLine({ runId, branchId: done.branch_id ?? '', afterSeq: -1 });
    const calls = rig.llm.calls.length;

    const { body: shown } = await post(`/workflow/${runId}/resume`, { workflow_content: edited('upgrade') });
    expect(shown).toMatchObject({ status: 'completed', result: { requires_confirmation: true } });
    const { plan } = planned(shown);
    expect(plan.modules.map(({ module_name, action, reason }) => [module_name, action, reason])).toEqual([
      ['pick', 'answer_reapplied', 'question_unchanged'],
      ['join', 'reused', 'inputs_unchanged'],
      ['note', 'answer_reapplied', 'question_unchanged'],
      ['write', 'executed', 'inputs_changed'],
      ['keep', 'not_reached', 'depends_on_unknown'],
    ]);
    expect(plan.likely_cost_usd).toBeCloseTo(0.001);
    expect(rig.llm.calls).toHaveLength(calls);
    expect((await rig.database.runs.find({ runId }))?.current_branch_id).toBe(done.branch_id);

    const { body: upgraded } = await post(`/workflow/${runId}/resume/confirm`, {
      workflow_content: edited('upgrade'),
      plan_id: plan.plan_id,
    });
    expect(upgraded.status).toBe('completed');
    expect(upgraded.branch_id).not.toBe(done.branch_id);
    expect(rig.llm.calls).toHaveLength(calls + 1);
    expect(await rig.database.runs.readLine({ runId, branchId: done.branch_id ?? '', afterSeq: -1 })).toEqual(before);
  });

  test('10.7.9 a plan is refused once the run has moved, or for another version', async () => {
    const done = await completeSample(rig.alice, 'stale', sampleWorkflow({ workflow_id: 'stale' }));
    const runId = done.workflow_run_id ?? '';
    const { body: shown } = await post(`/workflow/${runId}/resume`, { workflow_content: edited('stale') });
    const { plan } = planned(shown);
    const other = { ...edited('stale'), name: 'Another' };
    expect(
      await post(`/workflow/${runId}/resume/confirm`, { workflow_content: other, plan_id: plan.plan_id }),
    ).toMatchObject({
      status: 409,
      body: { code: 'plan_stale' },
    });
    await post(`/workflow/retry`, { workflow_run_id: runId, step_id: 'tell', module_name: 'write' });
    expect(
      await post(`/workflow/${runId}/resume/confirm`, { workflow_content: edited('stale'), plan_id: plan.plan_id }),
    ).toMatchObject({
      status: 409,
      body: { code: 'plan_stale' },
    });
  });

  test('the version that the run has already needs no plan; a broken one is refused with its faults', async () => {
    const done = await completeSample(rig.alice, 'same', sampleWorkflow({ workflow_id: 'same' }));
    const runId = done.workflow_run_id ?? '';
    expect(
      await post(`/workflow/${runId}/resume`, { workflow_content: sampleWorkflow({ workflow_id: 'same' }) }),
    ).toMatchObject({
      status: 409,
      body: { code: 'run_ended' },
    });
    const broken = { ...sampleWorkflow(), steps: [{ step_id: 's', modules: [{ module_id: 'no.such', name: 'x' }] }] };
    expect(await post(`/workflow/${runId}/resume`, { workflow_content: broken })).toMatchObject({
      status: 422,
      body: { code: 'module_not_registered' },
    });
    expect(await post(`/workflow/${runId}/resume/confirm`, { plan_id: 'x' })).toMatchObject({
      status: 400,
      body: { code: 'request_invalid' },
    });
    expect(await post(`/workflow/${runId}/resume`, { workflow_version_id: `sha256:${'0'.repeat(64)}` })).toMatchObject({
      status: 404,
    });
  });
});
