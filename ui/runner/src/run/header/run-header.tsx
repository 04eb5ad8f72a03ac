import { Link } from '@tanstack/react-router';
import { Badge, Button, ProgressBar, type Tone } from '@wfm/shared/components';
import type { Connection } from '@wfm/shared/core';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { ChevronDown, CircleStop, GitBranch } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useBranches, useBranchName } from '../branches/use-branches.ts';
import { ConnectionChip } from '../connection-chip.tsx';
import type { RunVersion } from '../model/template.ts';
import { useLiveRun, useRunModel } from '../model/use-run.ts';
import { RunName } from './run-name.tsx';

const tones: Partial<Record<string, Tone>> = {
  awaiting_input: 'accent',
  completed: 'good',
  error: 'bad',
  awaiting_task: 'warn',
  processing: 'warn',
};

/** Which run this is, how it stands, and what can be done with it as a whole (ux.md 2.3). */
export function RunHeader({
  status,
  version,
  connection,
  menu,
  onBranches,
  onCancel,
}: {
  status: WorkflowResponse;
  version: RunVersion;
  connection: Connection;
  menu: ReactNode;
  onBranches: () => void;
  onCancel: () => void;
}) {
  const words = useTranslations('run.header');
  const states = useTranslations('status');
  const { run } = useRunModel('run');
  const ended = status.status === 'completed' || status.status === 'cancelled';
  return (
    <header className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex min-w-0 items-start gap-2">
        <RunName />
        <div className="ms-auto flex shrink-0 items-center gap-1">
          {ended ? null : (
            <Button look="quiet" icon={<CircleStop aria-hidden className="size-4" />} onClick={onCancel}>
              <span className="sr-only sm:not-sr-only">{words('cancel')}</span>
            </Button>
          )}
          {menu}
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-soft">
        <Badge tone={tones[status.status] ?? 'neutral'}>{states(status.status)}</Badge>
        {run?.template_id === null || run === null ? null : (
          <Link
            to="/w/$id"
            params={{ id: run.template_id }}
            className="inline-flex min-h-11 items-center gap-1.5 hover:text-ink hover:underline"
          >
            <span data-content dir="auto">
              {run.template_name}
            </span>
            {version.number === undefined ? null : <span>{words('version', { number: version.number })}</span>}
          </Link>
        )}
        <BranchButton onOpen={onBranches} />
        <Steps status={status} />
        <ConnectionChip connection={connection} />
      </div>
    </header>
  );
}

function BranchButton({ onOpen }: { onOpen: () => void }) {
  const words = useTranslations('run.branches');
  const { runId } = useLiveRun();
  const { nodes } = useBranches(runId);
  const nameOf = useBranchName();
  const current = nodes.find(({ branch }) => branch.current);
  if (!current) return null;
  const name = nameOf(current);
  return (
    <button
      type="button"
      onClick={onOpen}
      className="inline-flex min-h-11 max-w-56 items-center gap-1.5 rounded-md px-1 hover:text-ink"
    >
      <GitBranch aria-hidden className="size-4 shrink-0" />
      <span className="sr-only">{words('open', { name: name.text, count: nodes.length })}</span>
      <span aria-hidden className="truncate" {...(name.isOwn ? { 'data-content': '', dir: 'auto' } : {})}>
        {name.text}
      </span>
      {nodes.length > 1 ? (
        <span aria-hidden className="text-xs text-ink-faint tabular-nums">
          {nodes.length}
        </span>
      ) : null}
      <ChevronDown aria-hidden className="size-3.5 shrink-0" />
    </button>
  );
}

function Steps({ status }: { status: WorkflowResponse }) {
  const words = useTranslations('run.header');
  const { step_index: index, total_steps: total } = status.progress;
  const done = status.status === 'completed' ? total : index;
  return (
    <span className="inline-flex items-center gap-2">
      <ProgressBar max={Math.max(total, 1)} value={done} label={words('progress')} className="w-20 sm:w-28" />
      {words('steps', { done, total })}
    </span>
  );
}
