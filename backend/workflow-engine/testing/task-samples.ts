import { v7 } from 'uuid';
import type { StoredError } from '../errors/index.ts';
import type { NewTask, TaskQueue, TaskRow } from '../ports/task-queue.ts';

/** Small valid tasks for tests of queues and workers. */

/** A task of the run as it is enqueued; ids and key are new each time. */
export function sampleTask(place: { runId: string; branchId: string }, changes: Partial<NewTask> = {}): NewTask {
  return {
    task_id: v7(),
    actor: 'media',
    provider: 'acme',
    user_id: 'user-1',
    workflow_run_id: place.runId,
    branch_id: place.branchId,
    step_id: 's',
    module_name: 'm',
    interaction_id: null,
    execution_id: null,
    idempotency_key: v7(),
    priority: 0,
    max_attempts: 4,
    payload: { prompt: 'a house' },
    created_at: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

/** An error that a second try may cure, or not. */
export function sampleTaskError(transient: boolean): StoredError {
  return { code: 'provider_failed', params: {}, title: 'The provider failed', message: 'It failed.', transient };
}

/** Claims for a worker without limits; the lease lives 30 s. */
export function claimNext(
  tasks: TaskQueue,
  changes: Partial<Parameters<TaskQueue['claim']>[0]> = {},
): Promise<TaskRow | null> {
  return tasks.claim({ worker: 'w1', leaseMs: 30_000, limits: {}, ...changes });
}
