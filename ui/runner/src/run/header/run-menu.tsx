import { useNavigate } from '@tanstack/react-router';
import { IconButton, Menu, MenuItem, MenuSeparator } from '@wfm/shared/components';
import { dataOf, newId, productionApi } from '@wfm/shared/core';
import { Copy, Ellipsis, GitCompareArrows, Link2, PencilRuler, RotateCcw, Sparkles, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import type { RunVersion } from '../model/template.ts';
import { useRunModel } from '../model/use-run.ts';

/** What can be done with the run besides answering it. */
export function RunMenu({
  version,
  onGoBack,
  onUpgrade,
  onCompare,
  onCopyLink,
  onEdit,
  onDelete,
}: {
  version: RunVersion;
  /** Absent: nothing is over yet. */
  onGoBack: (() => void) | undefined;
  onUpgrade: () => void;
  onCompare: () => void;
  onCopyLink: () => void;
  /** Absent: the run follows no workflow that is kept. */
  onEdit: (() => void) | undefined;
  onDelete: () => void;
}) {
  const words = useTranslations('run.menu');
  const duplicate = useDuplicate(version);
  const icon = 'size-4';
  return (
    <Menu trigger={<IconButton label={words('label')} icon={<Ellipsis aria-hidden className="size-5" />} />}>
      {onGoBack ? (
        <MenuItem icon={<RotateCcw aria-hidden className={icon} />} shortcut="B" onSelect={onGoBack}>
          {words('goBack')}
        </MenuItem>
      ) : null}
      <MenuItem icon={<Copy aria-hidden className={icon} />} onSelect={duplicate}>
        {words('duplicate')}
      </MenuItem>
      {version.newer ? (
        <MenuItem icon={<Sparkles aria-hidden className={icon} />} onSelect={onUpgrade}>
          {words('upgrade', { number: version.newer.number })}
        </MenuItem>
      ) : null}
      <MenuItem icon={<GitCompareArrows aria-hidden className={icon} />} onSelect={onCompare}>
        {words('compare')}
      </MenuItem>
      <MenuItem icon={<Link2 aria-hidden className={icon} />} onSelect={onCopyLink}>
        {words('copyLink')}
      </MenuItem>
      {onEdit ? (
        <MenuItem icon={<PencilRuler aria-hidden className={icon} />} onSelect={onEdit}>
          {words('preview')}
        </MenuItem>
      ) : null}
      <MenuSeparator />
      <MenuItem tone="danger" icon={<Trash2 aria-hidden className={icon} />} onSelect={onDelete}>
        {words('delete')}
      </MenuItem>
    </Menu>
  );
}

/** Starts the same version again under a name that tells the two apart. */
function useDuplicate({ number, newestId }: RunVersion): () => void {
  const words = useTranslations('run.menu');
  const navigate = useNavigate();
  const model = useRunModel('run');
  return () => {
    const { run, versionId } = model;
    if (!run) return;
    dataOf(
      productionApi().POST('/workflow/start', {
        headers: { prefer: 'wait=0' },
        body: {
          project_name: words('copyOf', { name: run.project_name }).slice(0, 200),
          // What is no version of the line is an expansion of one, and cannot be started by itself.
          workflow_version_id: number === undefined ? (newestId ?? versionId) : versionId,
          force_new: true,
          idempotency_key: newId(),
        },
      }),
    ).then(
      (started) => void navigate({ to: '/r/$run', params: { run: started.workflow_run_id ?? '' } }),
      (error: unknown) => toast.error(error instanceof Error ? error.message : words('duplicateFailed')),
    );
  };
}
