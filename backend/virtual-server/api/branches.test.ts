import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LineComparison, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { eventsIn } from '../testing/events-in.ts';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** Branches of previews, as production has them (format.md 9). */

interface Branch {
  branch_id: string;
  kind: string;
  name: string | null;
  current: boolean;
}

const workflow = postcard();
let rig: VirtualRig;
let asked: VirtualWorkflowResponse;
beforeEach(async () => {
  rig = await createVirtualRig();
  const first = await rig.preview('/workflow/start', { workflow, virtual_db: null, ...targets.pickLine });
  asked = await rig.preview('/workflow/respond', { ...answer(first, { value: 'Turku' }), ...targets.pickLine });
});
afterEach(() => rig.close());

const carry = ({ virtual_db }: VirtualWorkflowResponse) => ({ workflow, virtual_db });
const answer = (at: VirtualWorkflowResponse, response: object) => ({
  ...carry(at),
  virtual_run_id: at.virtual_run_id,
  interaction_id: at.interaction_request?.interaction_id,
  response,
});
const branches = async (at: { virtual_db: string }) =>
  (await rig.post('/workflow/branches', { virtual_db: at.virtual_db })).json<{ items: Branch[] }>().items;
const firstQuestion = ({ virtual_db }: VirtualWorkflowResponse): string => {
  const event = eventsIn(virtual_db).find(({ type }) => type === 'interaction_requested');
  return String(event?.data['interaction_id']);
};
const switchTo = (at: VirtualWorkflowResponse, branchId: string | undefined, more: object = {}) =>
  rig.preview(`/workflow/branches/${branchId ?? ''}/switch`, { ...carry(at), ...more });

describe('reopening a question of a preview', () => {
  it('9.7 it is open again under its own id, with the earlier answer on offer, and nothing executes', async () => {
    const reopen = firstQuestion(asked);
    const again = await rig.preview('/workflow/jump', { ...carry(asked), reopen });
    expect(again).toMatchObject({
      status: 'awaiting_input',
      interaction_request: { interaction_id: reopen, previous_answer: { value: 'Turku' } },
    });
    expect((await branches(again)).map(({ kind, current }) => [kind, current])).toEqual([
      ['first', false],
      ['reopen', true],
    ]);
    const other = await rig.preview('/workflow/respond', {
      ...answer(again, { value: 'Bergen' }),
      ...targets.pickLine,
    });
    expect(other.state.state_mapped).toMatchObject({ city: 'Bergen' });
  });

  it('9.7 after an edit the question that its module asks now is reopened', async () => {
    const edited = postcard({ ask: 'Where do you want to go?' });
    const again = await rig.preview('/workflow/jump', {
      ...carry(asked),
      workflow: edited,
      reopen: firstQuestion(asked),
    });
    expect(again.interaction_request).toMatchObject({ title: 'Where do you want to go?' });
    expect(again.interaction_request).toMatchObject({ previous_answer: { value: 'Turku' } });
  });

  it('9.7 an unknown question is interaction_not_found, and a body that is neither jump nor reopen is refused', async () => {
    expect(await rig.refusal('/workflow/jump', { ...carry(asked), reopen: 'nobody' })).toMatchObject({
      code: 'interaction_not_found',
      status: 404,
    });
    for (const body of [{}, { reopen: 'x', step_id: 'place', module_name: 'ask_city' }]) {
      expect((await rig.refusal('/workflow/jump', { ...carry(asked), ...body })).code).toBe('request_invalid');
    }
  });
});

