import type { RunState } from '../run-state.ts';
import { endChild } from '../sub-action/child-run.ts';
import type { SubActionHost } from '../sub-action/host.ts';

/**
 * Ends the background work that nobody waits for any more after a command: the tasks of a line that was left or ended,
 * and those of sub-actions whose question was closed (format.md 10.4.7, 10.5, 13.7). What a vendor still delivers is
 * kept as content and changes no state.
 */
export async function stopWork(host: SubActionHost, before: RunState, after: RunState): Promise<void> {
  const { tasks } = host.options.database;
  for (const { executionId, status } of before.subActions) {
    if (status !== 'running') continue;
    const now = after.subActions.find((record) => record.executionId === executionId);
    if (now?.status !== 'running') await stopChild(host, executionId);
  }
  if (before.task && (after.departure || after.ended)) await tasks.cancelOfRun({ runId: before.runId });
}

/** Ends the hidden run of a sub-action and its task. */
export async function stopChild(host: SubActionHost, executionId: string): Promise<void> {
  await endChild(host, executionId, 'cancelled');
  await host.options.database.tasks.cancelOfRun({ runId: executionId });
}
