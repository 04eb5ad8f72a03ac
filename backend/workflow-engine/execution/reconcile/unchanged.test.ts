import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionIdOf } from '../../definition/canonical-json.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import type { JsonObject } from '../../models/json.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { answerFor, generatedWorkflow } from '../../testing/generated-workflow.ts';
import { liveClock } from '../../testing/live-clock.ts';
import { runs } from '../../testing/runs.ts';
import { reopenQuestion } from '../branches/reopen.ts';
import { switchBranch } from '../branches/switch-branch.ts';

/** What a person does between two answers; `at` says which question or branch. */
const deed = fc.record({
  kind: fc.constantFrom('comment', 'same', 'reopen', 'return', 'answer', 'answer', 'answer'),
  at: fc.nat({ max: 20 }),
});

class Session {
  readonly rig: EngineRig;
  readonly #workflow: JsonObject;
  #comments = 0;
  now: WorkflowResponse;

  constructor(rig: EngineRig, workflow: JsonObject, now: WorkflowResponse) {
    this.rig = rig;
    this.#workflow = workflow;
    this.now = now;
  }

  get #caller() {
    return {
      userId: this.rig.userId,
      sessionId: 's',
      waitMs: 20_000,
      runId: this.now.workflow_run_id ?? '',
    };
  }

  async branches() {
    return this.rig.database.runs.branches({ runId: this.#caller.runId });
  }

  /** The same workflow, or one that differs by a comment, becomes the run's version; nothing else may come of it. */
  async reconcile(change: 'comment' | 'same'): Promise<void> {
    if (change === 'comment') this.#comments += 1;
    const definition = { ...this.#workflow, comment: `number ${this.#comments}` };
    const versionId = versionIdOf(definition);
    await this.rig.database.definitions.keepDefinition({ versionId, definition });
    const before = {
      branches: (await this.branches()).length,
      calls: this.rig.llm.calls.length,
      open: this.now.interaction_request?.interaction_id,
    };
    this.now = await this.rig.processor.reconcile({ ...this.#caller, versionId });
    expect({
      branches: (await this.branches()).length,
      calls: this.rig.llm.calls.length,
      open: this.now.interaction_request?.interaction_id,
    }).toEqual(before);
  }

  async reopen(at: number): Promise<void> {
    const { state } = await this.rig.processor.load({ runId: this.#caller.runId });
    const questions = [...state.questions.keys()];
    const interactionId = questions[at % Math.max(1, questions.length)];
    if (interactionId !== undefined && !state.ended)
      this.now = await reopenQuestion(this.rig.processor, { ...this.#caller, interactionId });
  }

  async return(at: number): Promise<void> {
    const branches = await this.branches();
    const branchId = branches[at % branches.length]?.branch_id ?? '';
    this.now = await switchBranch(this.rig.processor, { ...this.#caller, branchId });
  }
}

describe('10.7.1 an unchanged version', () => {
  it('holds from end to end, wherever people have been on the line: no branch, no call, no question', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        generatedWorkflow(3),
        fc.array(deed, { minLength: 3, maxLength: 14 }),
        async ({ workflow, choices }, deeds) => {
          const clock = liveClock();
          const rig = createRig({ database: createMemoryDatabase({ clock }), clock });
          const session = new Session(rig, workflow, await rig.start({ ...workflow, comment: 'number 0' }));
          let answers = 0;
          for (const { kind, at } of deeds) {
            const { now } = session;
            if (kind === 'reopen') await session.reopen(at);
            else if (kind === 'return') await session.return(at);
            else if (kind === 'comment' || kind === 'same') await session.reconcile(kind);
            else if (now.interaction_request) {
              session.now = await rig.respond(now, answerFor(now.interaction_request, choices[answers]));
              answers += 1;
            }
            seen.add(`${kind} ${session.now.status}`);
          }
          await session.reconcile('comment');
          await session.reconcile('same');
          const { kind } = (await session.branches()).at(-1) ?? {};
          seen.add(kind ?? '');
          expect(rig.faults).toEqual([]);
        },
      ),
      { numRuns: runs(120, 2000) },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining(['reopen awaiting_input', 'return awaiting_input', 'comment awaiting_input', 'retry']),
    );
    expect(seen).not.toContain('reconcile');
  });
});
