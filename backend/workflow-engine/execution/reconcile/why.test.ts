import { describe, expect, it } from 'vitest';
import { versionIdOf } from '../../definition/canonical-json.ts';
import type { RunEvent } from '../../events/run-event.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import type { JsonObject } from '../../models/json.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { liveClock } from '../../testing/live-clock.ts';

/** 10.9: whatever runs or is asked again names the parts of its key that differ, in the plan and in the log alike. */

type Module = JsonObject & { name: string; inputs: JsonObject };

const write: Module = { module_id: 'api.llm', name: 'write', inputs: { input: 'On {{ state.subject }}' } };
const pick: Module = {
  module_id: 'user.select',
  name: 'pick',
  inputs: { data: ['rain', 'sun'], schema: { type: 'array' } },
};

const workflowOf = (initial_state: JsonObject, ...modules: Module[]): JsonObject => ({
  format: 2,
  workflow_id: 'why',
  initial_state,
  steps: [{ step_id: 's', modules }],
});
const edited = (module: Module, inputs: JsonObject, more: JsonObject = {}): Module => ({
  ...module,
  ...more,
  inputs: { ...module.inputs, ...inputs },
});

function memoryRig(): EngineRig {
  const clock = liveClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock });
}

/** What the log says about a module once the run has moved to a version; the plan before has said the same. */
async function why(rig: EngineRig, at: WorkflowResponse, workflow: JsonObject, name: string, force: string[] = []) {
  const versionId = versionIdOf(workflow);
  await rig.database.definitions.keepDefinition({ versionId, definition: workflow });
  const runId = at.workflow_run_id ?? '';
  const params = { userId: rig.userId, sessionId: 's', waitMs: 20_000, runId, versionId, force };
  const plan = await rig.processor.plan(params);
  await rig.processor.reconcile({ ...params, planId: plan.plan_id });
  const told = lastWord(await rig.events(runId), name);
  const { reason, inputs } = plan.modules.find(({ module_name }) => module_name === name) ?? {};
  expect({ reason, inputs }).toEqual(told);
  return told;
}

function lastWord(events: RunEvent[], name: string): { reason: string | undefined; inputs: string[] | undefined } {
  const event = events.findLast(
    ({ type, module_name }) => module_name === name && ['module_completed', 'interaction_requested'].includes(type),
  );
  if (event?.type === 'interaction_requested') return { reason: event.data.reason, inputs: event.data.inputs_changed };
  if (event?.type !== 'module_completed') return { reason: undefined, inputs: undefined };
  return { reason: event.data.origin.reason, inputs: event.data.origin.inputs };
}

describe('10.9 why something runs again', () => {
  it('the inputs of a call that differ, settled ones among them', async () => {
    const rig = memoryRig();
    const start = workflowOf({ subject: 'rain' }, write);
    const at = await rig.start(start);
    const changed = workflowOf({ subject: 'sun' }, edited(write, { temperature: 0.5 }));
    expect(await why(rig, at, changed, 'write')).toEqual({
      reason: 'inputs_changed',
      inputs: ['input', 'temperature'],
    });
  });

  it('what a module reads besides its inputs, key by key', async () => {
    const rig = memoryRig();
    const check: Module = {
      module_id: 'io.validate',
      name: 'check',
      inputs: { schema: { type: 'object' }, state_keys: ['subject', 'tone'] },
    };
    const at = await rig.start(workflowOf({ subject: 'rain', tone: 'dry' }, check));
    const changed = workflowOf({ subject: 'rain', tone: 'wet' }, check);
    expect(await why(rig, at, changed, 'check')).toEqual({ reason: 'inputs_changed', inputs: ['state.tone'] });
    // Carried along where it is reused: an edit later still compares with what it has read.
    const moved = workflowOf({ subject: 'rain', tone: 'wet', other: 1 }, check);
    expect(await why(rig, at, moved, 'check')).toEqual({ reason: 'inputs_unchanged', inputs: undefined });
    const again = workflowOf({ subject: 'snow', tone: 'wet', other: 1 }, check);
    expect(await why(rig, at, again, 'check')).toEqual({ reason: 'inputs_changed', inputs: ['state.subject'] });
  });

  it('12.4 not the feedback of a retry: an edit before it does not take that away', async () => {
    const rig = memoryRig();
    const onRain = edited(write, { input: 'On rain' });
    const first = await rig.start(workflowOf({ subject: 'rain' }, onRain));
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 20_000, runId: first.workflow_run_id ?? '' };
    const retry = { mode: 'retry' as const, stepId: 's', moduleName: 'write', feedback: 'shorter' };
    const at = await rig.processor.depart({ ...caller, ...retry });
    const told = await why(rig, at, workflowOf({ subject: 'sun' }, onRain), 'write');
    expect(told).toEqual({ reason: 'inputs_unchanged', inputs: undefined });
  });

  it('nothing but that it was asked for', async () => {
    const rig = memoryRig();
    const start = workflowOf({ subject: 'rain' }, write);
    const at = await rig.start(start);
    expect(await why(rig, at, start, 'write', ['s/write'])).toEqual({ reason: 'forced', inputs: undefined });
  });
});

describe('10.9 why a question is asked again, or is not', () => {
  const asked = async () => {
    const rig = memoryRig();
    const at = await rig.respond(await rig.start(workflowOf({}, pick)), { selected_indices: [1] });
    return { rig, at };
  };

  it('the part of the question that took the answer away', async () => {
    const { rig, at } = await asked();
    const changed = workflowOf({}, edited(pick, { data: ['rain', 'snow'] }));
    expect(await why(rig, at, changed, 'pick')).toEqual({ reason: 'question_changed', inputs: ['data'] });
  });

  it('the part whose new form the answer does not meet', async () => {
    const { rig, at } = await asked();
    const validations = [{ id: 'r', rule: 'response_field_equals', field: 'selected_indices', value: [0] }];
    const options = [{ id: 'go', mode: 'continue', label: 'Go', validations }];
    const changed = workflowOf({}, edited(pick, {}, { retryable: { default_option: 'go', options } }));
    expect(await why(rig, at, changed, 'pick')).toEqual({ reason: 'answer_invalid', inputs: ['options', 'rules'] });
  });

  it('the part that differs, though the answer stands', async () => {
    const { rig, at } = await asked();
    const changed = workflowOf({}, edited(pick, { data: ['rain', 'snow', 'sun'] }));
    expect(await why(rig, at, changed, 'pick')).toEqual({ reason: 'answer_still_valid', inputs: ['data'] });
  });

  it('and nothing where only its looks do', async () => {
    const { rig, at } = await asked();
    const changed = workflowOf({}, edited(pick, { prompt: 'Which?' }));
    expect(await why(rig, at, changed, 'pick')).toEqual({ reason: 'question_unchanged', inputs: undefined });
  });
});
