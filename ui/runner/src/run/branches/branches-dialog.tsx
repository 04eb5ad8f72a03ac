import { ErrorCard } from '@wfm/shared/app';
import { Badge, Button, classNames, Dialog, IconButton, Skeleton } from '@wfm/shared/components';
import { Check, CornerDownRight, GitBranch, GitCompareArrows, Pencil, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { nameBranch } from '../model/run-api.ts';
import { useLiveRun } from '../model/use-run.ts';
import type { BranchNode } from './branch-tree.ts';
import { useBranches, useBranchName } from './use-branches.ts';
import type { Sides } from './compare-dialog.tsx';
import type { Switching } from './use-switching.ts';

const kinds = ['retry', 'jump', 'reopen', 'reconcile'] as const;
type Kind = (typeof kinds)[number];

/** All branches of the run as a tree: which is current, how each came about, its name; any can be gone back to (U14). */
export function BranchesDialog({
  switching,
  onCompare,
  onClose,
}: {
  switching: Switching;
  onCompare: (sides: Sides) => void;
  onClose: () => void;
}) {
  const words = useTranslations('run.branches');
  const { runId } = useLiveRun();
  const { nodes, error, isPending, refetch } = useBranches(runId);
  const current = nodes.find(({ branch }) => branch.current);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words('title')}
      description={words('text')}
      footer={
        <Button
          icon={<GitCompareArrows aria-hidden className="size-4" />}
          onClick={() => onCompare({ kind: 'runs', other: null })}
        >
          {words('compareRun')}
        </Button>
      }
    >
      {error ? <ErrorCard error={error} onRetry={() => void refetch()} /> : null}
      {switching.error ? <ErrorCard error={switching.error} /> : null}
      {isPending ? <Skeleton className="h-40" /> : null}
      <ul className="grid gap-1.5">
        {nodes.map((node) => (
          <BranchRow
            key={node.branch.branch_id}
            node={node}
            busy={switching.to === node.branch.branch_id}
            onSwitch={switching.switchTo}
            {...(current && !node.branch.current
              ? {
                  onCompare: () =>
                    onCompare({ kind: 'branches', a: current.branch.branch_id, b: node.branch.branch_id }),
                }
              : {})}
          />
        ))}
      </ul>
    </Dialog>
  );
}

function BranchRow({
  node,
  busy,
  onSwitch,
  onCompare,
}: {
  node: BranchNode;
  busy: boolean;
  onSwitch: (branchId: string) => void;
  onCompare?: () => void;
}) {
  const words = useTranslations('run.branches');
  const format = useFormatter();
  const nameOf = useBranchName();
  const [naming, setNaming] = useState(false);
  const { branch, depth, onLine } = node;
  const name = nameOf(node);
  const made = new Date(branch.created_at);
  return (
    <li style={{ marginInlineStart: `${Math.min(depth, 6) * 1.25}rem` }} className="flex items-start gap-1">
      {depth > 0 ? (
        <CornerDownRight
          aria-hidden
          className={classNames('mt-3.5 size-4 shrink-0 rtl:-scale-x-100', onLine ? 'text-accent' : 'text-line-strong')}
        />
      ) : null}
      <div
        className={classNames(
          'flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1 rounded-md border px-3 py-1.5',
          branch.current ? 'border-accent bg-accent-soft' : 'border-line bg-surface',
        )}
      >
        {naming ? (
          <NameForm branchId={branch.branch_id} name={branch.name ?? ''} onDone={() => setNaming(false)} />
        ) : (
          <>
            <div className="min-w-40 flex-1">
              <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
                <span {...(name.isOwn ? { 'data-content': '', dir: 'auto' } : {})}>{name.text}</span>
                {branch.current ? <Badge tone="accent">{words('current')}</Badge> : null}
              </p>
              <p className="text-xs text-ink-soft">
                {isKind(branch.kind) ? words(`kind_${branch.kind}`) : null}{' '}
                <time
                  dateTime={branch.created_at}
                  title={format.dateTime(made, { dateStyle: 'medium', timeStyle: 'long' })}
                >
                  {format.dateTime(made, { dateStyle: 'medium', timeStyle: 'short' })}
                </time>
              </p>
            </div>
            <IconButton
              label={words('rename', { name: name.text })}
              icon={<Pencil aria-hidden className="size-4" />}
              onClick={() => setNaming(true)}
            />
            {onCompare ? (
              <>
                <IconButton
                  label={words('compare', { name: name.text })}
                  icon={<GitCompareArrows aria-hidden className="size-4" />}
                  onClick={onCompare}
                />
                <Button
                  busy={busy}
                  icon={<GitBranch aria-hidden className="size-4" />}
                  onClick={() => onSwitch(branch.branch_id)}
                >
                  {words('switch')}
                </Button>
              </>
            ) : null}
          </>
        )}
      </div>
    </li>
  );
}

function NameForm({ branchId, name, onDone }: { branchId: string; name: string; onDone: () => void }) {
  const words = useTranslations('run.branches');
  const common = useTranslations('common');
  const { runId } = useLiveRun();
  const { refetch } = useBranches(runId);
  const [text, setText] = useState(name);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    nameBranch(runId, branchId, text.trim() === '' ? null : text.trim())
      .then(() => refetch())
      .then(onDone)
      .catch((thrown: unknown) => {
        setError(thrown);
        setBusy(false);
      });
  };
  return (
    <form onSubmit={save} className="grid flex-1 gap-2">
      <div className="flex items-center gap-1">
        <input
          autoFocus
          dir="auto"
          maxLength={200}
          value={text}
          aria-label={words('name')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
            event.stopPropagation();
            onDone();
          }}
          className="min-h-11 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-3 text-sm"
        />
        <IconButton type="submit" busy={busy} label={common('save')} icon={<Check aria-hidden className="size-4" />} />
        <IconButton label={common('cancel')} icon={<X aria-hidden className="size-4" />} onClick={onDone} />
      </div>
      {error ? <ErrorCard error={error} /> : null}
    </form>
  );
}

function isKind(kind: string): kind is Kind {
  return (kinds as readonly string[]).includes(kind);
}
