import { hasCode, toStoredError } from '../../errors/index.ts';
import type { EventDraft, EventOf, RunEvent } from '../../events/run-event.ts';
import type { JsonObject } from '../../models/json.ts';
import type { CreateRun, KeptValue, LeaseClaim } from '../../ports/run-store.ts';
import type { LoadedRun } from '../commands.ts';
import { takeLargeValues } from '../large-values.ts';
import { progressOf, projectionOf } from '../projection.ts';
import type { SubActionHost } from './host.ts';
import { copyState, type RunState } from '../run-state.ts';
import { applyEvent, stateOfCreated } from '../evolve.ts';
import type { CompiledVersion } from '../../definition/compile-version.ts';

/** A child run as its parent knows it: its id is that of the execution. */
export interface ChildRef {
  executionId: string;
  runId: string;
  /** The parent's branch on which it was started. */
  branchId: string;
  kind: 'self' | 'target';
}

/**
 * The hidden run of one execution (format.md 13). A `self_sub_action` has one too, whose lease says that somebody works
 * on it: that is how the sweep finds an execution whose process died (format.md 13.9).
 */
export function newChild(
  parent: LoadedRun,
  made: {
    executionId: string;
    branchId: string;
    time: string;
    engine: string;
    claim: LeaseClaim;
    version: CompiledVersion;
    kind: ChildRef['kind'];
    interactionId: string;
    subActionId: string;
    initialState: JsonObject;
    feedback: string | undefined;
  },
): { create: CreateRun; event: EventOf<'workflow_created'>; child: ChildRef } {
  const { row, state } = parent;
  const { project_name, template_id, template_name, config, mode, ai_config } = state.created;
  const event: EventOf<'workflow_created'> = {
    workflow_run_id: made.executionId,
    branch_id: made.branchId,
    seq: 0,
    type: 'workflow_created',
    time: made.time,
    version_id: made.version.versionId,
    data: {
      project_name,
      ...(template_id === undefined ? {} : { template_id }),
      template_name,
      initial_state: made.initialState,
      config,
      mode,
      ai_config,
      parent: {
        workflow_run_id: row.workflow_run_id,
        interaction_id: made.interactionId,
        sub_action_id: made.subActionId,
        branch_id: state.branchId,
        kind: made.kind,
        ...(made.feedback === undefined ? {} : { feedback: made.feedback }),
      },
    },
  };
  const create: CreateRun = {
    run: {
      workflow_run_id: made.executionId,
      user_id: row.user_id,
      template_id: row.template_id,
      template_name: row.template_name,
      version_id: made.version.versionId,
      project_name: row.project_name,
      parent_run_id: row.workflow_run_id,
      mode: row.mode,
      engine: made.engine,
      // From its first moment, so that the sweep finds it should this process die.
      status: 'processing',
      progress: progressOf(stateOfCreated(event), made.version),
      status_fields: [],
      error: null,
      interaction_id: null,
      created_at: made.time,
      updated_at: made.time,
    },
    branch_id: made.branchId,
    events: [event],
    claim: made.claim,
    forceNew: true,
  };
  const child = {
    executionId: made.executionId,
    runId: row.workflow_run_id,
    branchId: state.branchId,
    kind: made.kind,
  };
  return { create, event, child };
}

/** Whose child a run is; null for one that no sub-action has started. */
export function childRefOf({ row, state }: LoadedRun): ChildRef | null {
  const { parent } = state.created;
  if (row.parent_run_id === null || !parent) return null;
  return {
    executionId: row.workflow_run_id,
    runId: row.parent_run_id,
    branchId: parent.branch_id ?? '',
    kind: parent.kind === 'self' ? 'self' : 'target',
  };
}

/** The end of a child that does not execute to one: cancelled, or a self sub-action's outcome. */
export async function endChild(
  processor: SubActionHost,
  executionId: string,
  end: { result: JsonObject } | { error: unknown } | 'cancelled',
): Promise<void> {
  const { runs } = processor.options.database;
  const draft: EventDraft =
    end === 'cancelled'
      ? { type: 'workflow_cancelled', data: { by: 'parent' } }
      : 'error' in end
        ? { type: 'workflow_error', data: { error: toStoredError(end.error) } }
        : { type: 'workflow_completed', data: { result: end.result } };
  await retried(async () => {
    const row = await runs.find({ runId: executionId });
    if (!row) return;
    const run = await processor.load({ runId: executionId });
    if (run.state.ended || run.state.error) return;
    const state: RunState = copyState(run.state);
    const now = processor.options.clock.now();
    const event = {
      workflow_run_id: executionId,
      branch_id: state.branchId,
      seq: state.lastSeq + 1,
      time: now.toISOString(),
      version_id: state.versionId,
      ...draft,
    } as RunEvent;
    applyEvent(state, { event });
    const values: KeptValue[] = [];
    await runs.append({
      runId: executionId,
      branchId: state.branchId,
      expectedSeq: event.seq - 1,
      events: [takeLargeValues(event, (value) => values.push(value))],
      values,
      projection: projectionOf(state, run.version, { now, timezone: run.identity.timezone }),
    });
  });
}

/** Repeats a compare-and-append that has lost its race, from reading on. */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, 'conflict')) throw error;
    }
  }
}