describe('switching branches of a preview', () => {
  it('9.9 the old branch is current again with its question, and goes on by its own answers', async () => {
    const jumped = await rig.preview('/workflow/jump', {
      ...carry(asked),
      ...targets.pickLine,
      step_id: 'place',
      module_name: 'ask_city',
    });
    const [first, second] = await branches(jumped);
    const back = await switchTo(jumped, first?.branch_id);
    expect(back).toMatchObject({ status: 'awaiting_input', branch_id: first?.branch_id });
    expect(back.interaction_request?.interaction_id).toBe(asked.interaction_request?.interaction_id);
    expect((await branches(back)).map(({ current }) => current)).toEqual([true, false]);
    // Harmless where the branch is current already.
    const same = await switchTo(back, first?.branch_id);
    expect(eventsIn(same.virtual_db)).toEqual(eventsIn(back.virtual_db));
    const done = await rig.preview('/workflow/respond', answer(back, { selected_indices: [0] }));
    expect(done).toMatchObject({ status: 'target_reached', state: { state_mapped: { city: 'Turku' } } });
    const forth = await switchTo(done, second?.branch_id);
    expect(forth).toMatchObject({ status: 'awaiting_input', branch_id: second?.branch_id });
  });

  it('9.9 an unknown branch is branch_not_found; a command for one that is not current is branch_not_current', async () => {
    const path = '/workflow/branches/nobody/switch';
    expect(await rig.refusal(path, carry(asked))).toMatchObject({ code: 'branch_not_found', status: 404 });
    const retried = await rig.preview('/workflow/retry', {
      ...carry(asked),
      ...targets.pickLine,
      step_id: 'words',
      module_name: 'write_lines',
    });
    const stale = { branch_id: asked.branch_id };
    const module = { step_id: 'words', module_name: 'write_lines' };
    for (const [route, body] of [
      ['respond', { ...answer(retried, { selected_indices: [0] }), ...stale }],
      ['retry', { ...carry(retried), ...module, ...stale }],
      ['jump', { ...carry(retried), ...module, ...stale }],
      ['jump', { ...carry(retried), reopen: firstQuestion(retried), ...stale }],
    ] as const) {
      const problem = await rig.refusal(`/workflow/${route}`, body);
      expect(problem).toMatchObject({
        code: 'branch_not_current',
        params: { branch_id: asked.branch_id, current_branch_id: retried.branch_id },
      });
    }
    const same = await rig.preview('/workflow/respond', {
      ...answer(retried, { selected_indices: [0] }),
      branch_id: retried.branch_id,
    });
    expect(same.status).toBe('target_reached');
  });

  it('22.5 a line that an edit has left is returned to with the workflow of then, and without it version_not_found', async () => {
    const edited = postcard({ ask: 'Whither?' });
    const moved = await rig.preview('/workflow/start', { ...carry(asked), workflow: edited, ...targets.pickLine });
    const left = (await branches(moved)).find(({ kind }) => kind === 'first')?.branch_id;
    const path = `/workflow/branches/${left ?? ''}/switch`;
    expect(await rig.refusal(path, { workflow: edited, virtual_db: moved.virtual_db })).toMatchObject({
      code: 'version_not_found',
      status: 404,
      params: { branch_id: left },
    });
    const back = await switchTo(moved, left);
    expect(back).toMatchObject({ branch_id: left, state: { state_mapped: { city: 'Turku' } } });
  });
});

describe('naming and comparing branches of a preview', () => {
  it('9.9 a name is carried on in the snapshot, and can be taken away', async () => {
    const [first] = await branches(asked);
    const patch = async (virtual_db: string, name: unknown, branch = first?.branch_id ?? '') => {
      const headers = { 'x-access-key': rig.keys.ada };
      const url = `/workflow/branches/${branch}`;
      return rig.app.inject({ method: 'PATCH', url, headers, payload: { virtual_db, name } });
    };
    const named = (await patch(asked.virtual_db, 'Before the storm')).json<Branch & VirtualWorkflowResponse>();
    expect(named).toMatchObject({ branch_id: first?.branch_id, name: 'Before the storm', current: true });
    expect((await branches(named))[0]?.name).toBe('Before the storm');
    // The target of the preview is what it was.
    const on = await rig.preview('/workflow/respond', {
      ...answer({ ...asked, virtual_db: named.virtual_db }, { selected_indices: [0] }),
    });
    expect(on.status).toBe('target_reached');
    const cleared = (await patch(on.virtual_db, null)).json<Branch & VirtualWorkflowResponse>();
    expect((await branches(cleared))[0]?.name).toBeNull();
    expect((await patch(asked.virtual_db, 'x', 'nobody')).json()).toMatchObject({ code: 'branch_not_found' });
    expect((await patch(asked.virtual_db, '')).json()).toMatchObject({ code: 'request_invalid' });
  });

  it('9.11 two branches are compared, and nothing executes', async () => {
    const again = await rig.preview('/workflow/jump', { ...carry(asked), reopen: firstQuestion(asked) });
    const other = await rig.preview('/workflow/respond', {
      ...answer(again, { value: 'Bergen' }),
      ...targets.pickLine,
    });
    const [a, b] = (await branches(other)).map(({ branch_id }) => branch_id);
    const compared = await rig.post('/workflow/branches/compare', { virtual_db: other.virtual_db, a, b });
    expect(compared.json<LineComparison>()).toMatchObject({
      first_difference: { step_id: 'place', module_name: 'ask_city', reason: 'answer' },
    });
    const wrong = { virtual_db: other.virtual_db, a, b: 'nobody' };
    expect((await rig.refusal('/workflow/branches/compare', wrong)).code).toBe('branch_not_found');
  });
});
