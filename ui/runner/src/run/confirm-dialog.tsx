import { ErrorCard } from '@wfm/shared/app';
import { Button, Dialog } from '@wfm/shared/components';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';

/** Asks before something that cannot be taken back; a failure is shown here, and can be tried again. */
export function ConfirmDialog({
  title,
  children,
  act,
  onAct,
  onClose,
}: {
  title: string;
  children: ReactNode;
  act: string;
  onAct: () => Promise<unknown>;
  onClose: () => void;
}) {
  const common = useTranslations('common');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = (): void => {
    setBusy(true);
    setError(null);
    onAct().then(onClose, (thrown: unknown) => {
      setError(thrown);
      setBusy(false);
    });
  };
  return (
    <Dialog
      open
      look="small"
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{common('back')}</Button>
          <Button look="danger" busy={busy} onClick={go}>
            {act}
          </Button>
        </>
      }
    >
      {children}
      {error ? (
        <div className="mt-3">
          <ErrorCard error={error} />
        </div>
      ) : null}
    </Dialog>
  );
}
