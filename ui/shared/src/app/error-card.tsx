import { CircleAlert, ClipboardCopy, CloudOff, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../components/button.tsx';
import { EmptyState, Notice } from '../components/surfaces.tsx';
import { isApiError } from '../core/index.ts';
import { useExplain } from './explain.ts';
import { useSession } from './session.ts';
import { useCopy } from './use-copy.ts';

/** A failure in its place: what happened, what to do, what to quote (ux.md 2.4, E25, U21). */
export function ErrorCard({
  error,
  onRetry,
  children,
}: {
  error: unknown;
  onRetry?: () => void;
  children?: ReactNode;
}) {
  const words = useTranslations('failure');
  const common = useTranslations('common');
  const explain = useExplain();
  const copy = useCopy();
  const problem = isApiError(error) ? error.problem : null;
  const offline = problem?.status === 0;
  const { title, text, verbatim, next } = explain(error);
  return (
    <Notice
      live
      tone={offline ? 'warn' : 'bad'}
      icon={offline ? <CloudOff aria-hidden className="size-5" /> : <CircleAlert aria-hidden className="size-5" />}
      title={title}
      action={
        onRetry ? (
          <Button size="small" className="min-h-11" onClick={onRetry}>
            {common('retry')}
          </Button>
        ) : undefined
      }
    >
      <p {...(verbatim ? { 'data-content': true, dir: 'auto' } : {})}>{text}</p>
      {next === undefined ? null : <p className="mt-1">{next}</p>}
      {problem && problem.errors.length > 1 ? <Places errors={problem.errors} /> : null}
      {children}
      {problem?.instance === undefined ? null : (
        <p className="mt-1 flex flex-wrap items-center gap-x-2 text-xs text-ink-soft">
          {words('reference', { id: problem.instance })}
          <Button
            look="quiet"
            size="small"
            className="min-h-11"
            icon={<ClipboardCopy aria-hidden className="size-3.5" />}
            onClick={() => copy(reportOf(error))}
          >
            {common('copyReport')}
          </Button>
        </p>
      )}
    </Notice>
  );
}

/** Most of one refusal that is shown. */
const mostPlaces = 20;

function Places({ errors }: { errors: readonly { path: string; message: string }[] }) {
  const words = useTranslations('failure');
  return (
    <ul className="mt-1 grid gap-0.5">
      {errors.slice(0, mostPlaces).map(({ path, message }) => (
        <li key={`${path} ${message}`} data-content dir="auto">
          {path === '' ? null : <code className="me-1 text-xs">{path}</code>}
          {message}
        </li>
      ))}
      {errors.length > mostPlaces ? <li>{words('morePlaces', { count: errors.length - mostPlaces })}</li> : null}
    </ul>
  );
}

/** What somebody needs who is to find out: the code, the place, the reference, and when and where it was seen. */
function reportOf(error: unknown): string {
  const lines = [`page: ${globalThis.location.pathname}`, `time: ${new Date().toISOString()}`];
  if (!isApiError(error)) return [String(error), ...lines].join('\n');
  const { code, title, detail, status, instance, errors } = error.problem;
  return [
    `${title} (${code}, ${status})`,
    detail,
    ...errors.map(({ path, code: own, message }) => `- ${path} ${own}: ${message}`),
    `reference: ${instance ?? '–'}`,
    ...lines,
  ].join('\n');
}

/** One page for what is gone and for what is somebody else's, so that nothing leaks (ux.md 2.4). */
export function GonePage({ action }: { action?: ReactNode }) {
  const words = useTranslations('failure');
  const { person } = useSession();
  return (
    <EmptyState icon={<SearchX aria-hidden className="size-8" />} title={words('goneTitle')} action={action}>
      <p>{words('goneText', { account: person?.name ?? '—' })}</p>
    </EmptyState>
  );
}

/** True for an answer that means: nothing here for you. */
export function isGone(error: unknown): boolean {
  return isApiError(error) && (error.problem.status === 404 || error.problem.status === 403);
}
