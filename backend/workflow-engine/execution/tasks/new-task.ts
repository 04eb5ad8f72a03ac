import type { EventOf } from '../../events/run-event.ts';
import type { TaskDraft } from '../../modules/module.ts';
import type { NewTask, TaskRow } from '../../ports/task-queue.ts';
import { limits } from '../../models/limits.ts';

/** A task as it is enqueued: what a module wants done, for whom, and where its end is to be told (format.md 21). */
export function newTask(
  draft: TaskDraft,
  made: Omit<NewTask, 'actor' | 'provider' | 'payload' | 'priority' | 'max_attempts'>,
): NewTask {
  const { actor, provider, payload } = draft;
  return { ...made, actor, provider, payload, priority: 0, max_attempts: limits.taskAttempts };
}

/** Its event. */
export function enqueuedData(task: NewTask, purpose: 'module' | 'sub_action') {
  const { task_id, actor, idempotency_key } = task;
  return { task_id, actor, purpose, idempotency_key };
}

/** What `task_finished` tells of an ended task. */
export function finishedData({ task_id, status, result, error }: TaskRow): EventOf<'task_finished'>['data'] {
  return {
    task_id,
    status: status === 'succeeded' || status === 'failed' ? status : 'cancelled',
    ...(result === null ? {} : { result }),
    ...(error === null ? {} : { error }),
  };
}
