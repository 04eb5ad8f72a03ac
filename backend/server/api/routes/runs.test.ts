import { WfmError } from '@wfm/workflow-engine/errors';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstAnswer, sampleWorkflow, secondAnswer } from '../../testing/sample-workflow.ts';
import { answer, completeSample, createServerRig, type ServerRig, startSample } from '../../testing/server-rig.ts';

let rig: ServerRig;
beforeAll(async () => {
  rig = await createServerRig();
});
afterAll(() => rig.close());

describe('a run over HTTP', () => {
  test('start, two answers, end: every answer fits its schema', async () => {
    const { alice } = rig;
    const first = await startSample(alice, 'whole');
    expect(first).toMatchObject({
      status: 'awaiting_input',
      mode: 'real',
      interaction_request: { interaction_type: 'select_from_structured' },
    });
    const second = await answer(alice, first, firstAnswer);
    expect(second).toMatchObject({ status: 'awaiting_input', interaction_request: { interaction_type: 'text_input' } });
    const last = await answer(alice, second, secondAnswer);
    expect(last).toMatchObject({
      status: 'completed',
      result: { colour: 'green', colours: ['green', 'white'], said: 'spring' },
    });
    expect(rig.faults).toEqual([]);
  });

  test('1.8 a changed definition is confirmed first, and nothing has happened until then', async () => {
    const { alice } = rig;
    await startSample(alice, 'change one', sampleWorkflow({ workflow_id: 'changing' }));
    const changed = sampleWorkflow({ workflow_id: 'changing', question: 'Another one?' });
    const body = { project_name: 'change two', workflow_content: changed };
    const asked = (await alice.call('POST', '/workflow/start', body)).json<WorkflowResponse>();
    expect(asked).toMatchObject({ workflow_run_id: null, status: 'created', branch_id: null });
    expect(asked.result).toMatchObject({
      requires_confirmation: true,
      version_diff: {
        has_changes: true,
        changes: [{ type: 'changed', old_value: 'Which one?', new_value: 'Another one?' }],
      },
    });
    const started = (await alice.call('POST', '/workflow/start', { ...body, confirm: true })).json<WorkflowResponse>();
    expect(started.interaction_request?.title).toBe('Another one?');
  });

  test('1.10 a second start answers the active run, force_new starts another', async () => {
    const { alice } = rig;
    const one = await startSample(alice, 'named');
    expect((await startSample(alice, 'named')).workflow_run_id).toBe(one.workflow_run_id);
    const other = (
      await alice.call('POST', '/workflow/start', {
        project_name: 'named',
        workflow_content: sampleWorkflow(),
        force_new: true,
      })
    ).json<WorkflowResponse>();
    expect(other.workflow_run_id).not.toBe(one.workflow_run_id);
    expect((await rig.bob.call('GET', `/workflow/${one.workflow_run_id}/status`)).statusCode).toBe(404);
  });

  test('a version is started by its id, also through the alias', async () => {
    const { alice } = rig;
    await startSample(alice, 'seed');
    const [template] = (await alice.call('GET', '/workflow-templates?q=Sample')).json().items;
    const version = template.newest_version_id;
    const one = (
      await alice.call('POST', '/workflow/start', { project_name: 'by id', workflow_version_id: version })
    ).json();
    const again = (await alice.call('POST', `/workflow/start/${version}`, { project_name: 'by id' })).json();
    expect(again.workflow_run_id).toBe(one.workflow_run_id);
    const unknown = await alice.call('POST', '/workflow/start', {
      project_name: 'x',
      workflow_version_id: `sha256:${'0'.repeat(64)}`,
    });
    expect(unknown.json()).toMatchObject({ status: 404, code: 'version_not_found' });
    expect((await rig.bob.call('POST', `/workflow/start/${version}`, { project_name: 'x' })).statusCode).toBe(404);
  });

  test('R7 50 parallel starts of one project make one run', async () => {
    const { alice } = rig;
    const body = { project_name: 'fifty', workflow_content: sampleWorkflow({ workflow_id: 'fifty' }) };
    const replies = await Promise.all(Array.from({ length: 50 }, () => alice.call('POST', '/workflow/start', body)));
    expect(new Set(replies.map((reply) => reply.statusCode))).toEqual(new Set([200]));
    expect(new Set(replies.map((reply) => reply.json().workflow_run_id)).size).toBe(1);
    expect((await alice.call('GET', '/workflows?q=fifty')).json().items).toHaveLength(1);
  });

  test('R6 50 parallel answers: one is accepted, 49 are told who won, and what follows runs once', async () => {
    const { alice } = rig;
    const first = await startSample(alice, 'race');
    const at = await answer(alice, first, firstAnswer);
    const calls = rig.llm.calls.length;
    const body = (value: string) => ({
      workflow_run_id: at.workflow_run_id,
      interaction_id: at.interaction_request?.interaction_id,
      response: { value },
    });
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => alice.call('POST', '/workflow/respond', body(`answer ${index}`))),
    );
    const winners = replies.filter((reply) => reply.statusCode === 200);
    const losers = replies.filter((reply) => reply.statusCode === 409);
    expect([winners.length, losers.length]).toEqual([1, 49]);
    const accepted = winners[0]?.json().result.said;
    for (const loser of losers) {
      expect(loser.headers['content-type']).toContain('application/problem+json');
      expect(loser.json()).toMatchObject({
        code: 'interaction_already_answered',
        params: { by: 'this_session' },
        details: { accepted: { value: accepted } },
      });
    }
    expect(rig.llm.calls.length - calls).toBe(1);
    const other = await rig.sessions.open(alice.user);
    const late = await alice.call('POST', '/workflow/respond', body('late'), { cookie: `wfm_session=${other.access}` });
    expect(late.json()).toMatchObject({ status: 409, params: { by: 'other_session' } });
  });

  test('10.4.2 the same idempotency key answers again, and says so', async () => {
    const { alice } = rig;
    const first = await startSample(alice, 'idempotent');
    const body = {
      workflow_run_id: first.workflow_run_id,
      interaction_id: first.interaction_request?.interaction_id,
      response: firstAnswer,
      idempotency_key: 'k1',
    };
    expect((await alice.call('POST', '/workflow/respond', body)).json().replayed).toBeUndefined();
    expect((await alice.call('POST', '/workflow/respond', body)).json()).toMatchObject({
      replayed: true,
      status: 'awaiting_input',
    });
  });

  test('an answer that breaks a rule is 200 with validation_failed; one of the wrong shape is a problem', async () => {
    const { alice } = rig;
    const first = await startSample(alice, 'rules');
    const respond = (response: unknown) =>
      alice.call('POST', '/workflow/respond', {
        workflow_run_id: first.workflow_run_id,
        interaction_id: first.interaction_request?.interaction_id,
        response,
      });
    expect((await respond({ selected_indices: [] })).json()).toMatchObject({ status: 'validation_failed' });
    expect((await respond({ value: 'not a selection' })).json()).toMatchObject({
      status: 422,
      code: 'response_invalid',
    });
    expect((await respond('text')).json()).toMatchObject({
      status: 400,
      code: 'request_invalid',
      errors: [{ path: 'response' }],
    });
  });

  test('Prefer: wait=0 answers at once; the run goes on without the request', async () => {
    const { alice } = rig;
    const reply = await alice.call(
      'POST',
      '/workflow/start',
      { project_name: 'hasty', workflow_content: sampleWorkflow() },
      { prefer: 'wait=0' },
    );
    const { workflow_run_id: run } = reply.json();
    await expect
      .poll(async () => (await alice.call('GET', `/workflow/${run}/status`)).json().status)
      .toBe('awaiting_input');
  });

  test.each(['mock', 'modes', 'answers', 'scenario'])('a production body with %s is refused', async (field) => {
    const reply = await rig.alice.call('POST', '/workflow/start', {
      project_name: 'm',
      workflow_content: sampleWorkflow(),
      [field]: {},
    });
    expect(reply.json()).toMatchObject({ status: 400, code: 'mock_not_allowed' });
  });

  test('unknown fields are refused with their paths', async () => {
    const reply = await rig.alice.call('POST', '/workflow/start', {
      project_name: 'm',
      workflow_content: sampleWorkflow(),
      workflow: {},
      ai_config: { key: 1 },
    });
    expect(reply.json()).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(
      reply
        .json()
        .errors.map(({ path }: { path: string }) => path)
        .toSorted(),
    ).toEqual(['ai_config.key', 'workflow']);
  });

  test('a faulty definition names every fault with its place', async () => {
    const workflow = sampleWorkflow({ workflow_id: 'faulty' });
    workflow.steps[0]?.modules.push({ module_id: 'no.such', name: 'x', inputs: {} } as never);
    const reply = await rig.alice.call('POST', '/workflow/start', { project_name: 'm', workflow_content: workflow });
    expect(reply.json()).toMatchObject({
      status: 422,
      code: 'module_not_registered',
      errors: [{ path: 'steps[0].modules[2].module_id' }],
    });
  });
});

