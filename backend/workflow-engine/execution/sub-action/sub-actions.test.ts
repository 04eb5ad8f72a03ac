import { describe, expect, it, vi } from 'vitest';
import type { Module } from '../../modules/module.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { expectCode } from '../../testing/expect-code.ts';
import { type Script, scriptedLlm } from '../../testing/scripted-llm.ts';
import { createTestClock } from '../../testing/test-clock.ts';
import { settle } from './settle.ts';
import { childOf } from './stream.ts';
import { boardModule, cooked, follow, menu, moreDishes, startOf, work } from './testing/board.ts';

const clock = createTestClock();

function rigWith(script: Script = () => cooked, modules: Module[] = []): EngineRig {
  return createRig({ database: createMemoryDatabase({ clock }), clock, llm: scriptedLlm(script), modules });
}

const types = async (rig: EngineRig, runId: string): Promise<string[]> =>
  (await rig.events(runId)).map((event) => event.type);

const own = (actions: unknown[], more: object = {}) => menu([{ id: 'more', label: 'More', actions, ...more }]);
const board = (more: object = {}) =>
  menu(
    [{ id: 'more', label: 'More', actions: [{ type: 'self_sub_action', params: { size: 1, ink: 'red' } }], ...more }],
    {
      module_id: 'test.board',
      inputs: { data: '{{ state.dishes }}' },
      outputs_to_state: { seen: 'dish' },
    },
  );

/** A script that waits until it is told to go on. */
function gate(): { script: Script; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { script: () => promise, open: () => resolve(cooked) };
}

describe('starting', () => {
  it('13.1 needs an open question, and names the sub-actions that there are', async () => {
    const rig = rigWith();
    const at = await rig.start(menu([moreDishes]));
    const start = (given: object) => rig.processor.subActions.start(startOf(rig, at, given));
    await expectCode(start({ interactionId: 'other' }), 'interaction_closed');
    await expect(start({ subActionId: 'less' })).rejects.toMatchObject({
      code: 'sub_action_not_found',
      params: { sub_action_id: 'less', known: ['more'] },
    });
    await expectCode(start({ userId: 'somebody else' }), 'run_not_found');
    await rig.respond(at, { selected_indices: [0] });
    await expectCode(start({}), 'interaction_closed');
  });

  it('13 kinds are not mixed, nobody is asked, and a target has to exist', async () => {
    const rig = rigWith();
    const refusal = async (actions: unknown[], code: Parameters<typeof expectCode>[1]) => {
      const at = await rig.start(own(actions));
      await expectCode(rig.processor.subActions.start(startOf(rig, at)), code);
      expect(await types(rig, at.workflow_run_id ?? '')).not.toContain('sub_action_started');
    };
    await refusal(
      [{ type: 'self_sub_action' }, { type: 'target_sub_action', module_id: 'api.llm' }],
      'sub_action_mixed',
    );
    await refusal([{ type: 'target_sub_action', module_id: 'user.pause' }], 'sub_action_interactive');
    await refusal(
      [{ type: 'target_sub_action', ref: { step_id: 'choose', module_name: 'pick' } }],
      'sub_action_interactive',
    );
    await refusal([{ type: 'target_sub_action' }], 'sub_action_target_missing');
    await refusal(
      [{ type: 'target_sub_action', ref: { step_id: 'x', module_name: 'y' } }],
      'sub_action_target_missing',
    );
    await refusal([{ type: 'self_sub_action' }], 'sub_action_target_missing');
  });

  it('23 eight work at once, and a child starts none', async () => {
    const { script, open } = gate();
    const rig = rigWith(script);
    const at = await rig.start(menu([moreDishes]));
    const runId = at.workflow_run_id ?? '';
    const started = await Promise.all(
      Array.from({ length: 8 }, () => rig.processor.subActions.start(startOf(rig, at))),
    );
    await expect(rig.processor.subActions.start(startOf(rig, at))).rejects.toMatchObject({
      code: 'sub_action_limit',
      params: { what: 'at_once', limit: 8, actual: 9 },
    });
    const child = started[0]?.executionId ?? '';
    await expect(rig.processor.subActions.start(startOf(rig, at, { runId: child }))).rejects.toMatchObject({
      code: 'sub_action_limit',
      params: { what: 'depth', limit: 1, actual: 2 },
    });
    open();
    await Promise.all(started.map(({ executionId }) => follow(rig, runId, executionId)));
    const status = await rig.processor.status({ runId, userId: rig.userId });
    // 13.1 each appended with its own retry on conflict: nothing was lost.
    expect(status.interaction_request?.data).toHaveLength(10);
    expect(rig.faults).toEqual([]);
  });

  it('13.8 the same key returns the running execution, and later the finished one', async () => {
    const { script, open } = gate();
    const rig = rigWith(script);
    const at = await rig.start(menu([moreDishes]));
    const params = startOf(rig, at, { idempotencyKey: 'k' });
    const [first, second] = await Promise.all([
      rig.processor.subActions.start(params),
      rig.processor.subActions.start(params),
    ]);
    expect(second.executionId).toBe(first.executionId);
    expect([first.replayed, second.replayed].filter(Boolean)).toHaveLength(1);
    open();
    await follow(rig, params.runId, first.executionId);
    const third = await rig.processor.subActions.start(params);
    expect(third).toMatchObject({ executionId: first.executionId, replayed: true });
    expect(rig.llm.calls).toHaveLength(1);
  });
});

