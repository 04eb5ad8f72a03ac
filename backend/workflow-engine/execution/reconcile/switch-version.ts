import type { CompiledVersion } from '../../definition/compile-version.ts';
import type { EventOf, RunEvent } from '../../events/run-event.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import { canonicalJson } from '../../definition/canonical-json.ts';
import type { LoadedRun } from '../commands.ts';
import { applyEvent } from '../evolve.ts';
import { contentHash } from '../hash.ts';
import type { RunLoader } from '../run-loader.ts';
import type { HydratedEvent, RunState } from '../run-state.ts';
import type { HoldingPrefix } from './holding-prefix.ts';
import type { Switch } from './switch.ts';

/** Names a plan: what stood when it was made, and what it leads to (format.md 10.7.9). */
export function planIdOf(
  state: RunState,
  version: CompiledVersion,
  target: { stepId: string; moduleName: string } | null,
): string {
  return contentHash([state.branchId, state.lastSeq, version.versionId, target]);
}

export interface SwitchOptions {
  run: LoadedRun;
  version: CompiledVersion;
  prefix: HoldingPrefix;
  planId: string;
  autoReapply: boolean;
  force: readonly string[];
  loader: RunLoader;
  clock: Clock;
  ids: Ids;
}

/**
 * The events with which a run moves to a version: only `version_switched` where the whole line holds, else a new line
 * from the last event that does (format.md 10.7.6, 10.7.8). The line that is left stays as it is.
 */
export async function switchVersion(options: SwitchOptions): Promise<Switch> {
  const { run, version, prefix, loader } = options;
  const { state: left } = run;
  const time = options.clock.now().toISOString();
  const switched: EventOf<'version_switched'>['data'] = {
    from: left.versionId,
    to: version.versionId,
    plan_id: options.planId,
  };
  const { initial_state, config } = version.workflow;
  if (canonicalJson(initial_state) !== canonicalJson(left.created.initial_state))
    switched.initial_state = initial_state;
  if (canonicalJson(config) !== canonicalJson(left.created.config)) switched.config = config;
  const base = { workflow_run_id: left.runId, time, version_id: version.versionId };
  if (prefix.whole) {
    const state = await loader.loadOwned(left.runId, left.branchId, left.lastSeq);
    const event: RunEvent = {
      ...base,
      branch_id: left.branchId,
      seq: left.lastSeq + 1,
      type: 'version_switched',
      data: switched,
    };
    applyEvent(state, { event });
    return { branchId: left.branchId, expectedSeq: left.lastSeq, events: [event], newBranch: null, state };
  }
  const branchId = options.ids.uuid();
  const state = await loader.loadOwned(left.runId, left.branchId, prefix.forkSeq);
  const created: HydratedEvent = {
    left,
    event: {
      ...base,
      branch_id: branchId,
      seq: prefix.forkSeq + 1,
      type: 'branch_created',
      data: {
        kind: 'reconcile',
        parent_branch_id: left.branchId,
        fork_seq: prefix.forkSeq,
        state_seq: left.lastSeq,
        plan_id: options.planId,
        ...(options.autoReapply ? {} : { auto_reapply: false }),
        ...(options.force.length > 0 ? { force: [...options.force] } : {}),
      },
    },
  };
  const second: RunEvent = {
    ...base,
    branch_id: branchId,
    seq: prefix.forkSeq + 2,
    type: 'version_switched',
    data: switched,
  };
  applyEvent(state, created);
  applyEvent(state, { event: second });
  return {
    branchId,
    expectedSeq: prefix.forkSeq,
    events: [created.event, second],
    newBranch: { parent_branch_id: left.branchId, fork_seq: prefix.forkSeq, kind: 'reconcile' },
    state,
  };
}
