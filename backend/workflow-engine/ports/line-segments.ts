import type { BranchRow } from './run-store.ts';

/** The part of a line that one branch stores: its own events from `first` to `last`, both included. */
export interface LineSegment<B> {
  branch: B;
  first: number;
  last: number;
}

/**
 * Cuts a line (format.md 9.1) into what each branch stores of it, oldest first, for `afterSeq < seq <= upToSeq`.
 * Stops at the branch where the range begins, so that tailing a long chain of forks looks at one branch.
 */
export function lineSegments<B extends Pick<BranchRow, 'parent_branch_id' | 'fork_seq'>>(
  leaf: B,
  findBranch: (branchId: string) => B | undefined,
  range: { afterSeq: number; upToSeq: number },
): LineSegment<B>[] {
  const segments: LineSegment<B>[] = [];
  let branch: B | undefined = leaf;
  let last = range.upToSeq;
  while (branch) {
    const first = Math.max(branch.fork_seq + 1, range.afterSeq + 1);
    if (first <= last) segments.push({ branch, first, last });
    if (branch.fork_seq <= range.afterSeq || branch.parent_branch_id === null) break;
    last = Math.min(last, branch.fork_seq);
    branch = findBranch(branch.parent_branch_id);
  }
  return segments.reverse();
}
