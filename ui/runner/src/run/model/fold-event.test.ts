import { interactionHistory, runOverview } from '@wfm/workflow-engine';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import {
  answerFor,
  createRig,
  createTestClock,
  type EngineRig,
  type GeneratedWorkflow,
  generatedWorkflow,
  runs,
} from '@wfm/workflow-engine/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldEvent, type LogEvent } from './fold-event.ts';
import type { HistoryRecord, Overview } from './run-api.ts';
import { RunModel } from './run-model.ts';

/** A run as its page reads it, with an engine behind it instead of a server. */
interface Reading {
  status: WorkflowResponse;
  overview: Overview;
  history: { items: HistoryRecord[]; next_cursor: string | null };
}

function rigOf(): EngineRig {
  const clock = createTestClock();
  return createRig({ database: createMemoryDatabase({ clock }), clock });
}

async function read({ processor, userId }: EngineRig, runId: string): Promise<Reading> {
  const run = await processor.load({ runId });
  return {
    status: await processor.status({ runId, userId }),
    overview: { run: run.row, ...(await runOverview(processor, run)) } as unknown as Overview,
    history: await interactionHistory(processor, run, { limit: 200, order: 'desc' }),
  };
}

function modelOf(status: WorkflowResponse, overview: Overview, history: Reading['history']): RunModel {
  const model = new RunModel();
  model.reset(status, overview, history);
  return model;
}

async function freshModel(rig: EngineRig, runId: string): Promise<RunModel> {
  const { status, overview, history } = await read(rig, runId);
  return modelOf(status, overview, history);
}

/** What a page draws of it. */
function drawn(model: RunModel): unknown {
  const { status, modules, cards, executions } = model;
  const { message: _message, engine: _engine, interaction_request: request, progress, ...rest } = status!;
  // The row of a run is not told by its events; which module comes next is known once it begins.
  const { current_module: _next, current_step: _step, ...place } = progress;
  const { display_data: _old, ...question } = (request ?? {}) as Record<string, unknown>;
  return JSON.parse(
    JSON.stringify({ ...rest, place, question, modules: [...modules], cards, executions, version: model.versionId }),
  );
}

/** Answers until the run has ended, and calls back whenever it rests. */
async function drive(
  rig: EngineRig,
  { workflow, choices }: GeneratedWorkflow,
  atRest: (runId: string) => Promise<void>,
): Promise<void> {
  let response = await rig.start(workflow);
  for (let asked = 0; response.interaction_request && asked < 60; asked += 1) {
    await atRest(response.workflow_run_id ?? '');
    response = await rig.respond(response, answerFor(response.interaction_request, choices[asked]));
  }
  await atRest(response.workflow_run_id ?? '');
}

const after = async (rig: EngineRig, runId: string, seq: number): Promise<LogEvent[]> =>
  (await rig.events(runId)).filter((event) => event.seq > seq);

describe('2.7 what the stream tells makes of the page what a fresh load would', () => {
  it('folded on from each place where the run rested; where the line changed it is read anew', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(), async (generated) => {
        const rig = rigOf();
        let model: RunModel | null = null;
        await drive(rig, generated, async (runId) => {
          const now = await read(rig, runId);
          const fresh = modelOf(now.status, now.overview, now.history);
          if (model?.status?.branch_id === now.status.branch_id) {
            for (const event of await after(rig, runId, model.status.last_seq)) foldEvent(model, event);
            expect(drawn(model)).toEqual(drawn(fresh));
          } else model = fresh;
        });
      }),
      { numRuns: runs(60, 1000) },
    );
  });

  it('also where its parts were read at different moments, and some events come again', async () => {
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(), async (generated) => {
        const rig = rigOf();
        let before: Reading | null = null;
        await drive(rig, generated, async (runId) => {
          const now = await read(rig, runId);
          if (before?.status.branch_id === now.status.branch_id) {
            const mixed = modelOf(before.status, now.overview, now.history);
            for (const event of await after(rig, runId, before.status.last_seq)) foldEvent(mixed, event);
            expect(drawn(mixed)).toEqual(drawn(modelOf(now.status, now.overview, now.history)));
          }
          before = now;
        });
      }),
      { numRuns: runs(60, 1000) },
    );
  });

  it('through a failure, a new try, a question that is left open, and the end by hand', async () => {
    const rig = rigOf();
    const steps = [
      {
        step_id: 's',
        modules: [
          { module_id: 'user.text_input', name: 'ask', inputs: { prompt: 'File?' }, outputs_to_state: { value: 'f' } },
          { module_id: 'io.load_json', name: 'load', inputs: { file_path: '{{ state.f }}' } },
        ],
      },
      { step_id: 't', modules: [{ module_id: 'user.pause', name: 'wait', inputs: {} }] },
    ];
    const started = await rig.start({ format: 2, workflow_id: 'w', steps });
    const runId = started.workflow_run_id ?? '';
    const model = await freshModel(rig, runId);
    const { userId, processor } = rig;
    const acts: (() => Promise<unknown>)[] = [
      () => rig.respond(started, { value: 'none.json' }),
      () => processor.resume({ runId, userId, sessionId: 's', waitMs: 5_000 }),
      () => processor.cancel({ runId, userId, sessionId: 's', waitMs: 5_000 }),
    ];
    for (const act of acts) {
      await act();
      for (const event of await after(rig, runId, model.status!.last_seq)) foldEvent(model, event);
      expect(drawn(model)).toEqual(drawn(await freshModel(rig, runId)));
    }
    const waiting = await rig.start({ format: 2, workflow_id: 'v', steps: steps.slice(1) }, { projectName: 'other' });
    const open = await freshModel(rig, waiting.workflow_run_id ?? '');
    await processor.cancel({ runId: waiting.workflow_run_id ?? '', userId, sessionId: 's', waitMs: 5_000 });
    for (const event of await after(rig, waiting.workflow_run_id ?? '', open.status!.last_seq)) foldEvent(open, event);
    expect(open.cards).toMatchObject([{ status: 'closed' }]);
    expect(drawn(open)).toEqual(drawn(await freshModel(rig, waiting.workflow_run_id ?? '')));
  });
});
