import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { CrashBoundary, ErrorCard, useSessionActs, useLate, useSession } from '@wfm/shared/app';
import { Skeleton } from '@wfm/shared/components';
import { isInField, isShortcut } from '@wfm/shared/core';
import { House, Inbox, List, Settings, Users } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { AccountMenu } from './account-menu.tsx';
import { useSignInAgain } from './sign-in-again.tsx';
import { useOwnRuns } from './use-own-runs.ts';

// Seldom opened, so not loaded before.
const KeysDialog = lazy(async () => ({ default: (await import('./keys-dialog.tsx')).KeysDialog }));
const GoToDialog = lazy(async () => ({ default: (await import('./go-to-dialog.tsx')).GoToDialog }));

/** Pages that nobody need be signed in for. */
const open = ['/sign-in', '/invite/'];

/** The frame of every page: where one is, where one can go, who one is. */
export function Frame() {
  // The page that is shown, not the one that is on its way.
  const shown = useRouterState({ select: ({ matches }) => matches.at(-1) });
  const path = shown?.pathname ?? '/';
  const isOpen = open.some((start) => (shown?.fullPath ?? '').startsWith(start));
  return isOpen ? <Outlet /> : <SignedInFrame path={path} />;
}

function SignedInFrame({ path }: { path: string }) {
  const common = useTranslations('common');
  const { person, error } = useSession();
  const session = useSessionActs();
  const navigate = useNavigate();
  const late = useLate(person === undefined);
  const waiting = useOwnRuns(Boolean(person), path.includes('/r/'));
  const [window, setWindow] = useWindowKeys(Boolean(person));
  const signInAgain = useSignInAgain(person);
  useEffect(() => {
    // Where one wanted to go is kept, so that signing in leads there.
    if (person !== null) return;
    const { pathname, search } = globalThis.location;
    void navigate({ to: '/sign-in', search: { next: pathname + search } as never, replace: true });
  }, [person, navigate]);
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:start-2 focus:top-2 focus:z-50 focus:rounded-md focus:bg-surface focus:p-3"
      >
        {common('skipToContent')}
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-surface/90 backdrop-blur">
        <div className="mx-auto flex max-w-6xl items-center gap-1 px-3 sm:px-6">
          <Link to="/" className="flex min-h-14 min-w-11 items-center gap-2 font-semibold tracking-tight sm:me-3">
            <Mark />
            <span className="sr-only sm:not-sr-only">{common('appName')}</span>
          </Link>
          {person ? <Navigation waiting={waiting} isAdmin={person.role === 'admin'} /> : null}
          <div className="ms-auto">{person ? <AccountMenu person={person} /> : null}</div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl px-3 py-6 outline-none sm:px-6">
        {error ? <ErrorCard error={error} onRetry={session.refresh} /> : null}
        {late && !error ? <Skeleton className="h-64 w-full" /> : null}
        {person ? (
          <CrashBoundary key={path}>
            <Outlet />
          </CrashBoundary>
        ) : null}
      </main>
      {signInAgain}
      <Suspense>
        {window === 'keys' ? <KeysDialog onClose={() => setWindow(null)} /> : null}
        {window === 'go-to' ? <GoToDialog isAdmin={person?.role === 'admin'} onClose={() => setWindow(null)} /> : null}
      </Suspense>
    </div>
  );
}

/** `?` shows the keys, Ctrl+K leads anywhere, F6 goes round the parts of the page (ux.md 2.5). */
function useWindowKeys(active: boolean) {
  const [window, setWindow] = useState<'keys' | 'go-to' | null>(null);
  useEffect(() => {
    if (!active) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      if (isShortcut(event, 'Ctrl+k')) {
        event.preventDefault();
        setWindow('go-to');
      } else if (isShortcut(event, '?') && !isInField(event.target)) {
        event.preventDefault();
        setWindow('keys');
      } else if (event.key === 'F6') {
        event.preventDefault();
        nextPart(event.shiftKey);
      }
    };
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, [active]);
  return [window, setWindow] as const;
}

/** The parts of a page that F6 goes round. */
function nextPart(back: boolean): void {
  const parts = [...document.querySelectorAll<HTMLElement>('nav, main section, main aside')].filter(
    (part) => part.offsetParent !== null && !part.parentElement?.closest('section, aside'),
  );
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const next = parts.at((at + (back ? -1 : 1)) % Math.max(parts.length, 1));
  const target = next?.querySelector<HTMLElement>(
    'a[href], button:not([disabled]), input, select, textarea, [tabindex="0"]',
  );
  target?.focus();
}

function Navigation({ waiting, isAdmin }: { waiting: number; isAdmin: boolean }) {
  const words = useTranslations('nav');
  return (
    <nav aria-label={words('label')} className="flex items-center">
      <NavLink to="/" icon={<House aria-hidden className="size-4" />} name={words('home')} />
      <NavLink to="/waiting" icon={<Inbox aria-hidden className="size-4" />} name={words('waiting')} count={waiting} />
      <NavLink to="/runs" icon={<List aria-hidden className="size-4" />} name={words('runs')} />
      <NavLink to="/settings" icon={<Settings aria-hidden className="size-4" />} name={words('settings')} />
      {isAdmin ? (
        <NavLink to="/admin/users" icon={<Users aria-hidden className="size-4" />} name={words('users')} />
      ) : null}
    </nav>
  );
}

function NavLink({ to, icon, name, count = 0 }: { to: string; icon: ReactNode; name: string; count?: number }) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/' }}
      className="flex min-h-11 min-w-11 items-center justify-center gap-1.5 rounded-md px-1 text-sm md:gap-2 md:px-3 text-ink-soft hover:bg-sunken hover:text-ink aria-[current=page]:text-ink aria-[current=page]:font-medium"
    >
      {icon}
      <span className="hidden md:inline">{name}</span>
      <span className="sr-only md:hidden">{name}</span>
      {count > 0 ? (
        <span className="rounded-full bg-accent px-1.5 text-xs leading-5 font-semibold text-on-accent tabular-nums">
          {count}
        </span>
      ) : null}
    </Link>
  );
}

/** The product's mark: three steps, the second one a question. */
function Mark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className="size-6 text-accent">
      <rect x="2" y="4" width="7" height="7" rx="2" fill="currentColor" />
      <circle cx="18" cy="12" r="4" fill="none" stroke="currentColor" strokeWidth="2.5" />
      <rect x="2" y="14" width="7" height="7" rx="2" fill="currentColor" opacity="0.45" />
      <path d="M9 7.5h3c2 0 2 4.5 2 4.5M9 17.5h3c2 0 2-5.5 2-5.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
