import { Button, Notice } from '@wfm/shared/components';
import { GitBranch } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useLiveRun } from '../model/use-run.ts';
import { useBranches, useBranchName } from './use-branches.ts';
import type { Switching } from './use-switching.ts';

/** The link that was opened is about another branch than the one that the run is on. */
export function OtherBranchNotice({ switching }: { switching: Switching }) {
  const words = useTranslations('run.branches');
  const { runId } = useLiveRun();
  const { nodes, isPending } = useBranches(runId);
  const nameOf = useBranchName();
  const { named } = switching;
  if (named === undefined || isPending) return null;
  const node = nodes.find(({ branch }) => branch.branch_id === named);
  return (
    <Notice
      tone="accent"
      icon={<GitBranch aria-hidden className="size-5" />}
      title={node ? words('linkOther', { name: nameOf(node).text }) : words('linkGone')}
      action={
        <span className="flex flex-wrap gap-2">
          {node ? <Button onClick={() => switching.switchTo(named)}>{words('switch')}</Button> : null}
          <Button look="quiet" onClick={switching.stay}>
            {words('stay')}
          </Button>
        </span>
      }
    />
  );
}
