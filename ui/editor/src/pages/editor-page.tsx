import { useParams } from '@tanstack/react-router';
import { ErrorCard, GonePage, isGone, useLate, useSession } from '@wfm/shared/app';
import { Skeleton } from '@wfm/shared/components';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { EditorFrame } from '../frame/editor-frame.tsx';
import { openWorkbench } from '../workbench/open-workbench.ts';
import { type Workbench, WorkbenchProvider } from '../workbench/workbench.ts';

type Opening = { workbench: Workbench } | { error: unknown } | null;

/** `/editor/w/:id`: the draft of a workflow. */
export function EditorPage() {
  const { id } = useParams({ from: '/w/$id' });
  const { person } = useSession();
  const words = useTranslations('editor');
  const [opening, setOpening] = useState<Opening>(null);
  const [attempt, setAttempt] = useState(0);
  const late = useLate(opening === null);
  useEffect(() => {
    if (!person) return undefined;
    const leaving = new AbortController();
    let opened: { close(): void } | undefined;
    setOpening(null);
    openWorkbench(id, person, (side) => words(`conflict.kept.${side}`), leaving.signal)
      .then((result) => {
        if (leaving.signal.aborted) return result.close();
        opened = result;
        return setOpening({ workbench: result.workbench });
      })
      .catch((error: unknown) => leaving.signal.aborted || setOpening({ error }));
    return () => {
      leaving.abort();
      opened?.close();
    };
    // The words are those of the moment; another language does not open the draft anew.
  }, [id, person?.user_id, attempt]);
  if (!opening) return late ? <Skeleton className="m-4 h-[70dvh]" /> : null;
  if ('error' in opening) {
    if (isGone(opening.error)) return <GonePage />;
    return <ErrorCard error={opening.error} onRetry={() => setAttempt(attempt + 1)} />;
  }
  return (
    <WorkbenchProvider value={opening.workbench}>
      <EditorFrame />
    </WorkbenchProvider>
  );
}
