import { useParams } from '@tanstack/react-router';
import { ErrorCard, GonePage, isGone, useLate } from '@wfm/shared/app';
import { Notice, Skeleton } from '@wfm/shared/components';
import { useTranslations } from 'use-intl';
import { LiveRunContext, useRunLoad } from '../run/model/use-run.ts';
import { RunView } from '../run/run-view.tsx';

/** From then on a page says what it waits for (ux.md 2.4). */
const LONG_MS = 10_000;

/** One run: `/app/r/:run?b=&i=`. */
export function RunPage() {
  const { run: runId = '' } = useParams({ strict: false });
  const load = useRunLoad(runId);
  if (load.state === 'failed')
    return isGone(load.error) ? <GonePage /> : <ErrorCard error={load.error} onRetry={load.retry} />;
  if (load.state === 'loading') return <Loading />;
  if (isGone(load.refused)) return <GonePage />;
  return (
    <LiveRunContext value={load.live}>
      <RunView connection={load.connection} />
    </LiveRunContext>
  );
}

function Loading() {
  const failure = useTranslations('failure');
  const late = useLate(true);
  const long = useLate(true, LONG_MS);
  if (!late) return null;
  return (
    <div className="grid gap-4 lg:grid-cols-[1fr_22rem] lg:gap-8">
      <div className="grid content-start gap-4">
        <Skeleton className="h-9 w-64" />
        <Skeleton className="h-6 w-96 max-w-full" />
        {long ? <Notice live title={failure('waitingFor')} /> : null}
        <Skeleton className="h-12" />
        <Skeleton className="h-72" />
      </div>
      <Skeleton className="hidden h-96 lg:block" />
    </div>
  );
}
