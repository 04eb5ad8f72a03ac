import type { CompiledModule } from '../../definition/compile-version.ts';
import { fromStoredError, WfmError } from '../../errors/index.ts';
import { limits } from '../../models/limits.ts';
import { isJsonObject } from '../../models/json.ts';
import type { JobModule } from '../../modules/module.ts';
import type { Answered } from '../answerer.ts';
import { begin, type PerformDeps, type Performance } from '../begin-module.ts';
import { withDeadline } from '../deadline.ts';
import { callOf } from '../module-call.ts';
import { completeModule, failModule, keepCalls, type Started } from '../outcome.ts';
import { notRegistered } from '../prepare-module.ts';
import { type FinishedTask, moduleKey } from '../run-state.ts';
import { withRetries } from '../with-retries.ts';
import { modeOfModule } from '../workflow-context.ts';
import { enqueuedData, newTask } from './new-task.ts';

/** Outputs that a preview puts in place of a module's work, if it does (format.md 17.2). */
export async function answeredInstead(
  deps: PerformDeps,
  { journal, run, signal }: Performance,
  compiled: CompiledModule,
  started: Started,
): Promise<Answered | null> {
  const call = callOf({ run, flat: journal.state.flat }, compiled, started.module, started);
  return withRetries(deps.clock, signal, async () => (await deps.answerer.instead?.(call)) ?? null);
}

/** The first phase of a job: its task goes into the queue in the commit of `task_enqueued` (format.md 10.3.1). */
export async function enqueueJob(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  module: JobModule,
  started: Started,
): Promise<void> {
  const { journal, run, signal } = performance;
  const instead = await answeredInstead(deps, performance, compiled, started);
  if (instead) {
    started.traces.warnings.push(...(instead.warnings ?? []));
    completeModule(deps.clock, journal, compiled, started, instead.outputs, instead.origin);
    return;
  }
  const draft = await withRetries(deps.clock, signal, () =>
    withDeadline(limits.effectMs, signal, async (own) =>
      module.enqueue(started.inputs, { ...started.context, signal: own }),
    ),
  );
  keepCalls(journal, started.traces);
  const { context, traces } = started;
  const task = newTask(draft, {
    task_id: deps.ids.uuid(),
    user_id: run.userId,
    workflow_run_id: run.runId,
    branch_id: journal.state.branchId,
    step_id: compiled.stepId,
    module_name: compiled.name,
    interaction_id: null,
    execution_id: null,
    idempotency_key: context.idempotencyKey,
    created_at: deps.clock.now().toISOString(),
  });
  const data = {
    ...enqueuedData(task, 'module'),
    ...(traces.warnings.length > 0 ? { warnings: traces.warnings } : {}),
  };
  journal.push({
    type: 'task_enqueued',
    step_id: compiled.stepId,
    module_name: compiled.name,
    attempt: started.attempt,
    data,
  });
  journal.enqueue(task);
}

/** The completion phase of a job: what its task gave becomes outputs, or the module fails with the task's error. */
export async function finishJob(
  deps: PerformDeps,
  performance: Performance,
  compiled: CompiledModule,
  task: FinishedTask,
): Promise<void> {
  const { journal, run } = performance;
  const { module } = compiled;
  const record = journal.state.modules.get(moduleKey(compiled.stepId, compiled.name));
  const attempt = record?.attempt ?? 1;
  if (module?.kind !== 'job') {
    failModule(journal, compiled, notRegistered(compiled), attempt);
    return;
  }
  if (task.status !== 'succeeded') {
    failModule(journal, compiled, task.error ? fromStoredError(task.error) : cancelledTask(), attempt);
    return;
  }
  const started = begin(deps, performance, compiled, module, {
    inputs: journal.state.inputs?.inputs ?? {},
    inputHash: record?.inputHash ?? '',
    attempt,
    conversation: [],
  });
  started.startedAt -= Math.max(0, deps.clock.now().getTime() - Date.parse(task.since));
  started.traces.warnings.push(...task.warnings);
  try {
    const result = isJsonObject(task.result) ? task.result : {};
    const outputs = await withDeadline(limits.effectMs, performance.signal, async (signal) =>
      module.complete(result, started.inputs, { ...started.context, signal }),
    );
    const mocked = modeOfModule(run, compiled) === 'mock';
    completeModule(
      deps.clock,
      journal,
      compiled,
      started,
      outputs,
      mocked ? { kind: 'mocked', reason: 'mock_generated' } : { kind: 'executed', reason: 'no_record' },
    );
  } catch (error) {
    if (performance.signal.aborted) throw performance.signal.reason;
    keepCalls(journal, started.traces);
    failModule(journal, compiled, error, attempt);
  }
}

function cancelledTask(): WfmError {
  return new WfmError('module_failed', 'The background task was cancelled.', { params: { task: 'cancelled' } });
}
