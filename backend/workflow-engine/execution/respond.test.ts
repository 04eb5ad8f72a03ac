import { beforeEach, describe, expect, it } from 'vitest';
import type { WorkflowResponse } from '../models/execution.ts';
import type { InteractionAnswer } from '../models/interaction.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { expectCode } from '../testing/expect-code.ts';
import { liveClock } from '../testing/live-clock.ts';
import type { Respond } from './commands.ts';
import { alone, askFirst, idOf } from './testing/rigs.ts';

const choose = {
  format: 2,
  workflow_id: 'choose',
  steps: [
    {
      step_id: 's',
      modules: [
        {
          module_id: 'user.text_input',
          name: 'topic',
          inputs: { prompt: 'About?' },
          outputs_to_state: { value: 'topic' },
        },
        {
          module_id: 'user.select',
          name: 'pick',
          inputs: { data: ['a', 'b', 'c'], schema: { type: 'array' }, multi_select: true },
          outputs_to_state: { selected_data: 'picked' },
          retryable: {
            default_option: 'ok',
            options: [
              {
                id: 'ok',
                mode: 'continue',
                label: 'OK',
                validations: [
                  { id: 'two', rule: 'min_selections', min: 2, message: 'Take two.' },
                  {
                    id: 'three',
                    rule: 'min_selections',
                    min: 3,
                    severity: 'warning',
                    message: 'Three would be better.',
                  },
                  { id: 'shown', rule: 'min_selections', min: 9, validator: ['webui'], message: 'Never here.' },
                  { id: 'odd', rule: 'response_is_odd', message: '' },
                ],
              },
              { id: 'skip', mode: 'continue', label: 'Skip' },
              {
                id: 'again',
                mode: 'retry',
                label: 'Again',
                validations: [{ id: 'x', rule: 'min_selections', min: 9 }],
              },
              { id: 'back', mode: 'jump', label: 'Back', target_module: 'topic' },
            ],
          },
        },
        { module_id: 'user.pause', name: 'end', inputs: { message: 'Done?' } },
      ],
    },
  ],
};

let rig: EngineRig;
beforeEach(() => {
  rig = alone();
});

const send = (asked: WorkflowResponse, answer: InteractionAnswer, changes: Partial<Respond> = {}) =>
  rig.processor.respond({
    userId: rig.userId,
    sessionId: 'mine',
    waitMs: 5000,
    runId: idOf(asked),
    interactionId: asked.interaction_request?.interaction_id ?? '',
    answer,
    ...changes,
  });
const head = async (asked: WorkflowResponse): Promise<number> => (await rig.events(idOf(asked))).length - 1;
const atPick = async (): Promise<WorkflowResponse> => send(await rig.start(choose), { value: 'rain' });

