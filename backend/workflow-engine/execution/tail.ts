import { WfmError } from '../errors/index.ts';
import type { ContentStore } from '../ports/content-store.ts';
import type { BranchRow, RunStore } from '../ports/run-store.ts';
import { readLargeValues } from './large-values.ts';
import type { ProgressHub, ProgressUpdate } from './streaming.ts';
import type { TaskWatch } from './tasks/task-watch.ts';
import { Wake } from './wake.ts';

/** One frame of a run's stream (api.md, SSE): an event of the log, a change of branch, or progress without an id. */
export interface StreamFrame {
  id?: string;
  event: string;
  data: unknown;
}

export interface TailOptions {
  runs: RunStore;
  content: Pick<ContentStore, 'getValue'>;
  progress: ProgressHub;
  runId: string;
  /** `<branch_id>:<seq>` of the last frame that the client has seen; absent: from the beginning. */
  lastEventId?: string;
  /** Tells how far background tasks are, which no other process rings for. */
  taskWatch?: TaskWatch;
  signal: AbortSignal;
}

const PAGE = 200;
/** How often the progress of a task is looked at; workers store it twice a second at most. */
const LOOK_AGAIN_MS = 500;
/** Progress that a slow reader has not fetched yet; older updates are dropped, since they may be lost without harm. */
const PROGRESS_KEPT = 100;

/**
 * The log of a run, tailed: everything after `lastEventId`, then what comes, across changes of branch, until the signal
 * is aborted. Each event is sent once and in order. Throws `run_not_found`, and `request_invalid` for a malformed id.
 */
export async function* tail(options: TailOptions): AsyncGenerator<StreamFrame> {
  const { runs, runId, signal } = options;
  const wake = new Wake();
  const stopWatching = runs.watch(runId, () => wake.ring());
  const updates: ProgressUpdate[] = [];
  const stopListening = options.progress.subscribe(runId, (update) => {
    if (updates.length === PROGRESS_KEPT) updates.shift();
    updates.push(update);
    wake.ring();
  });
  const onAbort = (): void => wake.ring();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    let cursor = parseId(options.lastEventId);
    let tellsOfTasks = true;
    while (!signal.aborted) {
      wake.reset();
      const row = await runs.find({ runId });
      if (!row) throw new WfmError('run_not_found', 'There is no such run.', { params: { workflow_run_id: runId } });
      const branchId = row.current_branch_id;
      if (cursor && cursor.branchId !== branchId) {
        const forkSeq = Math.min(cursor.seq, sharedSeq(await runs.branches({ runId }), cursor.branchId, branchId));
        const frame = { event: 'branch', data: { branch_id: branchId, fork_seq: forkSeq } };
        // The id tells where the client stands after it, should the line break before the next event.
        yield forkSeq < 0 ? frame : { ...frame, id: `${branchId}:${forkSeq}` };
        cursor = { branchId, seq: forkSeq };
      }
      cursor ??= { branchId, seq: -1 };
      const events = await runs.readLine({ runId, branchId, afterSeq: cursor.seq, limit: PAGE });
      for (const event of events) {
        if (signal.aborted) return;
        // Whoever follows has to show a question; the values of modules stay where the log keeps them.
        const data = event.type === 'interaction_requested' ? await readLargeValues(options.content, event) : event;
        yield { id: `${branchId}:${event.seq}`, event: event.type, data };
        cursor = { branchId, seq: event.seq };
        tellsOfTasks ||= /^(?:task|sub_action|branch)_/.test(event.type);
      }
      if (tellsOfTasks) await options.taskWatch?.refresh();
      tellsOfTasks = false;
      updates.push(...((await options.taskWatch?.look()) ?? []));
      for (const update of updates.splice(0)) yield { event: 'progress', data: update };
      if (events.length < PAGE) await wake.wait(options.taskWatch?.active ? LOOK_AGAIN_MS : undefined);
    }
  } finally {
    stopWatching();
    stopListening();
    signal.removeEventListener('abort', onAbort);
  }
}

function parseId(id: string | undefined): { branchId: string; seq: number } | null {
  if (id === undefined || id === '') return null;
  const cut = id.lastIndexOf(':');
  const seq = id.slice(cut + 1);
  if (cut < 1 || !/^\d{1,15}$/.test(seq)) {
    throw new WfmError('request_invalid', 'Last-Event-ID must be <branch_id>:<seq>.', { place: 'Last-Event-ID' });
  }
  return { branchId: id.slice(0, cut), seq: Number(seq) };
}

/** The last `seq` that two branches' lines share; -1 for an unknown branch. */
export function sharedSeq(branches: readonly BranchRow[], a: string, b: string): number {
  const byId = new Map(branches.map((branch) => [branch.branch_id, branch]));
  const lineOf = (id: string): BranchRow[] => {
    const line: BranchRow[] = [];
    for (
      let branch = byId.get(id);
      branch;
      branch = branch.parent_branch_id === null ? undefined : byId.get(branch.parent_branch_id)
    )
      line.push(branch);
    return line;
  };
  const lineA = lineOf(a);
  const lineB = lineOf(b);
  const common = lineA.find((branch) => lineB.some((other) => other.branch_id === branch.branch_id));
  if (!common) return -1;
  // A fork of a fork may cut below the fork that it comes from: every fork on the way to the common branch counts.
  const cuts = [lineA, lineB].flatMap((line) => line.slice(0, line.indexOf(common)).map((branch) => branch.fork_seq));
  return Math.min(...cuts, common.last_seq);
}
