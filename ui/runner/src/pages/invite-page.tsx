import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ErrorCard, useLate, useSessionActs } from '@wfm/shared/app';
import { Button, Card, Skeleton } from '@wfm/shared/components';
import { dataOf, productionApi } from '@wfm/shared/core';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Field } from '../forms/field.tsx';

/** Somebody was invited: they choose a name and a password, and are in (ux.md 2.1). */
export function InvitePage() {
  const { code = '' } = useParams({ strict: false });
  const words = useTranslations('signIn');
  const session = useSessionActs();
  const navigate = useNavigate();
  const invitation = useQuery({
    queryKey: ['invitation', code],
    queryFn: () => dataOf(productionApi().GET('/auth/invitations/{code}', { params: { path: { code } } })),
    retry: false,
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const late = useLate(invitation.isPending);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const { email, name, password } = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    setBusy(true);
    setError(null);
    try {
      const body = { code, name: name ?? '', password: password ?? '', ...(email ? { email } : {}) };
      await productionApi().POST('/auth/register', { body });
      await session.begin();
      await navigate({ to: '/', replace: true });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <main className="grid min-h-dvh place-items-center bg-ground p-4">
      <Card className="w-full max-w-sm p-6 shadow-2">
        <h1 className="text-xl font-semibold">{words('invited')}</h1>
        {late ? <Skeleton className="mt-4 h-48" /> : null}
        {invitation.error ? (
          <div className="mt-4 grid gap-4">
            <ErrorCard error={invitation.error} onRetry={() => void invitation.refetch()} />
            <Link to="/sign-in" className="text-sm text-accent-strong underline">
              {words('haveAccount')}
            </Link>
          </div>
        ) : null}
        {invitation.data ? (
          <>
            <p className="mt-1 mb-5 text-sm text-ink-soft">{words('invitedText')}</p>
            <form onSubmit={(event) => void submit(event)} className="grid gap-4">
              {invitation.data.email === null ? (
                <Field label={words('emailAddress')} name="email" type="email" autoComplete="username" required />
              ) : (
                <Field
                  label={words('emailAddress')}
                  type="email"
                  value={invitation.data.email}
                  readOnly
                  autoComplete="username"
                />
              )}
              <Field label={words('name')} name="name" type="text" autoComplete="name" required maxLength={100} />
              <Field
                label={words('password')}
                help={words('passwordHelp')}
                name="password"
                type="password"
                autoComplete="new-password"
                required
                minLength={12}
              />
              {error ? <ErrorCard error={error} /> : null}
              <Button type="submit" look="primary" busy={busy}>
                {words('makeAccount')}
              </Button>
            </form>
          </>
        ) : null}
      </Card>
    </main>
  );
}
