import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { readBranches } from '../model/run-api.ts';
import { runKey } from '../model/use-run.ts';
import { type BranchNode, branchTree } from './branch-tree.ts';

export function useBranches(runId: string) {
  const query = useQuery({ queryKey: runKey(runId, 'branches'), queryFn: () => readBranches(runId) });
  const items = query.data?.items;
  const nodes = useMemo(() => branchTree(items ?? []), [items]);
  return { nodes, error: query.error, isPending: query.isPending, refetch: query.refetch };
}

/** The name that a person gave it, or one of ours. `isOwn` says which. */
export function useBranchName(): (node: BranchNode) => { text: string; isOwn: boolean } {
  const words = useTranslations('run.branches');
  return ({ branch, number }) => {
    if (branch.name !== null) return { text: branch.name, isOwn: true };
    if (branch.parent_branch_id === null) return { text: words('main'), isOwn: false };
    return { text: words('unnamed', { number }), isOwn: false };
  };
}
