import { randomUUID } from 'node:crypto';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { firstAnswer, secondAnswer } from '../../testing/sample-workflow.ts';
import { answer, createServerRig, type Person, type ServerRig, startSample } from '../../testing/server-rig.ts';

let rig: ServerRig;
let alice: Person;
beforeAll(async () => {
  rig = await createServerRig({ script: (request) => JSON.stringify(request.messages) });
  alice = rig.alice;
});
afterAll(async () => {
  expect(rig.faults).toEqual([]);
  await rig.close();
});

interface Reply<T> {
  status: number;
  body: T;
}

async function call<T = WorkflowResponse>(
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  body?: unknown,
): Promise<Reply<T>> {
  const reply = await alice.call(method, url, body);
  return { status: reply.statusCode, body: reply.json() };
}
const problem = (method: 'GET' | 'POST' | 'PATCH', url: string, body?: unknown) =>
  call<{ code: string; params: Record<string, unknown> }>(method, url, body);

/** All that a refused request must leave as it was. */
async function everything(runId: string): Promise<unknown> {
  const { runs } = rig.database;
  const branches = await runs.branches({ runId });
  const lines = await Promise.all(
    branches.map(({ branch_id: branchId }) => runs.readLine({ runId, branchId, afterSeq: -1 })),
  );
  return { row: await runs.find({ runId }), branches, lines };
}

