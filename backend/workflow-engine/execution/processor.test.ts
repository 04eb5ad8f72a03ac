import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasCode, WfmError } from '../errors/index.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { rateLimited, scriptedLlm } from '../testing/scripted-llm.ts';

const slogans = {
  format: 2,
  workflow_id: 'slogans',
  name: 'Slogans',
  status_display: { fields: [{ id: 'topic', label: 'Topic', value: '{{ state.topic }}' }], layout: [['topic']] },
  steps: [
    {
      step_id: 'ask',
      name: '{step_number}. Topic',
      modules: [
        {
          module_id: 'user.text_input',
          name: 'topic_input',
          inputs: { prompt: 'About what?' },
          outputs_to_state: { value: 'topic' },
        },
      ],
    },
    {
      step_id: 'write',
      name: '{step_number}. Write',
      modules: [
        {
          module_id: 'api.llm',
          name: 'writer',
          inputs: { input: 'A slogan about {{ state.topic }}' },
          outputs_to_state: { response: 'slogan' },
        },
        {
          module_id: 'user.select',
          name: 'review',
          inputs: { data: ['{{ state.slogan }}'], schema: { type: 'array' }, prompt: 'Good?' },
          retryable: {
            default_option: 'ok',
            options: [
              { id: 'ok', mode: 'continue', label: 'Yes' },
              { id: 'again', mode: 'retry', label: 'Again', target_module: 'writer', feedback: { enabled: true } },
              { id: 'topic', mode: 'jump', label: 'Another topic', target_step: 'ask', target_module: 'topic_input' },
            ],
          },
        },
      ],
    },
  ],
};

const rigOf = (llm = scriptedLlm()): EngineRig => {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock, llm });
};

describe('a run', () => {
  let rig: EngineRig;
  beforeEach(() => {
    rig = rigOf();
  });
  afterEach(async () => {
    await rig.processor.close();
    expect(rig.faults).toEqual([]);
  });

  it('10.2 asks, takes the answer, calls the model, asks again and completes', async () => {
    const asked = await rig.start(slogans);
    expect(asked.status).toBe('awaiting_input');
    expect(asked.progress).toMatchObject({ current_step: 'ask', current_module: 'topic_input', step_index: 0 });
    const reviewed = await rig.respond(asked, { value: 'rain' });
    expect(reviewed.status).toBe('awaiting_input');
    expect(reviewed.interaction_request).toMatchObject({
      interaction_type: 'select_from_structured',
      data: ['You said: A slogan about rain'],
    });
    const done = await rig.respond(reviewed, { selected_indices: [0] });
    expect(done.status).toBe('completed');
    expect(done.result).toMatchObject({ topic: 'rain', slogan: 'You said: A slogan about rain' });
    const events = await rig.events(done.workflow_run_id ?? '');
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index));
    expect(events.map((event) => event.type)).toEqual([
      'workflow_created',
      'step_started',
      'module_started',
      'interaction_requested',
      'interaction_response',
      'module_completed',
      'step_completed',
      'step_started',
      'module_started',
      'module_completed',
      'module_started',
      'interaction_requested',
      'interaction_response',
      'module_completed',
      'step_completed',
      'workflow_completed',
    ]);
    const row = await rig.database.runs.find({ runId: done.workflow_run_id ?? '' });
    expect(row).toMatchObject({
      status: 'completed',
      active_name: null,
      status_fields: [{ id: 'topic', label: 'Topic', value: 'rain' }],
    });
  });

  it('10.4.2 a second answer is told who won; the same key is answered again', async () => {
    const asked = await rig.start(slogans);
    await rig.respond(asked, { value: 'rain' }, { idempotencyKey: 'k1' });
    await expect(rig.respond(asked, { value: 'sun' })).rejects.toSatisfy(
      (error) => hasCode(error, 'interaction_already_answered') && error.params.by === 'this_session',
    );
    const replayed = await rig.respond(asked, { value: 'rain' }, { idempotencyKey: 'k1' });
    expect(replayed).toMatchObject({ replayed: true, status: 'awaiting_input' });
    expect(rig.llm.calls).toHaveLength(1);
  });

  it('R6 50 parallel answers: one is taken, the module after it runs once', async () => {
    const asked = await rig.start(slogans);
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_value, index) => rig.respond(asked, { value: `topic ${index}` })),
    );
    const lost = results.filter((result) => result.status === 'rejected');
    expect(lost).toHaveLength(49);
    expect(lost.every((result) => hasCode(result.reason, 'interaction_already_answered'))).toBe(true);
    expect(rig.llm.calls).toHaveLength(1);
  });

  it('R7 50 parallel starts of one project: one run', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => rig.start(slogans, { projectName: 'one' })));
    expect(new Set(results.map((result) => result.workflow_run_id)).size).toBe(1);
  });

  it('10.5 a retry goes on a new branch with the conversation; the old line stays', async () => {
    const asked = await rig.start(slogans);
    const first = await rig.respond(asked, { value: 'rain' });
    const again = await rig.respond(first, { action_id: 'again', retry_feedback: 'shorter' });
    expect(again.status).toBe('awaiting_input');
    expect(again.branch_id).not.toBe(first.branch_id);
    expect(rig.llm.calls[1]?.request.messages.slice(1)).toEqual([
      { role: 'assistant', parts: [{ type: 'text', text: 'You said: A slogan about rain' }] },
      { role: 'user', parts: [{ type: 'text', text: expect.stringContaining('shorter') }] },
    ]);
    const branches = await rig.database.runs.branches({ runId: first.workflow_run_id ?? '' });
    expect(branches).toHaveLength(2);
    const done = await rig.respond(again, { selected_indices: [0] });
    expect(done.status).toBe('completed');
    const events = await rig.events(done.workflow_run_id ?? '');
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index));
    await expect(rig.respond(first, { selected_indices: [0] })).rejects.toSatisfy((error) =>
      hasCode(error, 'interaction_already_answered'),
    );
  });

  it('9.5 a jump cuts the state and offers the earlier answer', async () => {
    const asked = await rig.start(slogans);
    const first = await rig.respond(asked, { value: 'rain' });
    const back = await rig.respond(first, { action_id: 'topic' });
    expect(back.interaction_request).toMatchObject({
      interaction_type: 'text_input',
      previous_answer: { value: 'rain' },
    });
    const { state } = await rig.processor.load({ runId: back.workflow_run_id ?? '' });
    expect(state.flat.topic).toBeUndefined();
    const second = await rig.respond(back, { value: 'sun' });
    expect(second.interaction_request).toMatchObject({ data: ['You said: A slogan about sun'] });
  });

  it('10.8 stops at a target, and executes nothing when it has passed already', async () => {
    const response = await rig.start(
      {
        format: 2,
        workflow_id: 't',
        steps: [
          {
            step_id: 's',
            modules: ['a', 'b', 'c'].map((name) => ({ module_id: 'transform.extract', name, inputs: { x: name } })),
          },
        ],
      },
      { target: { stepId: 's', moduleName: 'b' } },
    );
    expect(response.status).toBe('target_reached');
    const { state } = await rig.processor.load({ runId: response.workflow_run_id ?? '' });
    expect(Object.keys(state.flat)).toEqual(['a', 'b']);
  });

  it('1.10 an unknown target names what exists', async () => {
    await expect(rig.start(slogans, { target: { stepId: 'ask', moduleName: 'nope' } })).rejects.toSatisfy(
      (error) => hasCode(error, 'module_not_found') && error.message.includes('topic_input'),
    );
  });

  it('10.5 a cancelled run ends, and cannot be cancelled twice', async () => {
    const asked = await rig.start(slogans);
    const caller = { userId: rig.userId, sessionId: rig.userId, waitMs: 1000, runId: asked.workflow_run_id ?? '' };
    expect(await rig.processor.cancel(caller)).toMatchObject({ status: 'cancelled' });
    await expect(rig.processor.cancel(caller)).rejects.toSatisfy((error) => hasCode(error, 'run_ended'));
    await expect(rig.respond(asked, { value: 'x' })).rejects.toSatisfy((error) => hasCode(error, 'interaction_closed'));
  });
});

