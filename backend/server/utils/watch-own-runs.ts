import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRow, RunStore } from '@wfm/workflow-engine/ports';

/** How often a person's newest runs are looked at: one read by an index, however many there are. */
const lookMs = 1_000;
/** Of how many runs a change is told; what changed beyond them meanwhile is found in the list. */
const newest = 50;

export interface OwnRunsFrame {
  event: 'run_changed' | 'inbox_changed';
  data: unknown;
}

/** What changes among one person's runs, and how many wait for them: first as it is, then as it changes. */
export async function* watchOwnRuns(
  runs: Pick<RunStore, 'list' | 'countWaiting'>,
  userId: string,
  signal: AbortSignal,
): AsyncGenerator<OwnRunsFrame> {
  let known: Map<string, string> | undefined;
  let total = -1;
  while (!signal.aborted) {
    const { items } = await runs.list({ userId, limit: newest });
    const now = new Map(items.map((run) => [run.workflow_run_id, stampOf(run)]));
    const changed = known ? items.filter((run) => known?.get(run.workflow_run_id) !== stampOf(run)) : [];
    if (!known || changed.length > 0 || [...known.keys()].some((id) => !now.has(id))) {
      const waiting = await runs.countWaiting({ userId });
      if (waiting !== total) yield { event: 'inbox_changed', data: { total: waiting } };
      total = waiting;
    }
    // Oldest first, as they happened.
    for (const { workflow_run_id, project_name, status, updated_at } of changed.toReversed()) {
      yield { event: 'run_changed', data: { workflow_run_id, project_name, status, updated_at } };
    }
    known = now;
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

function stampOf({ updated_at, status, last_seq, project_name }: RunRow): string {
  return `${updated_at} ${status} ${last_seq} ${project_name}`;
}
