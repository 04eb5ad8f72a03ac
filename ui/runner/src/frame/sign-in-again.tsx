import { ErrorCard, type Person, useOtherTabs, useSessionActs } from '@wfm/shared/app';
import { Button, Dialog } from '@wfm/shared/components';
import { dataOf, productionApi, whenSessionEnds } from '@wfm/shared/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Field } from '../forms/field.tsx';

/**
 * The session of a page that is open has ended. The same person signs in over it, and goes on where they were: what was
 * being sent is sent then, what was being typed stays. For anybody else nothing of it is shown or sent (U22, ux.md 2.9).
 */
export function useSignInAgain(person: Person | null | undefined): ReactNode {
  const session = useSessionActs();
  const [asking, setAsking] = useState(false);
  const answer = useRef<(again: boolean) => void>(undefined);
  const settle = (again: boolean): void => {
    answer.current?.(again);
    answer.current = undefined;
    setAsking(false);
  };
  useEffect(() => {
    if (!person) return undefined;
    const off = whenSessionEnds(
      () =>
        new Promise((resolve) => {
          answer.current = resolve;
          setAsking(true);
        }),
    );
    return () => {
      off();
      answer.current?.(false);
    };
  }, [person]);
  const leave = (): void => {
    settle(false);
    session.end();
  };
  const begin = (now: Person): void => {
    if (now.user_id === person?.user_id) {
      settle(true);
      session.goOn(now);
      return;
    }
    session.handOver(now.user_id);
  };
  useOtherTabs((userId) => {
    if (!person) return;
    if (userId === null) leave();
    else if (userId === person.user_id) settle(true);
    else session.handOver(userId);
  });
  return asking && person ? <SignInAgain person={person} onBegin={begin} onLeave={leave} /> : null;
}

function SignInAgain({
  person,
  onBegin,
  onLeave,
}: {
  person: Person;
  onBegin: (person: Person) => void;
  onLeave: () => void;
}) {
  const words = useTranslations('signIn');
  const account = useTranslations('account');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    setBusy(true);
    setError(null);
    try {
      const body = { email: email ?? '', password: password ?? '' };
      onBegin((await dataOf(productionApi().POST('/auth/login', { body }))).user);
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog open look="small" onClose={() => undefined} title={words('again')} description={words('againText')}>
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <Field
          label={words('email')}
          name="email"
          type="text"
          autoComplete="username"
          defaultValue={person.email}
          required
        />
        <Field label={words('password')} name="password" type="password" autoComplete="current-password" required />
        {error ? <ErrorCard error={error} /> : null}
        <p className="text-sm text-ink-soft">{words('againByLink')}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onLeave}>{account('signOut')}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {words('submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