describe('branches of a run', () => {
  let first: WorkflowResponse;
  let second: WorkflowResponse;
  let run: string;
  beforeEach(async () => {
    first = await startSample(alice, randomUUID());
    second = await answer(alice, first, firstAnswer);
    run = first.workflow_run_id ?? '';
  });
  const jump = (body: object = { step_id: 'ask', module_name: 'pick' }) =>
    call('POST', '/workflow/jump', { workflow_run_id: run, ...body });

  test('9.9 switch returns to a branch: its question is open again and takes its answer there', async () => {
    const { body: jumped } = await jump();
    expect(jumped.progress.current_module).toBe('pick');
    const { status, body: back } = await call('POST', `/workflow/${run}/branches/${first.branch_id}/switch`);
    expect(status).toBe(200);
    expect(back).toMatchObject({
      branch_id: first.branch_id,
      status: 'awaiting_input',
      interaction_request: { interaction_id: second.interaction_request?.interaction_id },
    });
    const { body: list } = await call<{ items: { branch_id: string; current: boolean; kind: string }[] }>(
      'GET',
      `/workflow/${run}/branches`,
    );
    expect(list.items.map(({ kind, current }) => [kind, current])).toEqual([
      ['first', true],
      ['jump', false],
    ]);
    expect(await answer(alice, back, secondAnswer)).toMatchObject({ status: 'completed', branch_id: first.branch_id });
  });

  test('9.3 a command that names another branch than the current one is 409 branch_not_current', async () => {
    const { body: jumped } = await jump();
    const before = await everything(run);
    const respond = {
      workflow_run_id: run,
      branch_id: first.branch_id,
      interaction_id: jumped.interaction_request?.interaction_id,
      response: firstAnswer,
    };
    const target = { workflow_run_id: run, branch_id: first.branch_id, step_id: 'ask', module_name: 'pick' };
    for (const [path, body] of [
      ['respond', respond],
      ['retry', target],
      ['jump', target],
      ['jump', { workflow_run_id: run, branch_id: first.branch_id, reopen: respond.interaction_id }],
    ] as const) {
      expect([path, await problem('POST', `/workflow/${path}`, body)]).toMatchObject([
        path,
        {
          status: 409,
          body: {
            code: 'branch_not_current',
            params: { branch_id: first.branch_id, current_branch_id: jumped.branch_id },
          },
        },
      ]);
    }
    expect(await everything(run)).toEqual(before);
    expect(await call('POST', '/workflow/respond', { ...respond, branch_id: jumped.branch_id })).toMatchObject({
      status: 200,
      body: { branch_id: jumped.branch_id },
    });
  });

  test('9.7 jump with reopen opens a past question with its answer on offer, and executes nothing', async () => {
    const calls = rig.llm.calls.length;
    const done = await answer(alice, second, secondAnswer);
    expect(done.status).toBe('completed');
    const reopened = await jump({ reopen: first.interaction_request?.interaction_id });
    expect(reopened).toMatchObject({
      status: 200,
      body: {
        status: 'awaiting_input',
        interaction_request: {
          interaction_id: first.interaction_request?.interaction_id,
          previous_answer: firstAnswer,
        },
      },
    });
    expect(rig.llm.calls).toHaveLength(calls + 1);
    const { body: history } = await call<{ items: { interaction_id: string; status: string }[] }>(
      'GET',
      `/workflow/${run}/interaction-history`,
    );
    expect(history.items).toMatchObject([{ status: 'open', request: { previous_answer: firstAnswer } }]);
    const other = await answer(alice, reopened.body, { selected_indices: [0] });
    expect(other.interaction_request).toMatchObject({ previous_answer: secondAnswer });
  });

  test('a body that means both ways of a jump, or neither, is refused', async () => {
    const interaction = first.interaction_request?.interaction_id;
    for (const body of [{ reopen: interaction, step_id: 'ask', module_name: 'pick' }, {}, { reopen: 1 }]) {
      expect(await problem('POST', '/workflow/jump', { workflow_run_id: run, ...body })).toMatchObject({
        status: 400,
        body: { code: 'request_invalid' },
      });
    }
  });

  test('a branch gets a name of at most 200 characters, and loses it', async () => {
    const url = `/workflow/${run}/branches/${first.branch_id}`;
    expect(await call('PATCH', url, { name: '  bolder ' })).toMatchObject({ status: 200, body: { name: 'bolder' } });
    expect(await call('PATCH', url, { name: '🦄'.repeat(100) })).toMatchObject({ status: 200 });
    expect(await call('PATCH', url, { name: null })).toMatchObject({ status: 200, body: { name: null } });
    const before = await everything(run);
    for (const name of ['', '   ', 'x'.repeat(201), 7, undefined]) {
      expect(await problem('PATCH', url, { name })).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
    }
    expect(await problem('PATCH', `/workflow/${run}/branches/${randomUUID()}`, { name: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'branch_not_found' },
    });
    expect(await everything(run)).toEqual(before);
  });

  test('10.5 a retry with inputs edited by hand says so wherever the run is read', async () => {
    const done = await answer(alice, second, secondAnswer);
    const { body: retried } = await call('POST', '/workflow/retry', {
      workflow_run_id: run,
      step_id: 'tell',
      module_name: 'write',
      feedback: 'shorter',
      inputs_override: { input: 'Only one word' },
    });
    expect(retried).toMatchObject({ status: 'completed', result: { text: expect.stringContaining('Only one word') } });
    expect(rig.llm.calls.at(-1)?.request.messages.some(({ parts }) => JSON.stringify(parts).includes('shorter'))).toBe(
      true,
    );
    const { body: old } = await call<{ items: { type: string; data: object }[] }>('GET', `/workflow/${run}/events`);
    expect(old.items.find(({ type }) => type === 'branch_created')?.data).toMatchObject({
      inputs_override: { input: 'Only one word' },
    });
    const started = old.items.filter(({ type }) => type === 'module_started');
    expect(started.at(-2)?.data).toMatchObject({ inputs: { input: 'Only one word' }, edited_inputs: ['input'] });
    expect(started.at(-1)?.data).not.toHaveProperty('edited_inputs');
    const { body: compared } = await call<{ first_difference: unknown; modules: unknown[] }>(
      'GET',
      `/workflow/${run}/branches/compare?a=${done.branch_id}&b=${retried.branch_id}`,
    );
    expect(compared.first_difference).toEqual({ step_id: 'tell', module_name: 'write', reason: 'inputs' });
    expect(compared.modules[0]).toMatchObject({ b: { edited_inputs: ['input'] } });
    // It holds for that execution alone: the next retry is given what the definition says.
    await call('POST', '/workflow/retry', { workflow_run_id: run, step_id: 'tell', module_name: 'write' });
    const again = await call<{ items: { type: string; data: object }[] }>('GET', `/workflow/${run}/events`);
    expect(again.body.items.filter(({ type }) => type === 'module_started').at(-2)?.data).toMatchObject({
      inputs: { input: 'Write about spring in green.' },
    });
    const before = await everything(run);
    for (const name of ['inptu', 'constructor']) {
      expect(
        await problem('POST', '/workflow/retry', {
          workflow_run_id: run,
          step_id: 'tell',
          module_name: 'write',
          inputs_override: { [name]: 1 },
        }),
      ).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
    }
    expect(await everything(run)).toEqual(before);
  });

  test('9.11 compares branches and runs, and executes nothing', async () => {
    const { body: jumped } = await jump();
    const other = await answer(alice, jumped, { selected_indices: [2] });
    const before = await everything(run);
    const calls = rig.llm.calls.length;
    const url = `/workflow/${run}/branches/compare`;
    const compared = await call('GET', `${url}?a=${first.branch_id}&b=${other.branch_id}`);
    expect(compared).toMatchObject({
      status: 200,
      body: { first_difference: { step_id: 'ask', module_name: 'pick', reason: 'answer' } },
    });
    const another = await startSample(alice, randomUUID());
    expect(await call('GET', `/workflow/${run}/compare?with=${another.workflow_run_id}`)).toMatchObject({
      status: 200,
      body: { common_seq: -1, first_difference: { module_name: 'pick', reason: 'answer' } },
    });
    for (const query of ['', '?a=1', `?a=1&b=2&c=3`, '?a=&b=']) {
      expect([query, (await problem('GET', url + query)).body.code]).toEqual([query, 'request_invalid']);
    }
    expect(await problem('GET', `${url}?a=${first.branch_id}&b=${another.branch_id}`)).toMatchObject({
      status: 404,
      body: { code: 'branch_not_found' },
    });
    const foreign = await startSample(rig.bob, randomUUID());
    for (const id of [foreign.workflow_run_id, randomUUID()]) {
      expect(await problem('GET', `/workflow/${run}/compare?with=${id}`)).toMatchObject({
        status: 404,
        body: { code: 'run_not_found' },
      });
    }
    expect(rig.llm.calls).toHaveLength(calls);
    expect(await everything(run)).toEqual(before);
  });

  test('switching to a branch of nobody, of another run or of another user changes nothing', async () => {
    const other = await startSample(alice, randomUUID());
    const foreign = await startSample(rig.bob, randomUUID());
    const before = await everything(run);
    for (const branch of [randomUUID(), other.branch_id, foreign.branch_id, 'constructor']) {
      expect(await problem('POST', `/workflow/${run}/branches/${branch}/switch`)).toMatchObject({
        status: 404,
        body: { code: 'branch_not_found' },
      });
    }
    expect(
      await problem('POST', `/workflow/${foreign.workflow_run_id}/branches/${foreign.branch_id}/switch`),
    ).toMatchObject({
      status: 404,
      body: { code: 'run_not_found' },
    });
    expect(await everything(run)).toEqual(before);
  });
});
