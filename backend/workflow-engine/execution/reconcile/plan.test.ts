import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionIdOf } from '../../definition/canonical-json.ts';
import type { RunEvent } from '../../events/run-event.ts';
import type { JsonObject } from '../../models/json.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig } from '../../testing/engine-rig.ts';
import { applyEdit, generatedEdit } from '../../testing/generated-edit.ts';
import { answerFor, generatedWorkflow } from '../../testing/generated-workflow.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { runs } from '../../testing/runs.ts';

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
  it('is what then happens, and making it does nothing', async () => {
    let foretold = 0;
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(3), generatedEdit, fc.nat({ max: 3 }), async ({ workflow }, edit, value) => {
        const clock = liveClock();
        const rig = createRig({ database: createMemoryDatabase({ clock }), clock });
        let response = await rig.start(workflow);
        while (response.interaction_request) {
          response = await rig.respond(response, answerFor(response.interaction_request, { kind: 'answer', value }));
        }
        const runId = response.workflow_run_id ?? '';
        const edited: JsonObject = applyEdit(workflow, edit);
        const versionId = versionIdOf(edited);
        await rig.database.definitions.keepDefinition({ versionId, definition: edited });
        const caller = { userId: rig.userId, sessionId: rig.userId, waitMs: 20_000, runId, versionId };
        const before = {
          events: await rig.events(runId),
          row: await rig.database.runs.find({ runId }),
          calls: rig.llm.calls.length,
        };

        const plan = await rig.processor.plan(caller);
        expect({
          events: await rig.events(runId),
          row: await rig.database.runs.find({ runId }),
          calls: rig.llm.calls.length,
        }).toEqual(before);

        await rig.processor.reconcile({ ...caller, planId: plan.plan_id });
        const row = await rig.database.runs.find({ runId });
        const branch = (await rig.database.runs.branches({ runId })).find(
          (known) => known.branch_id === row?.current_branch_id,
        );
        const inherited = branch?.kind === 'reconcile' ? branch.fork_seq : Number.POSITIVE_INFINITY;
        const fates = fatesOf(await rig.events(runId), inherited);
        for (const { step_id, module_name, action, reason } of plan.modules) {
          if (reason === 'depends_on_unknown') continue;
          foretold += 1;
          expect([module_name, fates.get(`${step_id}/${module_name}`) ?? 'not_reached']).toEqual([module_name, action]);
        }
      }),
      { numRuns: runs(100, 1000) },
    );
    expect(foretold).toBeGreaterThan(100);
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
