import type { Branch } from '../model/run-api.ts';

export interface BranchNode {
  branch: Branch;
  /** The n-th branch of the run, for those without a name. */
  number: number;
  /** 0 for the first; drawn as an indent. */
  depth: number;
  /** True where the current line runs through it: the branches that the current one was forked from, and itself. */
  onLine: boolean;
}

/** Branches below the one they were forked from, in the order in which they were made. */
export function branchTree(branches: readonly Branch[]): BranchNode[] {
  const line = lineOf(branches);
  const numbers = new Map(branches.map((branch, index) => [branch.branch_id, index + 1]));
  const children = Map.groupBy(branches, ({ parent_branch_id: parent }) => parent);
  const nodes: BranchNode[] = [];
  const visit = (parent: string | null, depth: number): void => {
    for (const branch of children.get(parent) ?? []) {
      const { branch_id: id } = branch;
      nodes.push({ branch, number: numbers.get(id) ?? 0, depth, onLine: line.has(id) });
      visit(id, depth + 1);
    }
  };
  visit(null, 0);
  return nodes;
}

function lineOf(branches: readonly Branch[]): Set<string> {
  const byId = new Map(branches.map((branch) => [branch.branch_id, branch]));
  const line = new Set<string>();
  let at = branches.find(({ current }) => current);
  while (at && !line.has(at.branch_id)) {
    line.add(at.branch_id);
    at = at.parent_branch_id === null ? undefined : byId.get(at.parent_branch_id);
  }
  return line;
}
