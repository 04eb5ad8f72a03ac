import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@wfm/db';
import { stateTree, switchBranch } from '@wfm/workflow-engine';
import { isWfmError } from '@wfm/workflow-engine/errors';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { createRig, createTestClock, type EngineRig, runs, type StoreSetup } from '@wfm/workflow-engine/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { startMongoServer, withDatabase } from '../support/mongo.ts';
import { modules, RunModel, type Verdict, workflow } from './run-model.ts';

type Command =
  | { readonly kind: 'answer'; readonly value: string }
  | { readonly kind: 'answer_again' | 'cancel' | 'sweep' }
  | { readonly kind: 'retry' | 'jump'; readonly target: number }
  | { readonly kind: 'switch'; readonly branch: number };

const target = fc.nat({ max: modules.length - 1 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('answer' as const), value: fc.constantFrom('x', 'y', 'z') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('retry' as const, 'jump' as const), target }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('switch' as const), branch: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('answer_again' as const, 'sweep' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const) }) },
);

/** The codes by which commands are refused in a test where nothing else may go wrong. */
async function refusals(act: () => Promise<void>): Promise<Verdict> {
  try {
    await act();
    return 'done';
  } catch (error) {
    if (isWfmError(error) && (error.code === 'run_ended' || error.code === 'target_not_executed')) return error.code;
    throw error;
  }
}

/** One real run, driven like the model. */
class RealRun {
  /** In the order in which they were made, as the model counts them. */
  readonly branchIds: string[] = [];
  private last: WorkflowResponse;
  private answered: { interactionId: string; value: string } | null = null;
  private readonly rig: EngineRig;

  constructor(rig: EngineRig, started: WorkflowResponse, branchId: string) {
    this.rig = rig;
    this.last = started;
    this.branchIds.push(branchId);
  }

  static async start(rig: EngineRig): Promise<RealRun> {
    const started = await rig.start(workflow);
    const row = await rig.database.runs.find({ runId: started.workflow_run_id ?? '' });
    return new RealRun(rig, started, row?.current_branch_id ?? '');
  }

  get runId(): string {
    return this.last.workflow_run_id ?? '';
  }

  private get caller() {
    return { userId: this.rig.userId, sessionId: 'one', waitMs: 20_000, runId: this.runId };
  }

  async answer(value: string): Promise<Verdict> {
    const interactionId = this.last.interaction_request?.interaction_id;
    if (interactionId === undefined) return 'nothing_asked';
    this.answered = { interactionId, value };
    this.last = await this.rig.respond(this.last, { value });
    return 'done';
  }

  /** The answer that came last, sent again by somebody who saw nothing of the first: refused, or found to be the same. */
  async answerAgain(): Promise<void> {
    if (!this.answered) return;
    const { interactionId, value } = this.answered;
    const sent = this.rig.processor.respond({ ...this.caller, interactionId, answer: { value: `${value}!` } });
    await expect(sent).rejects.toSatisfy(isWfmError);
  }

  depart(mode: 'retry' | 'jump', place: number): Promise<Verdict> {
    const { step = '', name = '' } = modules[place] ?? {};
    return refusals(async () => {
      this.last = await this.rig.processor.depart({ ...this.caller, mode, stepId: step, moduleName: name });
      await this.noteBranch();
    });
  }

  async switchTo(branch: number): Promise<Verdict> {
    const branchId = this.branchIds[branch % this.branchIds.length] ?? '';
    this.last = await switchBranch(this.rig.processor, { ...this.caller, branchId });
    // What was answered there, or on the line that was left, may be asked again there.
    this.answered = null;
    return 'done';
  }

  cancel(): Promise<Verdict> {
    return refusals(async () => {
      this.last = await this.rig.processor.cancel(this.caller);
    });
  }

  async sweep(): Promise<void> {
    await this.rig.processor.sweep();
  }

  private async noteBranch(): Promise<void> {
    const row = await this.rig.database.runs.find({ runId: this.runId });
    const current = row?.current_branch_id ?? '';
    if (this.branchIds.includes(current)) throw new Error('a departure makes a branch of its own');
    this.branchIds.push(current);
    this.answered = null;
  }

