import type { WorkflowProcessor } from '../processor.ts';
import type { ProgressUpdate } from '../streaming.ts';
import { newsOf } from './task-news.ts';

/** Looks whether the tasks that a run waits for have got on: they are worked on by another process. */
export interface TaskWatch {
  /** Learns anew which tasks there are; called when the log tells of one. */
  refresh(): Promise<void>;
  /** False: there is nothing to look for. */
  readonly active: boolean;
  /** What is new since the last look. */
  look(): Promise<ProgressUpdate[]>;
}

/** The tasks of a run's open module and of its running sub-actions (ux.md 2.7: one stream carries all). */
export function watchTasks(processor: WorkflowProcessor, runId: string): TaskWatch {
  const { database, clock } = processor.options;
  const { catalogue } = processor.deps.ports;
  const said = new Map<string, string>();
  /** Runs whose tasks are looked at: this one, and the hidden ones of its sub-actions. */
  let watched: { runId: string; executionId?: string }[] = [];
  return {
    async refresh() {
      const { state } = await processor.load({ runId });
      const running = state.subActions.filter(({ status }) => status === 'running');
      watched = [
        ...(state.task ? [{ runId }] : []),
        ...running.map(({ executionId }) => ({ runId: executionId, executionId })),
      ];
    },
    get active() {
      return watched.length > 0;
    },
    async look() {
      const updates: ProgressUpdate[] = [];
      for (const { runId: owner, executionId } of watched) {
        const task = (await database.tasks.listOfRun({ runId: owner })).at(-1);
        const news = task && (await newsOf({ tasks: database.tasks, catalogue, now: clock.now() }, task));
        if (!task || !news) continue;
        const { message, percent, elapsed_ms, updated_at } = news;
        const now = JSON.stringify([message, percent, updated_at]);
        if (said.get(task.task_id) === now) continue;
        said.set(task.task_id, now);
        updates.push({
          step_id: task.step_id,
          module_name: task.module_name,
          message,
          elapsed_ms,
          ...(percent === undefined ? {} : { percent }),
          ...(executionId === undefined ? {} : { execution_id: executionId }),
        });
      }
      return updates;
    },
  };
}