describe('a failing module', () => {
  it('10.3.6 a transient fault is tried again twice with the same key', async () => {
    const llm = scriptedLlm((_request, call) => {
      if (call < 3) throw rateLimited();
      return 'at last';
    });
    const rig = rigOf(llm);
    const review = await rig.respond(await rig.start(slogans), { value: 'rain' });
    expect(review.interaction_request).toMatchObject({ data: ['at last'] });
    expect(new Set(llm.calls.map((call) => call.idempotencyKey)).size).toBe(1);
  });

  it('10.5 leaves the run in error with everything kept, and resumes with the next attempt', async () => {
    let broken = true;
    const llm = scriptedLlm(() => {
      if (broken) throw new WfmError('llm_refused', 'The vendor said no.');
      return 'fine';
    });
    const rig = rigOf(llm);
    const failed = await rig.respond(await rig.start(slogans), { value: 'rain' });
    expect(failed).toMatchObject({
      status: 'error',
      error: { code: 'llm_refused', place: 'steps[1].modules[0]', attempt: 1 },
    });
    broken = false;
    const resumed = await rig.processor.resume({
      userId: rig.userId,
      sessionId: rig.userId,
      waitMs: 5000,
      runId: failed.workflow_run_id ?? '',
    });
    expect(resumed.interaction_request).toMatchObject({ data: ['fine'] });
    expect(new Set(llm.calls.map((call) => call.idempotencyKey)).size).toBe(2);
  });

  it('10.4.8 a cancelled answer fails its module, and resuming asks again under a new id', async () => {
    const rig = rigOf();
    const asked = await rig.start(slogans);
    const failed = await rig.respond(asked, { cancelled: true });
    expect(failed).toMatchObject({ status: 'error', error: { code: 'interaction_cancelled' } });
    const resumed = await rig.processor.resume({
      userId: rig.userId,
      sessionId: rig.userId,
      waitMs: 5000,
      runId: failed.workflow_run_id ?? '',
    });
    expect(resumed.status).toBe('awaiting_input');
    expect(resumed.interaction_request?.interaction_id).not.toBe(asked.interaction_request?.interaction_id);
  });
});
