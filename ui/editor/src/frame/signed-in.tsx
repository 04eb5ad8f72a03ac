import { ErrorCard, useLate, useSession, useSessionActs } from '@wfm/shared/app';
import { Skeleton } from '@wfm/shared/components';
import { type ReactNode, useEffect } from 'react';

/** The editor's pages are for people who are signed in; who is not signs in at the runner's page and comes back. */
export function SignedIn({ children }: { children: ReactNode }) {
  const { person, error } = useSession();
  const session = useSessionActs();
  const late = useLate(person === undefined);
  useEffect(() => {
    if (person !== null) return;
    const { pathname, search } = globalThis.location;
    globalThis.location.replace(`/app/sign-in?next=${encodeURIComponent(pathname + search)}`);
  }, [person]);
  if (error) return <ErrorCard error={error} onRetry={session.refresh} />;
  if (!person) return late ? <Skeleton className="m-6 h-64" /> : null;
  return children;
}
