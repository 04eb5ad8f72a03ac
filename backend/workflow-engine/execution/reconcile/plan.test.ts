import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionIdOf } from '../../definition/canonical-json.ts';
import type { RunEvent } from '../../events/run-event.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import type { JsonObject } from '../../models/json.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig } from '../../testing/engine-rig.ts';
import { applyEdit, generatedEdit } from '../../testing/generated-edit.ts';
import { answerFor, generatedWorkflow } from '../../testing/generated-workflow.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { runs } from '../../testing/runs.ts';
import { memoryRig, movingTo } from './testing/memory-rig.ts';

/** What became of each module on a line, in the words of a plan. */
function fatesOf(events: RunEvent[], inherited: number): Map<string, string> {
  const fates = new Map<string, string>();
  for (const event of events) {
    const path = `${event.step_id}/${event.module_name}`;
    if (event.type === 'interaction_requested') fates.set(path, 'asked_again');
    if (event.type !== 'module_completed') continue;
    const { kind } = event.data.origin;
    const asked = fates.get(path) === 'asked_again';
    if (event.seq <= inherited) fates.set(path, asked || kind === 'answer_reapplied' ? 'answer_reapplied' : 'reused');
    else fates.set(path, kind);
  }
  return fates;
}

describe('10.7 a plan', () => {
  it('is what then happens, and making it does nothing, edit after edit and back again', async () => {
    let foretold = 0;
    const steps = fc.array(fc.tuple(generatedEdit, fc.nat({ max: 12 })), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(3), steps, fc.nat({ max: 3 }), async ({ workflow }, edits, value) => {
        const rig = memoryRig();
        const answerAll = async (first: WorkflowResponse): Promise<WorkflowResponse> => {
          let response = first;
          while (response.interaction_request)
            response = await rig.respond(response, answerFor(response.interaction_request, { kind: 'answer', value }));
          return response;
        };
        const { workflow_run_id: id } = await answerAll(await rig.start(workflow));
        const runId = id ?? '';
        const everything = async () => ({
          events: await rig.events(runId),
          row: await rig.database.runs.find({ runId }),
          calls: rig.llm.calls.length,
        });
        const versions: JsonObject[] = [workflow];
        for (const [edit, back] of edits) {
          const now = versions.at(-1) ?? workflow;
          // A third of the steps goes back to how the workflow once was.
          const edited = back % 3 === 0 ? (versions[back % versions.length] ?? now) : applyEdit(now, edit);
          versions.push(edited);
          const params = await movingTo(rig, runId, edited);
          const before = await everything();
          const plan = await rig.processor.plan(params);
          expect(await everything()).toEqual(before);

          const moved = await rig.processor.reconcile({ ...params, planId: plan.plan_id });
          const row = await rig.database.runs.find({ runId });
          const branch = (await rig.database.runs.branches({ runId })).find(
            (known) => known.branch_id === row?.current_branch_id,
          );
          const isNew = branch?.branch_id !== before.row?.current_branch_id;
          const fates = fatesOf(await rig.events(runId), isNew ? (branch?.fork_seq ?? 0) : Number.POSITIVE_INFINITY);
          for (const { step_id, module_name, action, reason } of plan.modules) {
            if (reason === 'depends_on_unknown') continue;
            foretold += 1;
            const fate = fates.get(`${step_id}/${module_name}`) ?? 'not_reached';
            expect([module_name, fate]).toEqual([module_name, action]);
          }
          await answerAll(moved);
        }
      }),
      { numRuns: runs(40, 400) },
    );
    expect(foretold).toBeGreaterThan(100);
  });

  it('ends with a module that can be seen to fail, as the run then does', async () => {
    const clock = liveClock();
    const rig = createRig({ database: createMemoryDatabase({ clock }), clock });
    const workflow = (type: string): JsonObject => ({
      format: 2,
      workflow_id: 'failing',
      initial_state: { type: 'string' },
      steps: [
        {
          step_id: 's',
          modules: [
            {
              module_id: 'user.form',
              name: 'fill',
              inputs: { data: [{}], schema: { type: 'object', properties: { a: { type } } } },
            },
            { module_id: 'transform.extract', name: 'take', inputs: { x: 1 } },
          ],
        },
      ],
    });
    const done = await rig.respond(await rig.start(workflow('{{ state.type }}')), { form_data: [{ a: 'x' }] });
    const edited = workflow('{{ state.kind }}');
    const versionId = versionIdOf(edited);
    await rig.database.definitions.keepDefinition({ versionId, definition: edited });
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5_000, runId: done.workflow_run_id ?? '', versionId };
    const plan = await rig.processor.plan(caller);
    expect(plan.modules).toMatchObject([
      { module_name: 'fill', action: 'executed' },
      { module_name: 'take', action: 'not_reached', reason: 'after_error' },
    ]);
    expect((await rig.processor.reconcile({ ...caller, planId: plan.plan_id })).status).toBe('error');
  });

  it('says what it is likely to cost, by what the same module has cost', async () => {
    const clock = liveClock();
    const rig = createRig({ database: createMemoryDatabase({ clock }), clock });
    const workflow = (word: string): JsonObject => ({
      format: 2,
      workflow_id: 'cost',
      steps: [
        {
          step_id: 's',
          modules: [
            { module_id: 'api.llm', name: 'write', inputs: { input: word } },
            { module_id: 'api.llm', name: 'more', inputs: { input: '{{ state.write.response }}' } },
          ],
        },
      ],
    });
    const done = await rig.start(workflow('rain'));
    const edited = workflow('sun');
    const versionId = versionIdOf(edited);
    await rig.database.definitions.keepDefinition({ versionId, definition: edited });
    const plan = await rig.processor.plan({
      userId: rig.userId,
      sessionId: rig.userId,
      waitMs: 0,
      runId: done.workflow_run_id ?? '',
      versionId,
    });
    expect(plan).toMatchObject({
      likely_cost_usd: 0.001,
      cost_unknown: 0,
      modules: [
        { module_name: 'write', action: 'executed', reason: 'inputs_changed', inputs: ['input'], cost_usd: 0.001 },
        { module_name: 'more', action: 'not_reached', reason: 'depends_on_unknown' },
      ],
    });
  });
});
