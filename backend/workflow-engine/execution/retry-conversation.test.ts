import { describe, expect, it } from 'vitest';
import { WfmError } from '../errors/index.ts';
import type { WorkflowResponse } from '../models/execution.ts';
import type { JsonObject } from '../models/json.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { scriptedLlm } from '../testing/scripted-llm.ts';
import { seenBy } from './retry-conversation.ts';
import { type EventPointer, moduleKey, type RetryTurn, type RunState } from './run-state.ts';
import { idOf } from './testing/rigs.ts';
import { stateOf } from './testing/line.ts';

const workflow = {
  format: 2,
  workflow_id: 'w',
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
          module_id: 'api.llm',
          name: 'write',
          inputs: { input: 'About {{ state.topic }}; {{ state._retry_feedback }}' },
          outputs_to_state: { response: 'text' },
        },
        {
          module_id: 'api.llm',
          name: 'shorten',
          inputs: { input: 'Shorten {{ state.text }}' },
          outputs_to_state: { response: 'short' },
        },
        {
          module_id: 'user.pause',
          name: 'look',
          inputs: { message: '{{ state.short }}' },
          retryable: {
            options: [
              { id: 'ok', mode: 'continue' },
              { id: 'rewrite', mode: 'retry', target_module: 'write', feedback: { enabled: true } },
              {
                id: 'shorten',
                mode: 'retry',
                target_module: 'shorten',
                feedback: { default_message: 'Shorter still.' },
              },
              { id: 'topic', mode: 'jump', target_module: 'topic' },
            ],
          },
        },
      ],
    },
  ],
};

const rigOf = (): EngineRig => {
  const clock = liveClock();
  const llm = scriptedLlm((_request, call) => `text ${call}`);
  return createRig({ database: createMemoryDatabase({ clock }), clock, llm });
};
/** What the model was asked in a call: role and text of each turn. */
const asked = (rig: EngineRig, call: number): string[] =>
  (rig.llm.calls[call - 1]?.request.messages ?? []).map(({ role, parts }) => {
    const texts = parts.map((part) => (part.type === 'text' ? part.text.replaceAll('\n', ' ') : '[image]'));
    return `${role}: ${texts.join(' + ')}`;
  });
const feedback = (text: string): string => `user: Feedback from the person who reviewed this: ${text}`;
const silent = 'user: The person who reviewed this asks for another answer, and did not say why.';

