import { useNavigate } from '@tanstack/react-router';
import { ErrorCard, useSessionActs } from '@wfm/shared/app';
import { Button, Card } from '@wfm/shared/components';
import { productionApi } from '@wfm/shared/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';

type Credential = { email: string; password: string } | { one_time_token: string };

/** By name and password, or by the one-time link that the server printed (ux.md 2.6). */
export function SignInPage() {
  const words = useTranslations('signIn');
  const { signIn, busy, error } = useSignIn();
  const used = useRef(false);
  useEffect(() => {
    // A fragment reaches no log; it is gone from the address once it has been read.
    const token = new URLSearchParams(globalThis.location.hash.slice(1)).get('token');
    if (token === null || used.current) return;
    used.current = true;
    globalThis.history.replaceState(null, '', globalThis.location.pathname + globalThis.location.search);
    void signIn({ one_time_token: token });
  }, [signIn]);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.currentTarget));
    if (typeof email === 'string' && typeof password === 'string') void signIn({ email, password });
  };
  return (
    <main className="grid min-h-dvh place-items-center bg-ground p-4">
      <Card className="w-full max-w-sm p-6 shadow-2">
        <h1 className="text-xl font-semibold">{words('title')}</h1>
        <p className="mt-1 mb-5 text-sm text-ink-soft">{words('hint')}</p>
        <form onSubmit={submit} className="grid gap-4">
          <Field label={words('email')} name="email" type="text" autoComplete="username" />
          <Field label={words('password')} name="password" type="password" autoComplete="current-password" />
          {error ? <ErrorCard error={error} /> : null}
          <Button type="submit" look="primary" busy={busy}>
            {words('submit')}
          </Button>
        </form>
      </Card>
    </main>
  );
}

function Field(props: { label: string; name: string; type: string; autoComplete: string }) {
  const { label, ...input } = props;
  return (
    <label className="grid gap-1 text-sm font-medium">
      {label}
      <input
        {...input}
        required
        className="min-h-11 rounded-md border border-line-strong bg-surface px-3 font-normal text-ink"
      />
    </label>
  );
}

function useSignIn() {
  const session = useSessionActs();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const ref = useRef({ session, navigate });
  ref.current = { session, navigate };
  const [signIn] = useState(() => async (credential: Credential): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await productionApi().POST('/auth/login', { body: credential as never });
      await ref.current.session.begin();
      await ref.current.navigate({ to: nextPage(), replace: true });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  });
  return { signIn, busy, error };
}

/** Where one wanted to go before signing in; only ever a page of ours. */
function nextPage(): string {
  const next = new URLSearchParams(globalThis.location.search).get('next') ?? '';
  return next.startsWith('/app/') && !next.startsWith('/app/sign-in') ? next.slice('/app'.length) : '/';
}
