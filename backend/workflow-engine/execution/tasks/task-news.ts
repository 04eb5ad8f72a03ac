import type { MediaCatalogue } from '../../ports/media-provider.ts';
import type { ClaimTask, TaskPosition, TaskQueue, TaskRow } from '../../ports/task-queue.ts';

/** What a person is told of a task that has not ended. */
export interface TaskNews {
  message: string;
  percent?: number;
  elapsed_ms: number;
  updated_at: string;
}

/** The limits of all providers, as a claim takes them. */
export function limitsOf(catalogue: MediaCatalogue): ClaimTask['limits'] {
  return Object.fromEntries(catalogue.list().map(({ id, limits }) => [id, limits]));
}

/** How far a task is: its own progress, or why it waits. Null once it has ended. */
export async function newsOf(
  { tasks, catalogue, now }: { tasks: TaskQueue; catalogue: MediaCatalogue; now: Date },
  task: TaskRow,
): Promise<TaskNews | null> {
  if (task.finished_at !== null) return null;
  const elapsed = Math.max(0, now.getTime() - Date.parse(task.created_at));
  const { progress } = task;
  const begun = task.status === 'leased' || task.operation !== null;
  if (begun && progress) {
    const { message, percent, updated_at } = progress;
    return { message, elapsed_ms: elapsed, updated_at, ...(percent === undefined ? {} : { percent }) };
  }
  const message = begun
    ? 'Being worked on'
    : describe(task, await tasks.position({ taskId: task.task_id, limits: limitsOf(catalogue) }));
  return { message, elapsed_ms: elapsed, updated_at: progress?.updated_at ?? task.created_at };
}

function describe({ provider }: TaskRow, position: TaskPosition | null): string {
  switch (position?.reason) {
    case 'behind_others':
      return position.ahead === 1 ? 'One other task comes first' : `${position.ahead} other tasks come first`;
    case 'provider_busy':
      return `${provider} is busy with as much as it may do at once`;
    case 'provider_rate':
      return `${provider} has been asked as often as it may be in a minute`;
    case 'delayed':
      return 'Waiting before the next try';
    default:
      return 'Waiting for a worker';
  }
}
