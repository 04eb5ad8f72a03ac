import { hasCode, isWfmError, toStoredError, WfmError } from '../../errors/index.ts';
import type { TaskRow } from '../../ports/task-queue.ts';
import type { PerformDeps } from '../begin-module.ts';

/** Longer than a preview may take: nobody else is there to take its tasks over. */
const LEASE_MS = 60 * 60_000;

/**
 * Does a task in the process itself, with the queue's own rules of trying again, until it has ended (format.md 21: a
 * preview runs tasks in process, in its own database). Throws the signal's reason when aborted.
 */
export async function workInProcess(
  { tasks, clock, progress, answerer }: Pick<PerformDeps, 'tasks' | 'clock' | 'progress' | 'answerer'>,
  task: Pick<TaskRow, 'task_id' | 'step_id' | 'module_name'>,
  watch: { signal: AbortSignal; runId: string; executionId?: string },
): Promise<TaskRow> {
  const startedAt = clock.monotonicMs();
  for (;;) {
    watch.signal.throwIfAborted();
    const row = await tasks.find({ taskId: task.task_id });
    if (!row) throw new WfmError('task_not_found', 'The task is gone.', { params: { task_id: task.task_id } });
    if (row.finished_at !== null) return row;
    const claimed = await tasks.claim({ worker: 'preview', leaseMs: LEASE_MS, limits: {} });
    if (!claimed) {
      await clock.sleep(Math.max(1, Date.parse(row.not_before) - clock.now().getTime()), watch.signal);
      continue;
    }
    const hold = { taskId: claimed.task_id, fence: claimed.fence };
    try {
      const result = await answerer.work?.(claimed, {
        signal: watch.signal,
        progress: (message, percent) =>
          progress.publish(watch.runId, {
            step_id: task.step_id,
            module_name: task.module_name,
            message,
            ...(percent === undefined ? {} : { percent }),
            elapsed_ms: Math.round(clock.monotonicMs() - startedAt),
            ...(watch.executionId === undefined ? {} : { execution_id: watch.executionId }),
          }),
      });
      if (!result) throw new TypeError('nobody works on tasks here');
      await tasks.succeed({ ...hold, result });
    } catch (error) {
      if (watch.signal.aborted) throw watch.signal.reason;
      if (hasCode(error, 'storage_unavailable')) throw error;
      const retryAfterMs = isWfmError(error) ? error.retryAfterMs : undefined;
      await tasks.fail({
        ...hold,
        error: toStoredError(error),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    }
  }
}
