import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SavedPreview } from '@wfm/workflow-engine/mock';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import {
  answerFor,
  applyEdit,
  generatedEdit,
  type EngineRig,
  type GeneratedWorkflow,
  generatedWorkflow,
  runs,
  scriptedLlm,
} from '@wfm/workflow-engine/testing';
import { doAgain } from '../testing/do-again.ts';
import { eventsIn } from '../testing/events-in.ts';
import { createProduction } from '../testing/production.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** Laws of opening and exporting, over runs of generated workflows with retries and jumps (format.md 22). */

interface Opened extends VirtualWorkflowResponse {
  definition: Record<string, unknown>;
}

/** Answers a run to its end, or so many questions. */
async function drive(rig: EngineRig, { workflow, choices }: GeneratedWorkflow, questions = 60): Promise<string> {
  let at = await rig.start(workflow);
  for (let asked = 0; asked < questions && at.interaction_request; asked += 1) {
    at = await rig.respond(at, answerFor(at.interaction_request, choices[asked]));
  }
  return at.workflow_run_id ?? '';
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
async function exported(rig: VirtualRig, { virtual_db }: VirtualWorkflowResponse) {
  const reply = await rig.post('/workflow/export', { virtual_db });
  if (reply.statusCode !== 200) throw new Error(reply.body);
  return reply.json<{ preview: SavedPreview; differs: string[] }>();
}

it('22.6, 22.7 opened at any event a run is what it was then, and goes on to its end without a real call', async () => {
  await fc.assert(
    fc.asyncProperty(generatedWorkflow(3), fc.nat(), async (generated, pick) => {
      const production = createProduction({ llm: scriptedLlm() });
      const rig = await createVirtualRig({ production: production.database });
      const { ada, database } = production;
      const runId = await drive(ada, generated);
      const row = await database.runs.find({ runId });
      const last = row?.last_seq ?? 0;
      const seq = pick % (last + 1);
      const opened = (await rig.preview('/workflow/open', { workflow_run_id: runId, up_to_seq: seq })) as Opened;
      const then = await ada.processor.loader.load(runId, row?.current_branch_id ?? '', seq);
      expect(opened.last_seq).toBe(seq);
      expect(opened.state.state_mapped).toEqual(plain(then.flat));
      const body = { workflow: opened.definition, virtual_db: opened.virtual_db, answers: 'sample' };
      const done = await rig.preview('/workflow/start', body);
      expect(done).toMatchObject({ status: 'completed', mock: true });
      const whole = (await rig.preview('/workflow/open', { workflow_run_id: runId })) as Opened;
      const same = await rig.preview('/workflow/start', { workflow: whole.definition, virtual_db: whole.virtual_db });
      expect(eventsIn(same.virtual_db)).toEqual(eventsIn(whole.virtual_db));
      expect(rig.llm.calls).toHaveLength(0);
      expect(await database.runs.find({ runId })).toEqual(row);
      await rig.close();
    }),
    { numRuns: runs(25, 500) },
  );
});

it('22.8 exported at any point, a run is done again event for event, and no module comes out otherwise', async () => {
  await fc.assert(
    fc.asyncProperty(generatedWorkflow(3), fc.nat({ max: 8 }), async (generated, questions) => {
      const production = createProduction({ llm: scriptedLlm() });
      const rig = await createVirtualRig({ production: production.database });
      const runId = await drive(production.ada, generated, questions);
      const opened = (await rig.preview('/workflow/open', { workflow_run_id: runId })) as Opened;
      const body = { workflow: opened.definition, virtual_db: opened.virtual_db, answers: 'sample' };
      for (const at of [opened, await rig.preview('/workflow/start', body)]) {
        const { preview, differs } = await exported(rig, at);
        expect(differs).toEqual([]);
        expect(await doAgain(preview)).toEqual(preview.events);
      }
      await rig.close();
    }),
    { numRuns: runs(25, 500) },
  );
});

it('22.8 exported after edits, retries and jumps, a preview is done again event for event', async () => {
  await fc.assert(
    fc.asyncProperty(
      generatedWorkflow(2),
      fc.array(fc.tuple(generatedEdit, fc.nat({ max: 3 })), { maxLength: 3 }),
      async (generated, edits) => {
        const rig = await createVirtualRig();
        let workflow = generated.workflow;
        let asked = 0;
        const answered = async (from: VirtualWorkflowResponse, questions: number): Promise<VirtualWorkflowResponse> => {
          let at = from;
          for (let count = 0; count < questions && at.interaction_request; count += 1) {
            const { virtual_db, virtual_run_id, interaction_request: request } = at;
            const response = answerFor(request, generated.choices[asked]);
            asked += 1;
            const body = { workflow, virtual_db, virtual_run_id, interaction_id: request.interaction_id, response };
            at = await rig.preview('/workflow/respond', body);
          }
          return at;
        };
        let at = await answered(await rig.preview('/workflow/start', { workflow, virtual_db: null }), 3);
        for (const [edit, questions] of edits) {
          const edited = applyEdit(workflow, edit);
          const reply = await rig.post('/workflow/start', { workflow: edited, virtual_db: at.virtual_db });
          // An edit may leave a definition that nobody can execute; its author would go on with the one before.
          if (reply.statusCode !== 200) continue;
          workflow = edited;
          at = await answered(reply.json<VirtualWorkflowResponse>(), questions);
        }
        const { preview, differs } = await exported(rig, at);
        expect(differs).toEqual([]);
        expect(await doAgain(preview)).toEqual(preview.events);
        await rig.close();
      },
    ),
    { numRuns: runs(25, 500) },
  );
});
