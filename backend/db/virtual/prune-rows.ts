import type { RunEvent } from '@wfm/workflow-engine/events';
import type { StoreRows } from '@wfm/workflow-engine/ports/memory';
import { keptEffects } from './kept-effects.ts';

type Branch = StoreRows['branches'][number];

/** Lines left by edits that a preview keeps whole, with answers and computations; older ones end at their fork. */
const LEFT_LINES = 5;

/**
 * The rows that a preview still needs (format.md 22.5). Of the lines that its edits have left behind, only the newest
 * keep their tails, and of older ones what their effects gave; retry and jump branches stay. Definitions and large values that no remaining event names go too, so
 * that a long session of edits does not outgrow its snapshot.
 */
export function pruneRows(rows: StoreRows): StoreRows {
  const branches = new Map(rows.branches.map((branch) => [branch.branch_id, branch]));
  const ends = new Map<string, number>();
  const left = rows.runs.flatMap((run) => linesLeft(branches, run.current_branch_id));
  for (const run of rows.runs) {
    for (const branch of linesLeft(branches, run.current_branch_id).slice(LEFT_LINES)) {
      const forks = rows.branches
        .filter((child) => child.parent_branch_id === branch.branch_id)
        .map((child) => child.fork_seq);
      ends.set(branch.branch_id, Math.max(branch.fork_seq + 1, ...forks));
    }
  }
  const isCut = (event: RunEvent): boolean => event.seq > (ends.get(event.branch_id) ?? event.seq);
  const events = rows.events.filter((event) => !isCut(event));
  const effects = events.length < rows.events.length ? keptEffects(rows, isCut) : rows.effects;
  // Large values and media are rare, and looking for their names is not cheap.
  const named = rows.values.length > 0 || (ends.size > 0 && rows.generations.length > 0);
  const text = named ? JSON.stringify(events.map(({ data }) => data)) : '';
  const versions = new Set([...rows.runs.map((run) => run.version_id), ...heads(rows.branches, new Set(left), events)]);
  const values = rows.values.filter((value) => text.includes(value.sha256));
  return {
    ...rows,
    branches: rows.branches.map((branch) => ({
      ...branch,
      last_seq: Math.min(branch.last_seq, ends.get(branch.branch_id) ?? branch.last_seq),
    })),
    events,
    effects,
    definitions: rows.definitions.filter((row) => versions.has(row.version_id)),
    values,
    ...(ends.size === 0 ? {} : mediaNamedIn(rows, text + values.map(({ json }) => json).join(' '))),
  };
}

/** Records of media that what remains still names; one that a cut tail made is of no use any more. */
function mediaNamedIn(rows: StoreRows, text: string): Pick<StoreRows, 'generations' | 'contents'> {
  const named = new Set(rows.generations.map((row) => row.metadata_id).filter((id) => text.includes(id)));
  return {
    generations: rows.generations.filter((row) => named.has(row.metadata_id)),
    contents: rows.contents.filter((row) => named.has(row.metadata_id)),
  };
}

/** Lines that reconciling has left, newest first, seen from the current branch. */
function linesLeft(branches: ReadonlyMap<string, Branch>, currentId: string): Branch[] {
  const left: Branch[] = [];
  let branch = branches.get(currentId);
  while (branch?.parent_branch_id != null) {
    const parent = branches.get(branch.parent_branch_id);
    if (branch.kind === 'reconcile' && parent) left.push(parent);
    branch = parent;
  }
  return left;
}

/** The versions of the lines that can be returned to: an edit leaves its line for good. */
function heads(branches: readonly Branch[], left: ReadonlySet<Branch>, events: StoreRows['events']): string[] {
  const last = new Map<string, string>();
  for (const event of events) last.set(event.branch_id, event.version_id);
  return branches.flatMap((branch) => (left.has(branch) ? [] : (last.get(branch.branch_id) ?? [])));
}