describe('12.4 the conversation of a retry', () => {
  it('grows with every retry of the chain, oldest first, after the input', async () => {
    const rig = rigOf();
    let response: WorkflowResponse = await rig.respond(await rig.start(workflow), { value: 'rain' });
    for (const said of ['warmer', 'colder', 'wetter'])
      response = await rig.respond(response, { action_id: 'rewrite', retry_feedback: said });
    expect(asked(rig, 1)).toEqual(['user: About rain; ']);
    expect(asked(rig, 3)).toEqual(['user: About rain; warmer', 'assistant: text 1', feedback('warmer')]);
    expect(asked(rig, 7)).toEqual([
      'user: About rain; wetter',
      'assistant: text 1',
      feedback('warmer'),
      'assistant: text 3',
      feedback('colder'),
      'assistant: text 5',
      feedback('wetter'),
    ]);
  });

  it('7.6 is seen by the target alone: what follows it is asked as ever, and nothing of it stays in state', async () => {
    const rig = rigOf();
    const first = await rig.respond(await rig.start(workflow), { value: 'rain' });
    const again = await rig.respond(first, { action_id: 'rewrite', retry_feedback: 'warmer' });
    expect(asked(rig, 4)).toEqual(['user: Shorten text 3']);
    const { state } = await rig.processor.load({ runId: idOf(again) });
    expect(Object.keys(state.flat).filter((key) => key.startsWith('_retry'))).toEqual([]);
    const events = await rig.events(idOf(again));
    expect(JSON.stringify(events.filter((event) => event.type === 'module_completed'))).not.toContain('_retry');
  });

  it('is kept apart by module: each has its own chain, through the retries of the other', async () => {
    const rig = rigOf();
    let response: WorkflowResponse = await rig.respond(await rig.start(workflow), { value: 'rain' });
    response = await rig.respond(response, { action_id: 'shorten' });
    expect(asked(rig, 3)).toEqual(['user: Shorten text 1', 'assistant: text 2', feedback('Shorter still.')]);
    response = await rig.respond(response, { action_id: 'rewrite', retry_feedback: 'warmer' });
    expect(asked(rig, 4)).toEqual(['user: About rain; warmer', 'assistant: text 1', feedback('warmer')]);
    expect(asked(rig, 5)).toEqual(['user: Shorten text 4']);
    await rig.respond(response, { action_id: 'shorten', retry_feedback: 'half' });
    expect(asked(rig, 6)).toEqual([
      'user: Shorten text 4',
      'assistant: text 2',
      feedback('Shorter still.'),
      'assistant: text 5',
      feedback('half'),
    ]);
  });

  it('a retry without a word still ends with the person, not with the model', async () => {
    const rig = rigOf();
    const first = await rig.respond(await rig.start(workflow), { value: 'rain' });
    const second = await rig.respond(first, { action_id: 'rewrite' });
    expect(asked(rig, 3)).toEqual(['user: About rain; ', 'assistant: text 1', silent]);
    await rig.respond(second, { action_id: 'rewrite', retry_feedback: ' ' });
    expect(asked(rig, 5).slice(1)).toEqual(['assistant: text 1', silent, 'assistant: text 3', silent]);
  });

  it('a retry by another process, which has only the log, asks the same', async () => {
    const rig = rigOf();
    const first = await rig.respond(await rig.start(workflow), { value: 'rain' });
    const second = await rig.respond(first, { action_id: 'rewrite', retry_feedback: 'warmer' });
    const clock = liveClock();
    const other = createRig({ database: rig.database, clock, llm: rig.llm, userId: rig.userId, executor: 'other' });
    await other.respond(second, { action_id: 'rewrite', retry_feedback: 'colder' });
    expect(asked(rig, 5)).toEqual([
      'user: About rain; colder',
      'assistant: text 1',
      feedback('warmer'),
      'assistant: text 3',
      feedback('colder'),
    ]);
  });

  it('after a failure of the target only what was said is left of that try', async () => {
    const clock = liveClock();
    let broken = false;
    const llm = scriptedLlm((_request, call) => {
      if (broken) throw new WfmError('llm_refused', 'No.');
      return `text ${call}`;
    });
    const rig = createRig({ database: createMemoryDatabase({ clock }), clock, llm });
    const first = await rig.respond(await rig.start(workflow), { value: 'rain' });
    broken = true;
    const failed = await rig.respond(first, { action_id: 'rewrite', retry_feedback: 'warmer' });
    expect(failed.status).toBe('error');
    broken = false;
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(failed) };
    await rig.processor.depart({ ...caller, mode: 'retry', stepId: 's', moduleName: 'write', feedback: 'colder' });
    expect(asked(rig, 4)).toEqual([
      'user: About rain; colder',
      'assistant: text 1',
      `${feedback('warmer')} + Feedback from the person who reviewed this: colder`,
    ]);
  });

  it('a resume of a failed retry has the conversation still, and so its own input hash', async () => {
    const clock = liveClock();
    let broken = false;
    const llm = scriptedLlm((_request, call) => {
      if (broken) throw new WfmError('llm_refused', 'No.');
      return `text ${call}`;
    });
    const rig = createRig({ database: createMemoryDatabase({ clock }), clock, llm });
    const first = await rig.respond(await rig.start(workflow), { value: 'rain' });
    broken = true;
    const failed = await rig.respond(first, { action_id: 'rewrite', retry_feedback: 'warmer' });
    broken = false;
    await rig.processor.resume({ userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(failed) });
    expect(asked(rig, 4)).toEqual(asked(rig, 3));
    const hashes = (await rig.events(idOf(failed))).flatMap((event) =>
      event.type === 'module_started' && event.module_name === 'write' ? [event.data.input_hash] : [],
    );
    expect(hashes).toHaveLength(2);
    expect(new Set(hashes).size).toBe(1);
  });
});

describe('12.4 turns', () => {
  const key = moduleKey('s', 'write');
  const stateWith = (turns: RetryTurn[]): RunState => ({
    ...stateOf([], { k: 1 }),
    retryTurns: new Map([[key, turns]]),
    fork: {
      kind: 'retry',
      target: key,
      feedback: null,
      groups: null,
      inputsOverride: { x: 2 },
      autoReapply: true,
      force: [],
    },
  });
  const at = (seq: number): EventPointer => ({ branchId: 'A', seq });
  const outputs: Record<number, JsonObject> = {
    1: { response_text: 'as written', response: { parsed: true } },
    2: { response: { parsed: [1] } },
    3: { response: null },
    4: { other: 1 },
  };
  const read = async (_runId: string, { seq }: EventPointer): Promise<JsonObject> => outputs[seq] ?? {};

  it('the text of an answer goes over its data, data are shown as indented JSON, other outputs say nothing', async () => {
    const seen = await seenBy(
      read,
      stateWith([1, 2, 3, 4].map((seq) => ({ completed: at(seq), feedback: `f${seq}` }))),
      key,
    );
    expect(seen.conversation.filter((turn) => turn.role === 'assistant').map((turn) => turn.text)).toEqual([
      'as written',
      '{\n  "parsed": [\n    1\n  ]\n}',
      'null',
    ]);
    expect(seen.override).toEqual({ x: 2 });
    expect(seen.state).toMatchObject({ k: 1, _retry_feedback: 'f4' });
    expect(Object.getPrototypeOf(seen.state)).toBeNull();
  });

  it('another module of the branch sees flat state as it is', async () => {
    const state = stateWith([{ completed: at(1), feedback: 'f' }]);
    expect(await seenBy(read, state, moduleKey('s', 'other'))).toEqual({
      state: state.flat,
      conversation: [],
      override: null,
    });
  });
});