describe('target_sub_action', () => {
  it('13.2 a child run works on a copy of the state; its result is mapped, then the parent is told', async () => {
    const rig = rigWith();
    const at = await rig.start(menu([moreDishes]));
    const runId = at.workflow_run_id ?? '';
    const frames = await work(rig, at, { params: { course: 2 } });
    expect(frames[0]).toEqual({
      event: 'started',
      data: { execution_id: expect.any(String), sub_action_id: 'more', expected: 1 },
    });
    expect(frames.at(-1)).toMatchObject({
      event: 'complete',
      data: {
        sub_action_id: 'more',
        fresh: { dishes: [{ id: 'pie' }] },
        updated_state: { dishes: [{ id: 'dal' }, { id: 'soup' }, { id: 'pie' }] },
      },
    });
    const events = await rig.events(runId);
    expect(events.slice(-2).map((event) => event.type)).toEqual(['sub_action_started', 'sub_action_completed']);
    const { data } = events.at(-1) as { data: { child_run_id: string; state_mapped: object } };
    expect(events.at(-2)?.data).toMatchObject({
      params: { course: 2 },
      expected: 1,
      interaction_id: at.interaction_request?.interaction_id,
    });
    expect(Object.keys(data.state_mapped)).toEqual(['dishes']);
    await vi.waitFor(async () => {
      const child = await rig.database.runs.find({ runId: data.child_run_id });
      expect(child).toMatchObject({ status: 'completed', parent_run_id: runId, executor: null });
    });
    const log = await rig.events(data.child_run_id);
    expect(log[0]?.data).toMatchObject({
      initial_state: { tone: 'calm', dishes: [{ id: 'dal' }, { id: 'soup' }] },
      parent: { workflow_run_id: runId, sub_action_id: 'more' },
    });
    expect(log.map((event) => event.type)).toContain('module_completed');
    expect((await rig.database.runs.list({ userId: rig.userId, limit: 10 })).items).toHaveLength(1);
  });

  it('13 a reference is overridden deeply; every action is a module of one step', async () => {
    const rig = rigWith((request) => JSON.stringify(request.messages.at(-1)?.parts));
    const ref = { step_id: 'end', module_name: 'praise' };
    const at = await rig.start(
      own(
        [
          { type: 'target_sub_action', ref, overrides: { inputs: { input: 'Mock {{ state.tone }}' } } },
          { type: 'target_sub_action', ref, overrides: { inputs: { input: 'Then {{ state.praise }}' } } },
        ],
        { result_mapping: [{ source: 'praise', target: 'praise', mode: 'replace' }] },
      ),
    );
    const frames = await work(rig, at);
    expect(frames[0]).toMatchObject({ data: { expected: 2 } });
    const asked = rig.llm.calls.map(({ request }) => JSON.stringify(request.messages));
    expect(asked[0]).toContain('Mock calm');
    expect(asked[1]).toContain('Mock calm');
    expect(asked[1]).toContain('Then');
  });

  it('13.4 feedback is seen by the child alone, in its state and as a turn of the conversation', async () => {
    const rig = rigWith();
    const at = await rig.start(menu([moreDishes]));
    await work(rig, at, { feedback: ', spicy please' });
    const texts = rig.llm.calls[0]?.request.messages.flatMap(({ parts }) =>
      parts.map((part) => (part.type === 'text' ? part.text : '')),
    );
    expect(texts).toEqual(['A calm dish, spicy please', 'Feedback from the person who reviewed this:\n, spicy please']);
    const { state } = await rig.processor.load({ runId: at.workflow_run_id ?? '' });
    expect(state.flat).not.toHaveProperty('_retry_feedback');
  });

  it('13 a failure of the child is a failure of the execution; the question stays open', async () => {
    const rig = rigWith(() => 'no JSON');
    const at = await rig.start(menu([moreDishes]));
    const frames = await work(rig, at);
    expect(frames.at(-1)).toMatchObject({ event: 'error', error: { code: 'llm_output_invalid' } });
    const status = await rig.processor.status({ runId: at.workflow_run_id ?? '', userId: rig.userId });
    expect(status.status).toBe('awaiting_input');
    expect(status.error).toBeUndefined();
    expect((await types(rig, at.workflow_run_id ?? '')).at(-1)).toBe('sub_action_failed');
  });
});

