import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { BranchesDialog } from './branches/branches-dialog.tsx';
import { CompareDialog, type Sides } from './branches/compare-dialog.tsx';
import type { Switching } from './branches/use-switching.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { GoBackDialog, type GoBackTarget } from './go-back/go-back-dialog.tsx';
import { cancelRun, deleteRun } from './model/run-api.ts';
import type { RunVersion } from './model/template.ts';
import { useLiveRun } from './model/use-run.ts';
import { UpgradeDialog } from './upgrade/upgrade-dialog.tsx';

/** The one window that is open over the page. */
export type RunDialog =
  | { kind: 'cancel' | 'delete' | 'branches' | 'upgrade' }
  | { kind: 'compare'; sides: Sides }
  | { kind: 'goBack'; target: GoBackTarget };

export function RunDialogs({
  dialog,
  version,
  switching,
  onOpen,
}: {
  dialog: RunDialog | null;
  version: RunVersion;
  switching: Switching;
  onOpen: (dialog: RunDialog | null) => void;
}) {
  const words = useTranslations('run.header');
  const { runId, feed } = useLiveRun();
  const navigate = useNavigate();
  const close = (): void => onOpen(null);
  switch (dialog?.kind) {
    case 'cancel':
      return (
        <ConfirmDialog
          title={words('cancelTitle')}
          act={words('cancel')}
          onClose={close}
          onAct={async () => {
            await cancelRun(runId);
            feed.commanded();
          }}
        >
          {words('cancelText')}
        </ConfirmDialog>
      );
    case 'delete':
      return (
        <ConfirmDialog
          title={words('deleteTitle')}
          act={words('delete')}
          onClose={close}
          onAct={async () => {
            feed.stopListening();
            try {
              await deleteRun(runId);
            } catch (error) {
              void feed.listenAgain();
              throw error;
            }
            toast.success(words('deleted'));
            await navigate({ to: '/' });
          }}
        >
          {words('deleteText')}
        </ConfirmDialog>
      );
    case 'branches':
      return (
        <BranchesDialog
          switching={switching}
          onCompare={(sides) => onOpen({ kind: 'compare', sides })}
          onClose={close}
        />
      );
    case 'compare':
      return (
        <CompareDialog sides={dialog.sides} onChange={(sides) => onOpen({ kind: 'compare', sides })} onClose={close} />
      );
    case 'goBack':
      return <GoBackDialog target={dialog.target} onClose={close} />;
    case 'upgrade':
      return version.newer ? <UpgradeDialog newer={version.newer} onClose={close} /> : null;
    case undefined:
      return null;
  }
}