describe('10.4.5 an answer that does not pass', () => {
  it('12.2 errors keep the question open, are listed, and nothing is stored', async () => {
    const asked = await atPick();
    const before = await head(asked);
    const refused = await send(
      asked,
      { selected_indices: [0], confirmed_warnings: ['two', 'three'] },
      { idempotencyKey: 'k' },
    );
    expect(refused).toMatchObject({
      status: 'validation_failed',
      validation_errors: [{ id: 'two', rule: 'min_selections', message: 'Take two.', severity: 'error' }],
      validation_warnings: [],
      interaction_request: { interaction_id: asked.interaction_request?.interaction_id },
      last_seq: before,
    });
    expect(await head(asked)).toBe(before);
    expect((await rig.processor.status({ runId: idOf(asked), userId: rig.userId })).status).toBe('awaiting_input');
  });

  it('12.2 warnings block until each is confirmed; the same key may be used for the better answer', async () => {
    const asked = await atPick();
    const warned = await send(asked, { selected_indices: [0, 1] }, { idempotencyKey: 'k' });
    expect(warned).toMatchObject({
      status: 'validation_failed',
      validation_errors: [],
      validation_warnings: [{ id: 'three', severity: 'warning' }],
    });
    const other = await send(asked, { selected_indices: [0, 1], confirmed_warnings: ['other'] });
    expect(other.status).toBe('validation_failed');
    const taken = await send(
      asked,
      { selected_indices: [0, 1], confirmed_warnings: ['three'] },
      { idempotencyKey: 'k' },
    );
    expect(taken).toMatchObject({ status: 'awaiting_input', progress: { current_module: 'end' } });
  });

  it('12.2 only the rules of the chosen option are run; retry, jump and cancel run none', async () => {
    expect(await send(await atPick(), { action_id: 'skip', selected_indices: [0] })).toMatchObject({
      progress: { current_module: 'end' },
    });
    expect((await send(await atPick(), { action_id: 'again' })).status).toBe('awaiting_input');
    expect((await send(await atPick(), { action_id: 'back' })).progress.current_module).toBe('topic');
    expect((await send(await atPick(), { cancelled: true })).status).toBe('error');
  });

  it('the module says what a text must be, before any rule', async () => {
    const asked = await rig.start({
      format: 2,
      workflow_id: 'tags',
      steps: [
        {
          step_id: 's',
          modules: [
            {
              module_id: 'user.text_input',
              name: 'tags',
              inputs: { prompt: 'Tags', validation_pattern: '^#\\w+$', validation_separator: ',' },
            },
          ],
        },
      ],
    });
    expect(await send(asked, { value: '' })).toMatchObject({
      validation_errors: [{ id: 'text_empty', field: 'value' }],
    });
    expect(await send(asked, { value: '#a, b' })).toMatchObject({ validation_errors: [{ id: 'text_invalid' }] });
    await expectCode(send(asked, { value: 5 }), 'response_invalid');
    expect(await send(asked, { value: '#a, #b' })).toMatchObject({ status: 'completed' });
  });

  it('11.4 what intake dropped, and rules that nobody knows, are told with the completion', async () => {
    const asked = await atPick();
    await send(asked, { selected_indices: [0, 1, 2, 99] });
    const events = await rig.events(idOf(asked));
    const done = events.find((event) => event.type === 'module_completed' && event.module_name === 'pick');
    expect(done?.data).toMatchObject({
      outputs: { selected_data: ['a', 'b', 'c'] },
      warnings: [{ code: 'selection_dropped' }, { code: 'rule_unknown', params: { rule: 'response_is_odd' } }],
    });
  });

  it('10.4.4 an option that is not offered is response_invalid, and a body over 1 MB response_too_large', async () => {
    const asked = await atPick();
    const before = await head(asked);
    await expectCode(send(asked, { action_id: 'nope' }), 'response_invalid');
    await expectCode(send(asked, { custom_value: 'ä'.repeat(600 * 1024) }), 'response_too_large');
    expect(await head(asked)).toBe(before);
  });
});