describe('commands on a run', () => {
  test('retry and jump go on another branch; the branches are listed and named', async () => {
    const { alice } = rig;
    const first = await startSample(alice, 'branches');
    const second = await answer(alice, first, firstAnswer);
    const where = { workflow_run_id: first.workflow_run_id, step_id: 'ask', module_name: 'pick' };
    const jumped = (await alice.call('POST', '/workflow/jump', where)).json<WorkflowResponse>();
    expect(jumped).toMatchObject({
      status: 'awaiting_input',
      interaction_request: { interaction_type: 'select_from_structured' },
    });
    expect(jumped.branch_id).not.toBe(second.branch_id);
    const forward = await answer(alice, jumped, { selected_indices: [2] });
    const retried = (
      await alice.call('POST', '/workflow/retry', { ...where, module_name: 'join', feedback: 'again' })
    ).json<WorkflowResponse>();
    expect(retried.branch_id).not.toBe(forward.branch_id);
    const path = `/workflow/${first.workflow_run_id}/branches`;
    const { items } = (await alice.call('GET', path)).json();
    expect(items.map(({ kind }: { kind: string }) => kind).toSorted()).toEqual(['first', 'jump', 'retry']);
    const current = items.find((branch: { current: boolean }) => branch.current);
    expect(current.branch_id).toBe(retried.branch_id);
    const named = await alice.call('PATCH', `${path}/${current.branch_id}`, { name: 'Bolder' });
    expect(named.json()).toMatchObject({ branch_id: current.branch_id, name: 'Bolder', current: true });
    expect((await alice.call('PATCH', `${path}/nothing`, { name: 'x' })).json()).toMatchObject({
      status: 404,
      code: 'branch_not_found',
    });
    expect((await alice.call('POST', '/workflow/jump', { ...where, step_id: 'nowhere' })).json()).toMatchObject({
      status: 422,
      code: 'step_not_found',
    });
    expect(
      (await alice.call('POST', '/workflow/jump', { ...where, step_id: 'tell', module_name: 'write' })).json(),
    ).toMatchObject({
      status: 409,
      code: 'target_not_executed',
    });
  });

  test('a failed run keeps what it had, and resumes', async () => {
    const broken = await createServerRig({
      script: (_request, call) => {
        if (call === 1) throw new WfmError('llm_refused', 'The model does not want to.');
        return 'A text';
      },
    });
    try {
      const { alice } = broken;
      const failed = await completeSample(alice);
      expect(failed).toMatchObject({ status: 'error', error: { code: 'llm_refused' } });
      const resumed = await alice.call('POST', `/workflow/${failed.workflow_run_id}/resume`);
      expect(resumed.json()).toMatchObject({ status: 'completed', result: { text: 'A text' } });
      expect((await alice.call('POST', `/workflow/${failed.workflow_run_id}/resume`, {})).json()).toMatchObject({
        status: 409,
        code: 'run_ended',
      });
    } finally {
      await broken.close();
    }
  });

  test('cancel ends a run, and its question is closed', async () => {
    const { alice } = rig;
    const first = await startSample(alice, 'cancelled');
    const path = `/workflow/${first.workflow_run_id}/cancel`;
    expect((await alice.call('POST', path, { reason: 'enough' })).json()).toMatchObject({ status: 'cancelled' });
    expect((await alice.call('POST', path)).json()).toMatchObject({ status: 409, code: 'run_ended' });
    const late = await alice.call('POST', '/workflow/respond', {
      workflow_run_id: first.workflow_run_id,
      interaction_id: first.interaction_request?.interaction_id,
      response: firstAnswer,
    });
    expect(late.json()).toMatchObject({ status: 409, code: 'interaction_closed' });
  });

  test('a run is renamed, but not to the name of another active one', async () => {
    const { alice } = rig;
    await startSample(alice, 'taken');
    const other = await startSample(alice, 'free');
    const path = `/workflow/${other.workflow_run_id}`;
    expect((await alice.call('PATCH', path, { project_name: '  freed ' })).json()).toMatchObject({
      project_name: 'freed',
      active: true,
    });
    expect((await alice.call('PATCH', path, { project_name: 'taken' })).json()).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    expect((await alice.call('PATCH', path, { project_name: ' ' })).statusCode).toBe(400);
  });

  test('R22 a deleted run is gone, also one that waits', async () => {
    const { alice } = rig;
    const first = await startSample(alice, 'deleted');
    const path = `/workflow/${first.workflow_run_id}`;
    expect((await alice.call('DELETE', path)).statusCode).toBe(204);
    expect((await alice.call('GET', `${path}/status`)).json()).toMatchObject({ status: 404, code: 'run_not_found' });
    expect((await alice.call('DELETE', path)).statusCode).toBe(404);
  });
});
