import type { CompiledVersion } from '../../definition/compile-version.ts';
import { WfmError } from '../../errors/index.ts';
import type { ContentStore } from '../../ports/content-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { Decision, LoadedRun, Reconcile } from '../commands.ts';
import { checkTarget } from '../navigation.ts';
import type { PerformDeps } from '../begin-module.ts';
import type { RunLoader } from '../run-loader.ts';
import type { HydratedEvent } from '../run-state.ts';
import { identityOf } from '../workflow-context.ts';
import { type HoldingPrefix, holdingPrefix } from './holding-prefix.ts';
import { planIdOf, switchVersion } from './switch-version.ts';

export interface ReconcileDeps {
  runs: RunStore;
  loader: RunLoader;
  perform: PerformDeps;
  stores: { runs: RunStore; content: ContentStore };
}

/** The line of a run with every event ready to be folded. */
async function hydratedLine({ runs, loader }: ReconcileDeps, { state }: LoadedRun): Promise<HydratedEvent[]> {
  const events = await runs.readLine({
    runId: state.runId,
    branchId: state.branchId,
    afterSeq: -1,
    upToSeq: state.lastSeq,
  });
  return Promise.all(events.map((event) => loader.hydrate(event)));
}

/** How much of the run's line the version would have written alike. */
export async function prefixFor(
  deps: ReconcileDeps,
  run: LoadedRun,
  version: CompiledVersion,
  options: Pick<Reconcile, 'autoReapply' | 'force' | 'aiConfig'>,
): Promise<HoldingPrefix> {
  return holdingPrefix({
    line: await hydratedLine(deps, run),
    version,
    run: identityUnder(run, version, options),
    llm: deps.perform.ports.llm,
    readOutputs: deps.perform.readOutputs,
    force: new Set(options.force ?? []),
    autoReapply: options.autoReapply !== false,
  });
}

/** The run's identity as the version's own `config` makes it. */
export function identityUnder(
  { row, state, identity }: LoadedRun,
  version: CompiledVersion,
  { aiConfig }: Pick<Reconcile, 'aiConfig'>,
) {
  const created = { ...state.created, config: version.workflow.config };
  return identityOf(row.workflow_run_id, row.user_id, row.template_id, created, aiConfig, identity.modeOf);
}

/**
 * Decides how a run moves to a version (format.md 10.7): not at all when it is there already and nothing is forced,
 * else by `version_switched`, on a new line where the old one does not hold. Throws `plan_stale` when the plan that was
 * confirmed is not the one that would be carried out, `step_not_found`, `module_not_found`.
 */
export async function decideReconcile(
  deps: ReconcileDeps,
  params: Reconcile,
  run: LoadedRun,
  version: CompiledVersion,
): Promise<Decision> {
  const target = params.target ?? null;
  if (target) checkTarget(version, target.stepId, target.moduleName);
  const planId = planIdOf(run.state, version, target);
  if (params.planId !== undefined && params.planId !== planId) {
    throw new WfmError('plan_stale', 'The run has moved since the plan was made; make a new one.', {
      params: { plan_id: params.planId },
    });
  }
  const prefix = await prefixFor(deps, run, version, params);
  if (prefix.whole && run.state.versionId === version.versionId) return {};
  const switched = await switchVersion({
    run,
    version,
    prefix,
    planId,
    autoReapply: params.autoReapply !== false,
    force: params.force ?? [],
    loader: deps.loader,
    clock: deps.perform.clock,
    ids: deps.perform.ids,
  });
  return { switchTo: { switched, version, identity: identityUnder(run, version, params) }, interrupt: true };
}
