import type { CompiledVersion } from '../definition/compile-version.ts';
import { hasCode, WfmError } from '../errors/index.ts';
import type { RunEvent } from '../events/run-event.ts';
import { limits } from '../models/limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import { applyEvent } from './evolve.ts';
import { LineMoved } from './journal.ts';
import { branchEvent } from './navigation.ts';
import { projectionOf } from './projection.ts';
import type { RunLoader } from './run-loader.ts';
import type { RunState } from './run-state.ts';

export interface NewBranchOptions {
  runs: RunStore;
  loader: RunLoader;
  clock: Clock;
  version: CompiledVersion;
  timezone: string;
  /** The executor's; a command has none. */
  fence: number | null;
}

/**
 * Creates the branch that a left line asks for, or finds it made already (format.md 9.8); anybody may, since its id and
 * its first event are decided. `left` is the fold of the line with its departure, and is not changed. Gives the state at
 * the new branch's head, the caller's own. Throws `run_limit`, and `LineMoved` when the run has gone elsewhere meanwhile.
 */
export async function createBranch(options: NewBranchOptions, left: RunState): Promise<RunState> {
  const { runs, loader, clock, version } = options;
  const { runId, departure } = left;
  const draft = departure && branchEvent(departure);
  if (draft?.type !== 'branch_created') throw new TypeError('the line was not left');
  const { fork_seq: forkSeq, parent_branch_id: parentId, kind } = draft.data;
  const state = await loader.loadOwned(runId, parentId, forkSeq);
  const event = {
    workflow_run_id: runId,
    branch_id: departure?.data.new_branch_id,
    seq: forkSeq + 1,
    time: clock.now().toISOString(),
    version_id: version.versionId,
    ...draft,
  } as RunEvent;
  applyEvent(state, { event, left });
  try {
    await runs.append({
      runId,
      branchId: event.branch_id,
      expectedSeq: forkSeq,
      events: [event],
      newBranch: { parent_branch_id: parentId, fork_seq: forkSeq, kind },
      expectCurrent: parentId,
      projection: projectionOf(state, version, { now: clock.now(), timezone: options.timezone }),
      ...(options.fence === null ? {} : { fence: options.fence }),
    });
    return state;
  } catch (error) {
    // Somebody before us made it: their branch is the same, event for event.
    if (!hasCode(error, 'conflict')) throw error;
    const branch = (await runs.branches({ runId })).find((row) => row.branch_id === event.branch_id);
    if (!branch) throw new LineMoved();
    return loader.loadOwned(runId, event.branch_id, branch.last_seq);
  }
}

/** Throws `run_limit` before a line is left for a branch that the run has no room for (format.md 23). */
export async function assertBranchRoom(runs: RunStore, runId: string): Promise<void> {
  const limit = limits.branchesPerRun;
  const actual = (await runs.branches({ runId })).length + 1;
  if (actual <= limit) return;
  throw new WfmError('run_limit', `A run holds at most ${limit} branches; this one would hold ${actual}.`, {
    params: { what: 'branches', limit, actual },
  });
}