describe('10.4.1 to 10.4.3 who may answer what, when', () => {
  it('an unknown question is interaction_not_found; a run of another user is not there', async () => {
    const asked = await rig.start(choose);
    await expectCode(send(asked, {}, { interactionId: 'nope' }), 'interaction_not_found');
    await expectCode(send(asked, {}, { userId: 'somebody else' }), 'run_not_found');
    await expectCode(send(asked, {}, { runId: 'nope' }), 'run_not_found');
    const caller = { userId: 'somebody else', sessionId: 's', waitMs: 0, runId: idOf(asked) };
    await expectCode(rig.processor.cancel(caller), 'run_not_found');
    await expectCode(rig.processor.resume(caller), 'run_not_found');
    await expectCode(rig.processor.status(caller), 'run_not_found');
    await expectCode(
      rig.processor.depart({ ...caller, mode: 'jump', stepId: 's', moduleName: 'topic' }),
      'run_not_found',
    );
    expect((await rig.events(idOf(asked))).at(-1)?.type).toBe('interaction_requested');
  });

  it('10.4.2 the loser of a race learns the accepted answer, when it came and whose it was', async () => {
    const asked = await rig.start(choose);
    await send(asked, { value: 'rain' });
    await expect(send(asked, { value: 'sun' })).rejects.toMatchObject({
      code: 'interaction_already_answered',
      params: { by: 'this_session', seconds: 0, interaction_id: asked.interaction_request?.interaction_id },
      details: { accepted: { value: 'rain' } },
    });
    await expect(send(asked, { value: 'sun' }, { sessionId: 'other' })).rejects.toMatchObject({
      params: { by: 'other_session' },
    });
    await expectCode(send(asked, { value: 'rain' }, { idempotencyKey: 'k' }), 'interaction_already_answered');
  });

  it('10.4.2 a question that a jump has left counts as answered by it, with its own answer, not with what stands there now', async () => {
    const pick = await atPick();
    const back = await send(pick, { action_id: 'back' });
    // Two more events on the new branch take the places that the departure had on the old one.
    await send(back, { value: 'sun' });
    await expect(send(pick, { selected_indices: [0] })).rejects.toMatchObject({
      code: 'interaction_already_answered',
      details: { accepted: { departure: 'jump_requested', target: { step_id: 's', module_name: 'topic' } } },
    });
  });

  it.each(['again', 'back'])(
    '10.4.2 the same key answers a departure again, also after later ones (%s)',
    async (option) => {
      const pick = await atPick();
      const first = await send(pick, { action_id: option }, { idempotencyKey: 'k1' });
      expect(await send(pick, { action_id: option }, { idempotencyKey: 'k1' })).toMatchObject({
        replayed: true,
        branch_id: first.branch_id,
      });
      const next = option === 'back' ? await send(first, { value: 'sun' }) : first;
      const second = await send(next, { action_id: 'again' }, { idempotencyKey: 'k2' });
      expect(await send(pick, { action_id: option }, { idempotencyKey: 'k1' })).toMatchObject({
        replayed: true,
        branch_id: second.branch_id,
      });
      expect(await rig.database.runs.branches({ runId: idOf(pick) })).toHaveLength(3);
    },
  );

  it('10.4.3 expected_seq: whatever else came after it is a conflict', async () => {
    const asked = await rig.start(choose);
    const seq = asked.last_seq;
    const pick = await send(asked, { value: 'rain' }, { expectedSeq: seq });
    expect(pick.status).toBe('awaiting_input');
    await expect(send(pick, { action_id: 'skip', selected_indices: [0] }, { expectedSeq: seq })).rejects.toMatchObject({
      code: 'conflict',
      params: { expected_seq: seq, actual: pick.last_seq },
    });
    expect(
      (await send(pick, { action_id: 'skip', selected_indices: [0] }, { expectedSeq: pick.last_seq + 5 })).status,
    ).toBe('awaiting_input');
  });

  it('10.4.3 a question of a failed, cancelled or completed run is closed', async () => {
    const failed = await atPick();
    await send(failed, { cancelled: true });
    await expectCode(send(failed, { selected_indices: [0, 1, 2] }), 'interaction_already_answered');
    const cancelled = await atPick();
    await rig.processor.cancel({ userId: rig.userId, sessionId: 's', waitMs: 0, runId: idOf(cancelled) });
    await expectCode(send(cancelled, { selected_indices: [0, 1, 2] }), 'interaction_closed');
  });
});

describe('10.4.8 the answer phase', () => {
  it('a cancelled question has no earlier answer to offer when it is asked again', async () => {
    const pick = await atPick();
    await send(pick, { cancelled: true });
    const resumed = await rig.processor.resume({ userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(pick) });
    expect(resumed).toMatchObject({ status: 'awaiting_input', progress: { current_module: 'pick' } });
    expect(resumed.interaction_request).not.toHaveProperty('previous_answer');
  });

  it('an answered question whose module the engine no longer has fails the run, and nothing spins', async () => {
    const clock = liveClock();
    const database = createMemoryDatabase({ clock });
    const before = createRig({ database, clock, userId: rig.userId });
    const asked = await before.start(askFirst);
    await before.processor.close();
    await before.respond(asked, {});
    const after = createRig({ database, clock, userId: rig.userId });
    const version = await after.processor.version((await database.runs.find({ runId: idOf(asked) }))?.version_id ?? '');
    const module = version.find('ask', 'begin');
    if (module) module.module = undefined;
    const resumed = await after.processor.resume({
      userId: rig.userId,
      sessionId: 's',
      waitMs: 2000,
      runId: idOf(asked),
    });
    expect(resumed).toMatchObject({ status: 'error', error: { code: 'module_not_registered' } });
  });

  it('the recorded inputs are used: what changed since the question was asked does not change the answer', async () => {
    const asked = await rig.start({
      ...askFirst,
      steps: [
        {
          step_id: 's',
          modules: [
            {
              module_id: 'user.select',
              name: 'pick',
              inputs: { data: ['{{ now().year }}', 'b'], schema: { type: 'array' } },
              outputs_to_state: { selected_data: 'k' },
            },
          ],
        },
      ],
    });
    const shown = (asked.interaction_request as { data: unknown[] }).data[0];
    expect(await send(asked, { selected_indices: [0] })).toMatchObject({ result: { k: shown } });
  });
});
