import type { RunEvent, Usage } from '../../events/run-event.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { addUsage } from '../../ports/store-rules.ts';
import type { RunState } from '../run-state.ts';

/**
 * What the modules of a child run have used, to be told to its parent (format.md 13.2); null where none used anything.
 * `ending` are the events that are about to be stored behind the line.
 */
export async function usageOfChild(
  runs: RunStore,
  { runId, branchId }: Pick<RunState, 'runId' | 'branchId'>,
  ending: readonly RunEvent[],
): Promise<Usage | null> {
  const stored = await runs.readLine({ runId, branchId, afterSeq: -1 });
  let total: Usage | null = null;
  for (const event of [...stored, ...ending]) {
    if (event.type === 'module_completed' && event.data.usage) total = addUsage(total ?? {}, event.data.usage);
  }
  return total;
}
