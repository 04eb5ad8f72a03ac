import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { dataOf, isApiError, productionApi } from '../core/index.ts';

export interface Person {
  user_id: string;
  email: string;
  name: string;
  role: 'admin' | 'member';
  has_password: boolean;
}

const sessionKey = ['session'] as const;

/** Who is signed in; null: nobody. Undefined until that is known. */
export function useSession(): { person: Person | null | undefined; error: unknown } {
  const { data, error } = useQuery({ queryKey: sessionKey, queryFn: whoIsHere, staleTime: 60_000, retry: 2 });
  return { person: data, error };
}

export interface SessionActs {
  /** Somebody has signed in: everything is read anew, for them. */
  begin: () => Promise<void>;
  /** The one who was here has signed in again: what is shown stays. */
  goOn: (person: Person) => void;
  /** Somebody else has signed in: a fresh page, so that nothing of the one before stays in this one. */
  handOver: (userId: string) => void;
  /** Nobody is signed in any more: whatever was read for the one before is forgotten. */
  end: () => void;
  /** Asks the server again. */
  refresh: () => void;
}

export function useSessionActs(): SessionActs {
  const client = useQueryClient();
  return useMemo(
    () => ({
      async begin() {
        client.clear();
        // There may be a session now, whatever was noted before.
        if (!hasSignedIn()) noteSession('?');
        noteSession((await client.fetchQuery({ queryKey: sessionKey, queryFn: whoIsHere }))?.user_id ?? null);
      },
      goOn(person) {
        noteSession(person.user_id);
        client.setQueryData(sessionKey, person);
        void client.invalidateQueries();
      },
      handOver(userId) {
        noteSession(userId);
        globalThis.location.replace('/app/');
      },
      end() {
        noteSession(null);
        // First that, for whoever watches it: a query that was removed tells nobody anything.
        client.setQueryData(sessionKey, null);
        client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
      },
      refresh: () => void client.invalidateQueries({ queryKey: sessionKey }),
    }),
    [client],
  );
}

async function whoIsHere(): Promise<Person | null> {
  // Whoever has never signed in here need not be asked for: the refusal would stand in the browser's console.
  if (!hasSignedIn()) return null;
  try {
    return (await dataOf(productionApi().GET('/auth/me'))).user;
  } catch (error) {
    if (isApiError(error) && error.problem.status === 401) return null;
    throw error;
  }
}

const HINT = 'wfm.signed-in';

/**
 * Other tabs of this browser share its session. Calls back when one of them has signed out (null), or has signed somebody
 * in (their id): what this tab shows may then be nobody's, or another's (ux.md 2.9).
 */
export function useOtherTabs(onChange: (userId: string | null) => void): void {
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    const hear = (event: StorageEvent): void => {
      if (event.key === HINT && event.newValue !== '?') latest.current(event.newValue);
    };
    globalThis.addEventListener('storage', hear);
    return () => globalThis.removeEventListener('storage', hear);
  }, []);
}

/** The session's cookie cannot be read here; that there may be one, and whose it is, can. */
function noteSession(userId: string | null): void {
  try {
    if (userId === null) globalThis.localStorage.removeItem(HINT);
    else globalThis.localStorage.setItem(HINT, userId);
  } catch {
    // A browser that keeps nothing is asked every time.
  }
}

function hasSignedIn(): boolean {
  try {
    return globalThis.localStorage.getItem(HINT) !== null;
  } catch {
    return true;
  }
}
