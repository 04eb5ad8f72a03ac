import { v7 } from 'uuid';
import type { RunEvent } from '../events/run-event.ts';
import type { AppendEvents, CreateRun, RunRow, RunStore } from '../ports/run-store.ts';

/** Small valid runs and events for tests of stores. */

const time = '2026-01-01T00:00:00.000Z';

interface EventPlace {
  runId: string;
  branchId: string;
  seq: number;
  time?: string;
}

/** Event 0 of a run. */
export function sampleCreated(place: Omit<EventPlace, 'seq'>): RunEvent {
  return {
    ...envelope({ ...place, seq: 0 }),
    type: 'workflow_created',
    data: { project_name: 'p', template_name: 't', initial_state: {}, config: {}, mode: 'real', ai_config: {} },
  };
}

/** A small event that any line may hold; `name` tells one from another. */
export function sampleEvent(place: EventPlace, name = `step ${place.seq}`): RunEvent {
  return { ...envelope(place), type: 'step_started', step_id: 's', data: { index: 0, name } };
}

/** `count` small events from `seq` on. */
export function sampleEvents(place: EventPlace, count: number): RunEvent[] {
  return Array.from({ length: count }, (_, index) => sampleEvent({ ...place, seq: place.seq + index }));
}

/** Parameters of a run with one event, waiting to be executed. */
export function sampleRun(
  changes: Partial<CreateRun['run']> = {},
  rest: Partial<Omit<CreateRun, 'run'>> = {},
): CreateRun {
  const runId = changes.workflow_run_id ?? v7();
  const branchId = rest.branch_id ?? v7();
  return {
    run: {
      workflow_run_id: runId,
      user_id: 'user-1',
      template_id: 'template-1',
      template_name: 'Template',
      version_id: 'sha256:00',
      project_name: `project ${runId}`,
      parent_run_id: null,
      mode: 'real',
      engine: '0.1.0',
      status: 'processing',
      progress: { current_step: null, current_module: null, completed_steps: [], total_steps: 1, step_index: 0 },
      status_fields: [],
      error: null,
      interaction_id: null,
      created_at: time,
      updated_at: time,
      ...changes,
    },
    branch_id: branchId,
    events: [sampleCreated({ runId, branchId })],
    forceNew: false,
    ...rest,
  };
}

/** Creates a run; its row, its first branch, and the fence when the parameters claim. */
export async function startSample(
  runs: RunStore,
  changes: Partial<CreateRun['run']> = {},
  rest: Partial<Omit<CreateRun, 'run'>> = {},
): Promise<{ runId: string; branchId: string; run: RunRow; fence: number | null }> {
  const { run, fence } = await runs.create(sampleRun(changes, rest));
  return { runId: run.workflow_run_id, branchId: run.current_branch_id, run, fence };
}

/** An append of `count` small events after `expectedSeq`. */
export function sampleAppend(
  place: { runId: string; branchId: string; expectedSeq: number },
  count = 1,
  rest: Partial<AppendEvents> = {},
): AppendEvents {
  const { runId, branchId, expectedSeq } = place;
  const events = sampleEvents({ runId, branchId, seq: expectedSeq + 1 }, count);
  return { runId, branchId, expectedSeq, events, projection: {}, ...rest };
}

/** An append that makes a branch; its first event is `branch_created`. */
export function sampleFork(
  place: { runId: string; parentId: string; forkSeq: number; branchId?: string },
  count = 1,
): AppendEvents {
  const { runId, parentId, forkSeq } = place;
  const branchId = place.branchId ?? v7();
  const first: RunEvent = {
    ...envelope({ runId, branchId, seq: forkSeq + 1 }),
    type: 'branch_created',
    data: { kind: 'retry', parent_branch_id: parentId, fork_seq: forkSeq },
  };
  return {
    runId,
    branchId,
    expectedSeq: forkSeq,
    events: [first, ...sampleEvents({ runId, branchId, seq: forkSeq + 2 }, count - 1)],
    newBranch: { parent_branch_id: parentId, fork_seq: forkSeq, kind: 'retry' },
    projection: {},
  };
}

function envelope(place: EventPlace) {
  return {
    workflow_run_id: place.runId,
    branch_id: place.branchId,
    seq: place.seq,
    time: place.time ?? time,
    version_id: 'sha256:00',
  };
}
