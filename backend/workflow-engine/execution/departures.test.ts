import { beforeEach, describe, expect, it } from 'vitest';
import { WfmError } from '../errors/index.ts';
import type { WorkflowResponse } from '../models/execution.ts';
import type { EngineRig } from '../testing/engine-rig.ts';
import { expectCode } from '../testing/expect-code.ts';
import { scriptedLlm } from '../testing/scripted-llm.ts';
import { alone, askFirst, idOf } from './testing/rigs.ts';

const twoQuestions = {
  format: 2,
  workflow_id: 'two_questions',
  steps: [
    {
      step_id: 's',
      modules: [
        { module_id: 'user.text_input', name: 'topic', inputs: { prompt: 'About?' } },
        { module_id: 'user.pause', name: 'end', inputs: { message: 'Done?' } },
      ],
    },
  ],
};

let rig: EngineRig;
beforeEach(() => {
  rig = alone();
});

describe('10.5 and 1.10 departures', () => {
  const caller = (response: WorkflowResponse) => ({
    userId: rig.userId,
    sessionId: 's',
    waitMs: 5000,
    runId: idOf(response),
  });
  const atEnd = async (): Promise<WorkflowResponse> => rig.respond(await rig.start(twoQuestions), { value: 'rain' });

  it('10.4.2 a retry under its key is done once, whichever branch the run has moved to since', async () => {
    const asked = await atEnd();
    const retry = { ...caller(asked), mode: 'retry' as const, stepId: 's', moduleName: 'topic' };
    const first = await rig.processor.depart({ ...retry, idempotencyKey: 'k1' });
    const second = await rig.processor.depart({ ...retry, idempotencyKey: 'k2' });
    const third = await rig.processor.depart({ ...retry, idempotencyKey: 'k3' });
    for (const idempotencyKey of ['k1', 'k2', 'k3']) {
      const replayed = await rig.processor.depart({ ...retry, idempotencyKey });
      expect(replayed).toMatchObject({ replayed: true, branch_id: third.branch_id });
    }
    expect(new Set([first.branch_id, second.branch_id, third.branch_id]).size).toBe(3);
    expect(await rig.database.runs.branches({ runId: idOf(asked) })).toHaveLength(4);
  });

  it('9.8 a command that finds the line left and the branch not made yet makes it, and acts on that', async () => {
    const asked = await atEnd();
    const runId = idOf(asked);
    const row = await rig.database.runs.find({ runId });
    if (!row) throw new Error('no run');
    // A process died between its departure and the branch.
    const left = {
      workflow_run_id: runId,
      branch_id: row.current_branch_id,
      seq: row.last_seq + 1,
      time: new Date().toISOString(),
      version_id: row.version_id,
      type: 'jump_requested' as const,
      data: { target: { step_id: 's', module_name: 'topic' }, new_branch_id: 'B', fork_seq: 1, by: 's' },
    };
    await rig.database.runs.append({
      runId,
      branchId: row.current_branch_id,
      expectedSeq: row.last_seq,
      events: [left],
      projection: { status: 'processing' },
    });
    expect(await rig.processor.cancel(caller(asked))).toMatchObject({ status: 'cancelled', branch_id: 'B' });
    expect((await rig.events(runId)).map((event) => event.type).slice(-2)).toEqual([
      'branch_created',
      'workflow_cancelled',
    ]);
    expect(await rig.processor.sweep()).toBe(0);
    await expectCode(rig.processor.resume(caller(asked)), 'run_ended');
  });

  it('1.10 a run that goes on after its end takes its name back if it is free', async () => {
    const done = await rig.start({ ...askFirst, steps: askFirst.steps.slice(0, 1) }, { projectName: 'mine' });
    expect((await rig.respond(done, {})).status).toBe('completed');
    const row = async () => rig.database.runs.find({ runId: idOf(done) });
    expect((await row())?.active_name).toBeNull();
    const retry = { ...caller(done), mode: 'retry' as const, stepId: 'ask', moduleName: 'begin' };
    expect((await rig.processor.depart(retry)).status).toBe('awaiting_input');
    expect((await row())?.active_name).toBe('mine');
    await rig.processor.cancel(caller(done));
    const other = await rig.start(askFirst, { projectName: 'mine' });
    expect(other.workflow_run_id).not.toBe(done.workflow_run_id);
  });

  it('9.4 a module that failed while its inputs were resolved can be retried with inputs edited by hand', async () => {
    const failed = await rig.start({
      format: 2,
      workflow_id: 'w',
      steps: [{ step_id: 's', modules: [{ module_id: 'api.llm', name: 'write', inputs: { input: '{{ 1 / 0 }}' } }] }],
    });
    expect(failed).toMatchObject({ status: 'error', error: { code: 'template_error', attempt: 1 } });
    const resumed = await rig.processor.resume(caller(failed));
    expect(resumed).toMatchObject({ status: 'error', error: { attempt: 2 } });
    await expectCode(
      rig.processor.depart({ ...caller(failed), mode: 'jump', stepId: 's', moduleName: 'nope' }),
      'module_not_found',
    );
  });

  it('10.5 inputs edited by hand go over the resolved ones, for that execution only', async () => {
    const llm = scriptedLlm((request) => {
      const [wanted] = request.messages.find((message) => message.role === 'user')?.parts ?? [];
      const text = wanted?.type === 'text' ? wanted.text : '';
      if (text.includes('bad')) throw new WfmError('llm_refused', 'No.');
      return text;
    });
    rig = alone({ llm });
    const failed = await rig.start({
      format: 2,
      workflow_id: 'w',
      steps: [
        {
          step_id: 's',
          modules: [
            { module_id: 'api.llm', name: 'write', inputs: { input: 'bad' }, outputs_to_state: { response: 'k' } },
          ],
        },
      ],
    });
    const retry = { ...caller(failed), mode: 'retry' as const, stepId: 's', moduleName: 'write' };
    const done = await rig.processor.depart({ ...retry, inputsOverride: { input: 'good' } });
    expect(done).toMatchObject({ status: 'completed', result: { k: 'good' } });
    const again = await rig.processor.depart(retry);
    expect(again).toMatchObject({ status: 'error', error: { code: 'llm_refused' } });
  });
});