  /** What the model says too. */
  async seen() {
    const { processor, database } = this.rig;
    const row = await database.runs.find({ runId: this.runId });
    const asked = row?.interaction_id == null ? undefined : this.last.interaction_request?.step_context.module_name;
    const run = await processor.load({ ...this.caller });
    const { state_mapped: flat } = await stateTree(processor, run, () => null);
    const line = await this.rig.events(this.runId);
    expect(line.map((event) => event.seq)).toEqual(line.map((_event, index) => index));
    return {
      status: row?.status,
      current: this.branchIds.indexOf(row?.current_branch_id ?? ''),
      branches: (await database.runs.branches({ runId: this.runId })).length,
      asks: asked ?? null,
      flat,
    };
  }
}

const statusOf = { waiting: 'awaiting_input', completed: 'completed', cancelled: 'cancelled' };

function expectedOf(model: RunModel): Awaited<ReturnType<RealRun['seen']>> {
  const { branch, current, branches } = model;
  return {
    status: statusOf[branch.status] as 'completed',
    current,
    branches: branches.length,
    asks: branch.status === 'waiting' ? (modules[branch.at]?.name ?? null) : null,
    flat: { ...branch.flat },
  };
}

/** Carries out a command on both sides; what they say of it is the same. */
async function both(model: RunModel, real: RealRun, next: Command): Promise<void> {
  switch (next.kind) {
    case 'answer':
      return expect(await real.answer(next.value)).toBe(model.answer(next.value));
    case 'retry':
    case 'jump':
      return expect(await real.depart(next.kind, next.target)).toBe(model.depart(next.kind, next.target));
    case 'switch':
      return expect(await real.switchTo(next.branch)).toBe(model.switchTo(next.branch));
    case 'cancel':
      return expect(await real.cancel()).toBe(model.cancel());
    case 'answer_again':
      return real.answerAgain();
    case 'sweep':
      return real.sweep();
  }
}

async function live(setup: StoreSetup, commands: readonly Command[]): Promise<void> {
  const rig = createRig({ database: setup.database, clock: setup.clock });
  try {
    const real = await RealRun.start(rig);
    const model = new RunModel();
    expect(await real.seen()).toEqual(expectedOf(model));
    for (const next of commands) {
      await both(model, real, next);
      expect(await real.seen()).toEqual(expectedOf(model));
    }
    // Every line is still what it was when it was left.
    for (const branch of model.branches.keys()) {
      await both(model, real, { kind: 'switch', branch });
      expect(await real.seen()).toEqual(expectedOf(model));
    }
    expect(rig.faults).toEqual([]);
  } finally {
    await rig.processor.close();
  }
}

const mongo = await startMongoServer();
afterAll(() => mongo.server?.stop());

/** A database in a directory of its own: a file there, or one on the server of `uri`. */
async function open(uri?: string): Promise<StoreSetup> {
  const clock = createTestClock();
  const dataDir = mkdtempSync(join(tmpdir(), 'wfm-model-'));
  const name = `wfm_test_${randomUUID().slice(0, 8)}`;
  const atMongo = uri === undefined ? {} : { mongo: { uri: withDatabase(uri, name), database: name } };
  const database = await openDatabase({ dataDir, clock, role: 'owner', ...atMongo });
  return {
    database,
    clock,
    async close() {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Sequences of each adapter, in CI and nightly (security.md R10). */
const adapters = [
  {
    name: 'memory',
    missing: '',
    sequences: runs(200, 2_000),
    open: async (): Promise<StoreSetup> => {
      const clock = createTestClock();
      const database = createMemoryDatabase({ clock });
      return { database, clock, close: () => database.close() };
    },
  },
  { name: 'SQLite', missing: '', sequences: runs(100, 2_000), open: () => open() },
  { name: 'MongoDB', missing: mongo.missing, sequences: runs(50, 2_000), open: () => open(mongo.server?.uri ?? '') },
];

describe.each(adapters)('R10 a run is what the model of it says, $name', ({ missing, sequences, open: opened }) => {
  it.skipIf(missing !== '')(
    `R10 commands in any order give the same status, state and branches ${missing}`,
    async () => {
      // Runs do not see each other, so one database serves all of them.
      const setup = await opened();
      try {
        const sequence = fc.array(command, { minLength: 1, maxLength: 25 });
        await fc.assert(
          fc.asyncProperty(sequence, (commands) => live(setup, commands)),
          { numRuns: sequences },
        );
      } finally {
        await setup.close();
      }
    },
    runs(120_000, 1_200_000),
  );
});