describe('self_sub_action', () => {
  it("13 calls the open module; the action's params lie under the request's", async () => {
    const given: unknown[] = [];
    const rig = rigWith(undefined, [boardModule((params) => (given.push(params), { made: [{ id: 'pie' }] }))]);
    const at = await rig.start(board({ result_mapping: [{ source: 'made', target: 'dishes', mode: 'merge' }] }));
    const frames = await work(rig, at, { params: { ink: 'blue', count: 3 } });
    expect(given).toEqual([{ size: 1, ink: 'blue', count: 3 }]);
    expect(frames[0]).toMatchObject({ data: { expected: 3 } });
    expect(frames.at(-1)).toMatchObject({ data: { made: [{ id: 'pie' }], updated_state: { dishes: { length: 3 } } } });
    const last = (await rig.events(at.workflow_run_id ?? '')).at(-1);
    expect(last?.data).not.toHaveProperty('child_run_id');
  });

  it('13.3 a merge onto what takes none ends it with an error that says what and where, and changes nothing', async () => {
    const rig = rigWith(undefined, [boardModule(() => ({ made: { id: 'pie' } }))]);
    const at = await rig.start(board({ result_mapping: [{ source: 'made', target: 'tone', mode: 'merge' }] }));
    const runId = at.workflow_run_id ?? '';
    const before = (await rig.processor.load({ runId })).state.flat;
    expect((await work(rig, at)).at(-1)).toMatchObject({
      event: 'error',
      error: {
        code: 'state_invalid',
        params: { key: 'tone', present: 'string', given: 'object' },
        place: 'steps[0].modules[0].sub_actions[0].result_mapping[0].target',
      },
    });
    const { state, row } = await rig.processor.load({ runId });
    expect([state.flat, row.status]).toEqual([before, 'awaiting_input']);
    const older = rigWith(undefined, [boardModule(() => ({ made: { id: 'pie' } }))]);
    const { format: _format, ...formatOne } = board({
      result_mapping: [{ source: 'made', target: 'tone', mode: 'merge' }],
    });
    const inputs = { data: '{{ state.dishes }}', resolver_schema: { properties: { data: { resolver: 'server' } } } };
    Object.assign((formatOne as { steps: { modules: object[] }[] }).steps[0]?.modules[0] ?? {}, { inputs });
    expect((await work(older, await older.start(formatOne))).at(-1)).toMatchObject({
      event: 'complete',
      data: { updated_state: { tone: { id: 'pie' } } },
    });
  });

  it('13 what is no data, or fails, ends it with an error', async () => {
    const results: unknown[] = [[1], { bad: () => 1 }];
    const rig = rigWith(undefined, [
      boardModule(() => {
        if (results.length === 0) throw new Error('no ink');
        return results.shift();
      }),
    ]);
    const at = await rig.start(board());
    for (const code of ['output_invalid', 'output_invalid', 'module_failed']) {
      expect((await work(rig, at)).at(-1)).toMatchObject({ event: 'error', error: { code } });
    }
  });

  it('13.9 one whose process died is told to be interrupted, and is not tried again', async () => {
    const database = createMemoryDatabase({ clock });
    const never = boardModule(() => new Promise(() => undefined));
    const first = createRig({ database, clock, modules: [never], userId: 'u' });
    const at = await first.start(board());
    const { executionId } = await first.processor.subActions.start(startOf(first, at));
    const second = createRig({ database, clock, modules: [never], userId: 'u', executor: 'second' });
    expect(await second.processor.sweep()).toBe(0);
    clock.advance(11_000);
    expect(await second.processor.sweep()).toBe(1);
    const frames = await follow(second, at.workflow_run_id ?? '', executionId);
    expect(frames.at(-1)).toMatchObject({ event: 'error', error: { code: 'sub_action_interrupted' } });
    expect(await second.processor.sweep()).toBe(0);
  });
});

