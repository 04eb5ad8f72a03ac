import { useNavigate } from '@tanstack/react-router';
import { useSessionActs } from '@wfm/shared/app';
import { Button, Dialog } from '@wfm/shared/components';
import { productionApi } from '@wfm/shared/core';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';

// Questions are a large part of the product, and the frame is on every page: they come when they are wanted.
const interaction = () => import('@wfm/shared/interaction');

/** Signing out: at once where nothing was left unsent; else what becomes of it is asked first (ux.md 2.9). */
export function useSignOut(userId: string) {
  const words = useTranslations('account');
  const session = useSessionActs();
  const navigate = useNavigate();
  const [unsent, setUnsent] = useState(0);
  const leave = async (keep: boolean): Promise<void> => {
    try {
      await productionApi().POST('/auth/logout');
    } catch {
      toast.error(words('signOutFailed'));
      return;
    }
    if (!keep)
      await interaction()
        .then((door) => door.forgetUnsent(userId))
        .catch(() => undefined);
    setUnsent(0);
    session.end();
    await navigate({ to: '/sign-in' });
  };
  const ask = async (): Promise<void> => {
    const begun = await interaction()
      .then((door) => door.listUnsent(userId))
      .catch(() => []);
    if (begun.length > 0) setUnsent(begun.length);
    else await leave(false);
  };
  const dialog = unsent === 0 ? null : <Leaving count={unsent} onLeave={leave} onStay={() => setUnsent(0)} />;
  return { ask, dialog };
}

function Leaving({
  count,
  onLeave,
  onStay,
}: {
  count: number;
  onLeave: (keep: boolean) => Promise<void>;
  onStay: () => void;
}) {
  const words = useTranslations('leaving');
  return (
    <Dialog
      open
      look="small"
      onClose={onStay}
      title={words('title')}
      footer={
        <>
          <Button onClick={onStay}>{words('back')}</Button>
          <Button look="danger" onClick={() => void onLeave(false)}>
            {words('delete')}
          </Button>
          <Button look="primary" onClick={() => void onLeave(true)}>
            {words('keep')}
          </Button>
        </>
      }
    >
      <p>{words('text', { count })}</p>
    </Dialog>
  );
}
