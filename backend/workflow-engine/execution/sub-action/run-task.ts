import { fromStoredError, toStoredError, WfmError } from '../../errors/index.ts';
import { isJsonObject } from '../../models/json.ts';
import type { TaskDraft } from '../../modules/module.ts';
import type { NewTask, TaskRow } from '../../ports/task-queue.ts';
import { eventAfter } from '../event-after.ts';
import { applyEvent } from '../evolve.ts';
import { projectionOf } from '../projection.ts';
import { copyState, type FinishedTask } from '../run-state.ts';
import { enqueuedData, newTask } from '../tasks/new-task.ts';
import { workInProcess } from '../tasks/work-in-process.ts';
import { type ChildRef, retried } from './child-run.ts';
import type { SubActionHost } from './host.ts';
import type { SelfWork } from './self-work.ts';
import type { SubActionOutcome } from './settle.ts';

/**
 * Hands the work of a self sub-action to a worker: the child run waits for the task, in one commit with it, and no
 * process waits for either. A preview does the task here, and answers how it ended; null: a worker will tell.
 */
export async function enqueueSelf(
  processor: SubActionHost,
  child: ChildRef,
  { run, found, fence, signal }: Pick<SelfWork, 'run' | 'found' | 'fence' | 'signal'>,
  draft: TaskDraft,
  idempotencyKey: string,
): Promise<SubActionOutcome | null> {
  const { options, deps } = processor;
  const { clock, ids, database } = options;
  const { stepId, name } = found.compiled;
  const isHere = deps.answerer.work !== undefined;
  const made = await retried(async (): Promise<NewTask> => {
    const own = await processor.load({ runId: child.executionId });
    const now = clock.now();
    const task = newTask(draft, {
      task_id: ids.uuid(),
      user_id: run.row.user_id,
      workflow_run_id: child.executionId,
      branch_id: own.state.branchId,
      step_id: stepId,
      module_name: name,
      interaction_id: found.open.interactionId,
      execution_id: child.executionId,
      idempotency_key: idempotencyKey,
      created_at: now.toISOString(),
    });
    const state = copyState(own.state);
    const event = eventAfter(state, { type: 'task_enqueued', data: enqueuedData(task, 'sub_action') }, now);
    applyEvent(state, { event });
    await database.runs.append({
      runId: child.executionId,
      branchId: state.branchId,
      expectedSeq: own.state.lastSeq,
      events: [event],
      projection: projectionOf(state, own.version, { now, timezone: own.identity.timezone }),
      tasks: [task],
      fence,
      release: !isHere,
    });
    return task;
  });
  if (!isHere) return null;
  const watch = { signal, runId: child.runId, executionId: child.executionId };
  return outcomeOfTask(await workInProcess(deps, made, watch));
}

/** How a sub-action ended whose task has. */
export function outcomeOfTask(task: Pick<TaskRow, 'status' | 'result' | 'error'> | FinishedTask): SubActionOutcome {
  if (task.status === 'succeeded') {
    const result = isJsonObject(task.result) ? task.result : {};
    return { result, source: result, calls: [], usage: null, warnings: [] };
  }
  const cancelled = new WfmError('sub_action_cancelled', 'The background task was cancelled.');
  return { error: toStoredError(task.error ? fromStoredError(task.error) : cancelled) };
}
