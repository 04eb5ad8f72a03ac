import { ErrorCard, useLate } from '@wfm/shared/app';
import { Button, Notice, Skeleton } from '@wfm/shared/components';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';

/** From then on a part says what it waits for (ux.md 2.4). */
const longMs = 10_000;

interface Loading {
  isPending: boolean;
  error: unknown;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
}

/** A part of a page that is read from the server: its shape while it comes, what failed and how to try again, the rest. */
export function Section({
  title,
  hideTitle = false,
  aside,
  query,
  children,
}: {
  title: string;
  hideTitle?: boolean;
  aside?: ReactNode;
  query: Loading;
  children: ReactNode;
}) {
  const common = useTranslations('common');
  const failure = useTranslations('failure');
  const late = useLate(query.isPending);
  const long = useLate(query.isPending, longMs);
  return (
    <section aria-label={title} className="grid gap-3">
      {hideTitle && aside === undefined ? null : (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h2 className={hideTitle ? 'sr-only' : 'text-lg font-semibold'}>{title}</h2>
          {aside}
        </div>
      )}
      {query.error ? <ErrorCard error={query.error} onRetry={() => void query.refetch()} /> : null}
      {late && !query.error ? <Skeleton className="h-32" /> : null}
      {long && !query.error ? <Notice live title={failure('waitingFor')} /> : null}
      {query.isPending ? null : children}
      {query.hasNextPage === true ? (
        <Button
          className="justify-self-center"
          busy={query.isFetchingNextPage === true}
          onClick={() => void query.fetchNextPage?.()}
        >
          {common('loadMore')}
        </Button>
      ) : null}
    </section>
  );
}