describe('the question afterwards', () => {
  it('13.5, 25.14 its data is resolved anew, and what was added can be chosen', async () => {
    const rig = rigWith((request) => (request.outputSchema ? cooked : 'fine'));
    const at = await rig.start(menu([moreDishes]));
    const runId = at.workflow_run_id ?? '';
    await work(rig, at);
    const now = await rig.processor.status({ runId, userId: rig.userId });
    expect(now.interaction_request).toMatchObject({
      interaction_id: at.interaction_request?.interaction_id,
      data: [{ id: 'dal' }, { id: 'soup' }, { id: 'pie' }],
    });
    const asked = (await rig.events(runId)).find((event) => event.type === 'interaction_requested');
    expect(asked?.data).toMatchObject({ request: { data: [{ id: 'dal' }, { id: 'soup' }] } });
    const done = await rig.respond(at, { selected_indices: [2] });
    expect(done).toMatchObject({ status: 'completed', result: { dish: { id: 'pie' }, praise: 'fine' } });
  });

  it('10.4.3 an answer that expects the question as it was asked is not held up by a sub-action', async () => {
    const rig = rigWith((request) => (request.outputSchema ? cooked : 'fine'));
    const at = await rig.start(menu([moreDishes]));
    await work(rig, at);
    const done = await rig.processor.respond({
      runId: at.workflow_run_id ?? '',
      userId: rig.userId,
      sessionId: 's',
      waitMs: 1000,
      interactionId: at.interaction_request?.interaction_id ?? '',
      answer: { selected_indices: [0] },
      expectedSeq: at.last_seq,
    });
    expect(done.status).toBe('completed');
  });

  it('10.4.7, 13.7 an answer, a jump and the end of the run cancel what still works', async () => {
    const ways = [
      (rig: EngineRig, at: Parameters<EngineRig['respond']>[0]) => rig.respond(at, { selected_indices: [0] }),
      (rig: EngineRig, at: Parameters<EngineRig['respond']>[0]) =>
        rig.respond(at, { retry_requested: true, retry_feedback: 'again' }),
      (rig: EngineRig, at: Parameters<EngineRig['respond']>[0]) =>
        rig.processor.cancel({ runId: at.workflow_run_id ?? '', userId: rig.userId, sessionId: 's', waitMs: 0 }),
    ];
    for (const close of ways) {
      let aborted = false;
      const rig = rigWith((request, _call, { signal }) => {
        if (!request.outputSchema) return 'fine';
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason as Error);
          });
        });
      });
      const at = await rig.start(menu([moreDishes]));
      const runId = at.workflow_run_id ?? '';
      const { executionId } = await rig.processor.subActions.start(startOf(rig, at));
      await vi.waitFor(() => expect(rig.llm.calls).toHaveLength(1));
      await close(rig, at);
      const frames = await follow(rig, runId, executionId);
      expect(frames.at(-1)).toMatchObject({ event: 'error', error: { code: 'sub_action_cancelled' } });
      await vi.waitFor(() => expect(aborted).toBe(true));
      const child = await rig.database.runs.find({ runId: executionId });
      expect(child?.status).toBe('cancelled');
      const branches = await rig.database.runs.branches({ runId });
      for (const { branch_id: branchId } of branches) {
        const line = await rig.database.runs.readLine({ runId, branchId, afterSeq: -1 });
        expect(line.map(({ seq }) => seq)).toEqual(line.map((_event, index) => index));
      }
    }
  });

  it('13.7 a child run takes no commands of its own', async () => {
    const { script } = gate();
    const rig = rigWith(script);
    const at = await rig.start(menu([moreDishes]));
    const { executionId: runId } = await rig.processor.subActions.start(startOf(rig, at));
    const caller = { runId, userId: rig.userId, sessionId: 's', waitMs: 0 };
    await expectCode(rig.processor.cancel(caller), 'run_not_found');
    await expectCode(rig.processor.resume(caller), 'run_not_found');
  });

  it('13.7 a client cancels one execution, and cancelling again changes nothing', async () => {
    const { script } = gate();
    const rig = rigWith(script);
    const at = await rig.start(menu([moreDishes]));
    const runId = at.workflow_run_id ?? '';
    const { executionId } = await rig.processor.subActions.start(startOf(rig, at));
    const params = { runId, userId: rig.userId, executionId };
    await rig.processor.subActions.cancel(params);
    await rig.processor.subActions.cancel(params);
    expect((await types(rig, runId)).filter((type) => type === 'sub_action_failed')).toHaveLength(1);
    await expectCode(rig.processor.subActions.cancel({ ...params, executionId: 'x' }), 'sub_action_not_found');
    await expectCode(rig.processor.subActions.cancel({ ...params, userId: 'x' }), 'run_not_found');
  });

  it('10.4.7 a result that comes when the question is closed is kept, marked late, and changes no state', async () => {
    const { script } = gate();
    const rig = rigWith((request, ...rest) => (request.outputSchema ? script(request, ...rest) : 'fine'));
    const at = await rig.start(menu([moreDishes]));
    const runId = at.workflow_run_id ?? '';
    const { executionId } = await rig.processor.subActions.start(startOf(rig, at));
    await rig.respond(at, { selected_indices: [0] });
    const child = await childOf(rig.processor, { runId, userId: rig.userId, executionId });
    const before = (await rig.processor.load({ runId })).state.flat;
    const outcome = { result: { made: 1 }, source: { fresh: { dishes: [1] } }, calls: [], usage: null, warnings: [] };
    expect(await settle(rig.processor, child, outcome)).toBe(true);
    expect(await settle(rig.processor, child, outcome)).toBe(false);
    const last = (await rig.events(runId)).at(-1);
    expect(last).toMatchObject({
      type: 'sub_action_completed',
      data: { late: true, result: { made: 1 }, state_mapped: {} },
    });
    const after = await rig.processor.load({ runId });
    expect(after.state.flat).toEqual(before);
    expect(after.row.status).toBe('completed');
  });
});
