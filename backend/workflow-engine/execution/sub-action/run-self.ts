import { hasCode, toStoredError, WfmError } from '../../errors/index.ts';
import { isJsonObject } from '../../models/json.ts';
import { limits } from '../../models/limits.ts';
import { plainJson } from '../../modules/plain-json.ts';
import { withDeadline } from '../deadline.ts';
import { contentHash } from '../hash.ts';
import type { SubActionHost } from './host.ts';
import { withRetries } from '../with-retries.ts';
import { moduleContext } from '../workflow-context.ts';
import { type ChildRef, endChild } from './child-run.ts';
import { enqueueSelf } from './run-task.ts';
import type { SelfWork } from './self-work.ts';
import { settle, type SubActionOutcome } from './settle.ts';

/**
 * Calls the open module's own sub-action and tells the parent how it ended (format.md 13). It cannot be resumed: when
 * the process leaves, only its lease is given back, and whoever sweeps next says that it was interrupted.
 */
export async function runSelfSubAction(processor: SubActionHost, child: ChildRef, work: SelfWork): Promise<void> {
  const { runs } = processor.options.database;
  const lost = new AbortController();
  const timer = setInterval(() => {
    runs
      .renewLease({ runId: child.executionId, fence: work.fence, ttlMs: work.lease.ttlMs })
      .then((kept) => {
        if (!kept) lost.abort(new WfmError('lease_lost', 'Another process has ended this sub-action.'));
      })
      .catch((error: unknown) => processor.options.onFault?.(error, child.runId));
  }, work.lease.renewMs);
  timer.unref();
  const signal = AbortSignal.any([work.signal, lost.signal]);
  try {
    const outcome = await outcomeOf(processor, child, { ...work, signal });
    // A worker does it, and tells the run when it has.
    if (!outcome) return;
    await settle(processor, child, outcome);
    await endChild(
      processor,
      child.executionId,
      'error' in outcome ? { error: outcome.error } : { result: outcome.result },
    );
  } catch (error) {
    if (hasCode(error, 'shutting_down')) return;
    if (!signal.aborted) throw error;
    await endChild(processor, child.executionId, 'cancelled');
  } finally {
    clearInterval(timer);
    await runs.releaseLease({ runId: child.executionId, fence: work.fence }).catch(() => undefined);
  }
}

async function outcomeOf(processor: SubActionHost, child: ChildRef, work: SelfWork): Promise<SubActionOutcome | null> {
  const { deps, progress } = processor;
  const { run, found, signal } = work;
  const { compiled, open } = found;
  const { module } = compiled;
  if (module?.kind !== 'interactive') throw new TypeError('the module has no sub-action');
  const startedAt = deps.clock.monotonicMs();
  const { context, traces } = moduleContext({
    run: run.identity,
    compiled,
    module,
    state: run.state.flat,
    branchId: run.state.branchId,
    branchIds: run.state.branchIds,
    seed: contentHash({ module: module.id, revision: module.revision, sub_action: found.id, params: work.given }),
    now: deps.clock.now(),
    attempt: 1,
    idempotencyKey: contentHash([run.row.workflow_run_id, child.executionId]),
    conversation: work.feedback === undefined ? [] : [{ role: 'user', text: work.feedback }],
    signal,
    ports: deps.ports,
    newId: () => deps.ids.uuid(),
    publish: (update) => progress.publish(child.runId, { ...update, execution_id: child.executionId }),
    elapsedMs: () => Math.round(deps.clock.monotonicMs() - startedAt),
  });
  const asked = {
    inputs: run.state.inputs?.inputs ?? {},
    question: { request: open.request, prepared: open.prepared },
  };
  try {
    const draft = module.subActionTask
      ? await withDeadline(limits.effectMs, signal, async (own) =>
          module.subActionTask?.({ ...context, signal: own }, work.given, asked),
        )
      : undefined;
    if (draft) return await enqueueSelf(processor, child, work, draft, context.idempotencyKey);
    const raw = await withRetries(deps.clock, signal, () =>
      withDeadline(limits.effectMs, signal, async (own) =>
        module.subAction?.({ ...context, signal: own }, work.given, asked),
      ),
    );
    const result = plainJson(raw, `result of ${module.id}`, 'result');
    if (!isJsonObject(result)) {
      throw new WfmError('output_invalid', `The sub-action of ${module.id} must give an object.`, { place: 'result' });
    }
    return { result, source: result, calls: traces.calls, usage: traces.usage, warnings: traces.warnings };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (hasCode(error, 'lease_lost') || hasCode(error, 'storage_unavailable')) throw error;
    return { error: toStoredError(error, { place: found.place, module_id: module.id }) };
  }
}
