import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

let rig: VirtualRig;
beforeAll(async () => {
  rig = await createVirtualRig();
});
afterAll(() => rig.close());

const workflow = postcard();
const fresh = { workflow, virtual_db: null };
const carry = ({ virtual_db, virtual_run_id }: VirtualWorkflowResponse) => ({ workflow, virtual_db, virtual_run_id });
const answer = (preview: VirtualWorkflowResponse, response: object) => ({
  ...carry(preview),
  interaction_id: preview.interaction_request?.interaction_id,
  response,
});
const actions = (preview: VirtualWorkflowResponse) =>
  preview.plan.map(({ module_name, action, reason }) => `${module_name}: ${action} (${reason})`);

describe('a preview', () => {
  it('10.8 stops at the question before its target, and at the target after it', async () => {
    const asked = await rig.preview('/workflow/start', { ...fresh, ...targets.writeLines });
    expect(asked.status).toBe('awaiting_input');
    expect(asked.mock).toBe(true);
    expect(asked.progress).toMatchObject({ current_step: 'place', current_module: 'ask_city' });
    expect(actions(asked)).toEqual([
      'ask_city: asked_again (no_record)',
      'write_lines: not_reached (after_question)',
      'pick_line: not_reached (after_question)',
      'sign: not_reached (after_question)',
    ]);
    const written = await rig.preview('/workflow/respond', answer(asked, { value: 'Porto' }));
    expect(written.status).toBe('target_reached');
    expect(written.state.state_mapped).toMatchObject({ city: 'Porto', proposal: { lines: expect.any(Array) } });
    expect(actions(written)).toEqual([
      'ask_city: executed (no_record)',
      'write_lines: mocked (mock_generated)',
      'pick_line: not_reached (after_target)',
      'sign: not_reached (after_target)',
    ]);
    expect(rig.llm.calls).toEqual([]);
  });

  it('10.8 the same definition goes on to a further target, and a target passed executes nothing', async () => {
    const asked = await rig.preview('/workflow/start', { ...fresh, ...targets.askCity });
    const reached = await rig.preview('/workflow/respond', answer(asked, { value: 'Faro' }));
    expect(reached.status).toBe('target_reached');
    const further = await rig.preview('/workflow/start', { ...carry2(reached), ...targets.pickLine });
    expect(further).toMatchObject({ status: 'awaiting_input', virtual_run_id: asked.virtual_run_id });
    expect(actions(further).slice(0, 3)).toEqual([
      'ask_city: answer_reapplied (question_unchanged)',
      'write_lines: mocked (mock_generated)',
      'pick_line: asked_again (no_record)',
    ]);
    const passed = await rig.preview('/workflow/resume/confirm', { ...carry(further), ...targets.askCity });
    expect(passed).toMatchObject({ status: 'target_reached', last_seq: further.last_seq });
    const done = await rig.preview('/workflow/respond', {
      ...answer(further, { selected_indices: [1] }),
      ...targets.sign,
    });
    expect(done.status).toBe('target_reached');
    expect(done.state.state_mapped['card']).toBe(
      `Greetings! ${(done.state.state_mapped['proposal'] as { lines: string[] }).lines[1]}`,
    );
  });

  it('without a target it runs to its end', async () => {
    const done = await rig.preview('/workflow/start', { ...fresh, answers: 'sample' });
    expect(done).toMatchObject({
      status: 'completed',
      result: { city: 'Lisbon', card: expect.stringMatching(/^Greetings! /) },
    });
    expect(actions(done)).toEqual([
      'ask_city: mocked (sample_answer)',
      'write_lines: mocked (mock_generated)',
      'pick_line: mocked (sample_answer)',
      'sign: executed (no_record)',
    ]);
  });

  it('17.8 sample answers go past questions, and stop at the target', async () => {
    const at = await rig.preview('/workflow/start', { ...fresh, ...targets.pickLine, answers: 'sample' });
    expect(at.status).toBe('awaiting_input');
    expect(at.progress.current_module).toBe('pick_line');
  });

  it('17.3 the same inputs give the same mock, in another preview too', async () => {
    const run = () => rig.preview('/workflow/start', { ...fresh, ...targets.sign, answers: 'sample' });
    const [first, second] = [await run(), await run()];
    expect(first.state.state_mapped).toEqual(second.state.state_mapped);
    expect(first.virtual_run_id).not.toBe(second.virtual_run_id);
  });

  it('10.7 an edit goes on with the same run: what it did not touch is reused, and the answer stands', async () => {
    const at = await rig.preview('/workflow/start', { ...fresh, ...targets.pickLine, answers: 'sample' });
    const changed = postcard({ ask: 'Which city?' });
    const edited = await rig.preview('/workflow/start', { ...carry2(at), workflow: changed, ...targets.pickLine });
    expect(edited).toMatchObject({ virtual_run_id: at.virtual_run_id, status: 'awaiting_input' });
    expect(edited.plan.slice(0, 2)).toMatchObject([
      { module_name: 'ask_city', action: 'answer_reapplied', reason: 'question_unchanged' },
      { module_name: 'write_lines', action: 'reused', reason: 'inputs_unchanged' },
    ]);
    const unanswered = await rig.preview('/workflow/start', { ...fresh, ...targets.writeLines });
    const answered = await rig.preview('/workflow/respond', {
      ...answer(unanswered, { value: 'Faro' }),
      workflow: changed,
    });
    expect(answered).toMatchObject({ status: 'target_reached', virtual_run_id: unanswered.virtual_run_id });
  });

  it('10.7 a plan says what an edit would do, and does none of it', async () => {
    const at = await rig.preview('/workflow/start', { ...fresh, ...targets.pickLine, answers: 'sample' });
    const changed = { ...carry2(at), workflow: postcard({ ask: 'Which city?' }), ...targets.pickLine };
    const reply = await rig.post('/workflow/plan', changed);
    expect(reply.json()).toMatchObject({
      plan_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      likely_cost_usd: 0,
      modules: [
        { module_name: 'ask_city', action: 'answer_reapplied' },
        { module_name: 'write_lines', action: 'reused' },
        { module_name: 'pick_line', action: 'asked_again' },
        { module_name: 'sign', action: 'not_reached', reason: 'after_question' },
      ],
    });
    const first = await rig.post('/workflow/plan', { ...fresh, ...targets.sign });
    expect(first.json().modules).toMatchObject([{ action: 'asked_again', reason: 'no_record' }, {}, {}, {}]);
  });

  it('10.9 modules named by force run again, and only they', async () => {
    const at = await rig.preview('/workflow/start', { ...fresh, ...targets.pickLine, answers: 'sample' });
    const again = await rig.preview('/workflow/start', {
      ...carry2(at),
      ...targets.pickLine,
      force: ['words/write_lines'],
    });
    expect(again.plan.slice(0, 2)).toMatchObject([
      { module_name: 'ask_city', action: 'answer_reapplied' },
      { module_name: 'write_lines', action: 'mocked' },
    ]);
  });

  it('force begins again', async () => {
    const asked = await rig.preview('/workflow/start', { ...fresh, ...targets.writeLines });
    const again = await rig.preview('/workflow/start', { ...carry2(asked), ...targets.writeLines, force: true });
    expect(again.virtual_run_id).not.toBe(asked.virtual_run_id);
  });

  it('10.5 retry and jump make branches, which the snapshot carries', async () => {
    const at = await rig.preview('/workflow/start', { ...fresh, ...targets.pickLine, answers: 'sample' });
    const module = { step_id: 'words', module_name: 'write_lines' };
    const retried = await rig.preview('/workflow/retry', { ...carry(at), ...module, feedback: 'shorter' });
    expect(retried).toMatchObject({ status: 'awaiting_input', virtual_run_id: at.virtual_run_id });
    expect(retried.branch_id).not.toBe(at.branch_id);
    const proposal = (preview: VirtualWorkflowResponse) => preview.state.state_mapped['proposal'];
    expect(proposal(retried)).not.toEqual(proposal(at));
    const jumped = await rig.preview('/workflow/jump', {
      ...carry(retried),
      step_id: 'place',
      module_name: 'ask_city',
    });
    expect(jumped.progress.current_module).toBe('ask_city');
    const branches = (await rig.post('/workflow/branches', { virtual_db: jumped.virtual_db })).json<{
      items: { kind: string; current: boolean }[];
    }>();
    expect(branches.items.map(({ kind, current }) => [kind, current])).toEqual([
      ['first', false],
      ['retry', false],
      ['jump', true],
    ]);
  });

  it('10.4 an answer is taken once; the loser is told', async () => {
    const asked = await rig.preview('/workflow/start', { ...fresh, ...targets.pickLine });
    const once = answer(asked, { value: 'Braga' });
    const then = await rig.preview('/workflow/respond', once);
    const twice = await rig.refusal('/workflow/respond', { ...once, virtual_db: then.virtual_db });
    expect(twice).toMatchObject({ status: 409, code: 'interaction_already_answered' });
    const unknown = await rig.refusal('/workflow/respond', { ...once, interaction_id: 'nobody' });
    expect(unknown).toMatchObject({ status: 404, code: 'interaction_not_found' });
  });

  it('reads what a snapshot holds', async () => {
    const at = await rig.preview('/workflow/start', { ...fresh, ...targets.pickLine, answers: 'sample' });
    const { virtual_db } = at;
    const state = (await rig.post('/workflow/state', { virtual_db })).json<VirtualWorkflowResponse['state']>();
    expect(state).toEqual(at.state);
    const history = (await rig.post('/workflow/interaction-history', { virtual_db })).json<{
      items: { status: string; module_name: string; interaction_id: string }[];
    }>();
    expect(history.items.map(({ module_name, status }) => [module_name, status])).toEqual([
      ['ask_city', 'answered'],
      ['pick_line', 'open'],
    ]);
    const [asked] = history.items;
    const media = await rig.post('/workflow/generations', { virtual_db, interaction_id: asked?.interaction_id });
    expect(media.json()).toEqual({ generations: {} });
    expect(await rig.refusal('/workflow/files', { virtual_db, file_id: 'none' })).toMatchObject({
      status: 404,
      code: 'file_not_found',
    });
  });

  it('4 a broken definition is refused with all of its faults; after the target it may be half written', async () => {
    const broken = postcard() as { steps: { modules: Record<string, unknown>[] }[] };
    broken.steps[1]?.modules.push({ module_id: 'user.telepathy', name: 'guess' });
    broken.steps[2]?.modules.push({ module_id: 'api.magic', name: 'wave' });
    const before = await rig.preview('/workflow/start', { workflow: broken, virtual_db: null, ...targets.pickLine });
    expect(before.status).toBe('awaiting_input');
    const refused = await rig.refusal('/workflow/start', { workflow: broken, virtual_db: null });
    expect(refused.status).toBe(422);
    expect(refused.errors.map(({ code }) => code)).toEqual(['module_not_registered', 'module_not_registered']);
    const structural = {
      workflow_id: 'w',
      steps: [
        { step_id: 'a', modules: [] },
        { step_id: 'a', modules: 3 },
      ],
    };
    const shape = await rig.refusal('/workflow/start', {
      workflow: structural,
      virtual_db: null,
      target_step_id: 'a',
      target_module_name: 'm',
    });
    expect(shape.status).toBe(400);
    expect(shape.errors.length).toBeGreaterThan(1);
    const lost = await rig.refusal('/workflow/start', {
      ...fresh,
      target_step_id: 'place',
      target_module_name: 'nobody',
    });
    expect(lost).toMatchObject({ status: 422, code: 'module_not_found', params: { known: ['ask_city'] } });
  });

  it('strict bodies name the field that nobody knows; there is no route to cancel', async () => {
    const refused = await rig.refusal('/workflow/start', { ...fresh, scenario: {}, target_step_id: 'place' });
    expect(refused).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(refused.errors.map(({ path }) => path)).toContain('scenario.name');
    expect((await rig.post('/workflow/cancel', {})).statusCode).toBe(404);
  });

  it('a failing module is an answer with its error, resumable', async () => {
    let failing = true;
    const own = await createVirtualRig({
      script: () => {
        if (failing) throw new WfmError('llm_refused', 'The model would rather not.');
        return JSON.stringify({ lines: ['a', 'b', 'c'] });
      },
      limits: { wallMs: 5_000, totalMs: 60_000 },
    });
    const failed = await own.preview('/workflow/start', {
      ...fresh,
      ...targets.pickLine,
      mock: false,
      answers: 'sample',
    });
    expect(failed).toMatchObject({ status: 'error', mock: false, error: { module_id: 'api.llm' } });
    expect(actions(failed).slice(1, 3)).toEqual([
      'write_lines: executed (no_record)',
      'pick_line: not_reached (after_error)',
    ]);
    failing = false;
    const resumed = await own.preview('/workflow/resume', carry(failed));
    expect(resumed).toMatchObject({ status: 'awaiting_input', virtual_run_id: failed.virtual_run_id });
    expect(actions(resumed)[1]).toBe('write_lines: executed (previous_failed)');
    await own.close();
  });
});

/** Start takes the snapshot alone: the run's id is in it. */
function carry2({ virtual_db }: VirtualWorkflowResponse) {
  return { workflow, virtual_db };
}
