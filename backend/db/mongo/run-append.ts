import {
  type AppendEvents,
  assertDense,
  assertRoom,
  branchNotFoundError,
  conflictError,
  describesRun,
  leaseLostError,
  type RunProjection,
  searchText,
} from '@wfm/workflow-engine/ports';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { MongoContext } from './context.ts';
import type { BranchDoc, Effect, RunChanges, RunDoc } from './documents.ts';
import { nameKey, releaseKey, takeKey } from './names.ts';
import { branchDocId, findBranch, lastSeqOf } from './run-branches.ts';
import { entryOf, putValues, taskEffects } from './run-entry.ts';
import { noLease, planClaim } from './run-lease.ts';
import { catchUpById, changeRun, type Plan, withoutEvents } from './run-log.ts';

type Fork = NonNullable<AppendEvents['newBranch']>;

/** `RunStore.append`: one look at the run, one entry, one change of the run. */
export function appendEvents(context: MongoContext, params: AppendEvents): Promise<{ fence: number | null }> {
  return changeRun(context, params.runId, (run) => planAppend(context, params, run));
}

async function planAppend(
  context: MongoContext,
  params: AppendEvents,
  run: RunDoc,
): Promise<Plan<{ fence: number | null }>> {
  const { runId, branchId, expectedSeq, events, newBranch, projection } = params;
  if (params.fence !== undefined && (run.executor === null || run.fence !== params.fence)) throw leaseLostError(runId);
  const lastSeq = newBranch
    ? await checkFork(context, params, newBranch, run)
    : await lastSeqOf(context, run, branchId);
  const expectedId = params.expectCurrent ?? run.current_branch_id;
  if (lastSeq !== expectedSeq || expectedId !== run.current_branch_id) throw conflictError(runId, expectedSeq, lastSeq);
  const currentId = newBranch ? branchId : (projection.current_branch_id ?? run.current_branch_id);
  if (currentId !== branchId && describesRun(projection)) throw conflictError(runId, expectedSeq, lastSeq);
  assertDense(events, { runId, branchId, afterSeq: expectedSeq });
  assertRoom({
    events,
    storedEvents: run.event_count,
    storedBranches: run.branch_count,
    newBranch: newBranch !== undefined,
  });

  const { changes, outbox, fence } = effectsOf(context, params, run, currentId);
  const effects = [...(await taskEffects(context, params.tasks)), ...outbox, { kind: 'set', changes } as const];
  await putValues(context, runId, params.values ?? []);
  const append = { branchId, events, calls: params.calls ?? [], outbox: effects };
  return { ...(await entryOf(context, run, append)), answer: { fence } };
}

/** What follows for the run's row, its names and its branches. */
function effectsOf(
  { clock, leases }: MongoContext,
  params: AppendEvents,
  run: RunDoc,
  currentId: string,
): { changes: RunChanges; outbox: Effect[]; fence: number | null } {
  const { runId, branchId, expectedSeq, events, newBranch, projection } = params;
  const time = events.at(-1)?.time ?? clock.now().toISOString();
  const outbox: Effect[] = nameEffects(run, projection);
  const changes: RunChanges = {
    ...projected(projection),
    event_count: run.event_count + events.length,
    updated_at: time,
    current_branch_id: currentId,
  };
  if (currentId === branchId) changes.last_seq = expectedSeq + events.length;
  if (newBranch) {
    changes.branch_count = run.branch_count + 1;
    const branch: BranchDoc = {
      ...newBranch,
      _id: branchDocId(runId, branchId),
      run_id: runId,
      branch_id: branchId,
      no: run.no + 1,
      name: null,
      created_at: events[0]?.time ?? time,
    };
    outbox.push({ kind: 'branch', branch });
  }
  const release = params.release === true && params.fence !== undefined;
  if (release) Object.assign(changes, noLease);
  const claimed = params.claim ? planClaim(release ? { ...run, ...noLease } : run, leases, params.claim) : null;
  if (claimed) Object.assign(changes, claimed);
  return { changes, outbox, fence: claimed?.fence ?? null };
}

/** Checks a new branch; where its line ends before its first own event. */
async function checkFork(context: MongoContext, params: AppendEvents, fork: Fork, run: RunDoc): Promise<number> {
  const { runId, branchId, expectedSeq } = params;
  if (await findBranch(context, { runId, branchId }))
    throw conflictError(runId, expectedSeq, await lastSeqOf(context, run, branchId));
  if (fork.parent_branch_id === null) throw branchNotFoundError('');
  const parentSeq = await lastSeqOf(context, run, fork.parent_branch_id);
  if (fork.fork_seq > parentSeq || fork.fork_seq < 0) throw conflictError(runId, fork.fork_seq, parentSeq);
  return fork.fork_seq;
}

function projected(projection: RunProjection): RunChanges {
  const { status, progress, status_fields, error, interaction_id, version_id } = projection;
  const changes: RunChanges = {};
  if (status !== undefined) changes.status = status;
  if (progress !== undefined) changes.progress = JSON.stringify(progress);
  if (status_fields !== undefined) changes.status_fields = JSON.stringify(status_fields);
  if (error !== undefined) changes.error = error === null ? null : JSON.stringify(error);
  if (interaction_id !== undefined) changes.interaction_id = interaction_id;
  if (version_id !== undefined) changes.version_id = version_id;
  return changes;
}

function nameEffects(run: RunDoc, { active_name: wish }: RunProjection): Effect[] {
  if (wish === 'release' && run.active_name !== null)
    return [{ kind: 'release_name', key: nameKey(run, run.active_name) }];
  if (wish === 'take' && run.active_name === null && run.parent_run_id === null)
    return [{ kind: 'take_name', key: nameKey(run, run.project_name), name: run.project_name }];
  return [];
}

/** `RunStore.rename`. The new name is taken before the entry is tried, so that a taken one is refused. */
export async function renameRun(
  context: MongoContext,
  { runId, projectName }: { runId: string; projectName: string },
): Promise<void> {
  await changeRun(context, runId, async (run) => {
    const changes: RunChanges = {
      project_name: projectName,
      search: searchText({ project_name: projectName, template_name: run.template_name }),
    };
    const no = run.no + 1;
    if (run.active_name === null || run.active_name === projectName)
      return { entry: withoutEvents(no, [{ kind: 'set', changes }]), answer: null };
    const wanted = { _id: nameKey(run, projectName), run_id: runId, no };
    const { taken } = await takeKey(context, wanted, { lookUp: (id) => catchUpById(context, id, [runId]) });
    if (!taken) {
      throw new WfmError('conflict', 'Another active run of this workflow has that name. Choose a different one.', {
        params: { project_name: projectName },
      });
    }
    const outbox: Effect[] = [
      { kind: 'release_name', key: nameKey(run, run.active_name) },
      { kind: 'take_name', key: wanted._id, name: projectName },
      { kind: 'set', changes },
    ];
    return { entry: withoutEvents(no, outbox), answer: null, undo: () => releaseKey(context, wanted) };
  });
}
