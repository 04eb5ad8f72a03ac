import { ErrorCard, useLate } from '@wfm/shared/app';
import { Button, classNames, EmptyState, Notice, ProgressBar, Skeleton } from '@wfm/shared/components';
import { isApiError } from '@wfm/shared/core';
import { CloudOff, Eye, History, OctagonAlert } from 'lucide-react';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useDesk, useEditor, usePreview, useWorkbench } from '../workbench/workbench.ts';
import { outlineOf } from '../document/outline.ts';
import type { PreviewState } from '../runtime/preview-session.ts';
import { HeldCard } from './held-card.tsx';
import { OutcomesList } from './outcomes-list.tsx';
import { PreviewBar, type StageLook } from './preview-bar.tsx';
import { previewActs } from './preview-acts.ts';
import { targetKey } from './preview-loop.ts';
import { ScenariosEditor } from './scenarios-editor.tsx';
import { Stage } from './stage.tsx';
import { useMarkedChanges } from './use-marked-changes.ts';

/** The docked preview: what people will see up to the selected module, made anew with every edit (E12). */
export function PreviewPanel() {
  const words = useTranslations('preview');
  const workbench = useWorkbench();
  const response = usePreview((state) => state.response);
  const round = usePreview((state) => state.round);
  const isStale = usePreview(({ stale, phase }) => stale && phase !== 'held');
  const pinned = useDesk(({ previewTo }) => previewTo);
  const target = useEditor(({ history: { present } }) =>
    targetKey(outlineOf(present.document), pinned, present.selection),
  );
  const [look, setLook] = useState<StageLook>({ width: 'desktop', theme: null, side: 'modules', turned: false });
  const [isFocused, setFocused] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  // Only what an edit has changed is marked, not another question or another module.
  useMarkedChanges(box, round, `${target} ${askedBy(response)}`);
  const onKeyDown = (event: KeyboardEvent): void => {
    // Ctrl+Enter answers in here, as in the runner; with Shift it previews (ux.md 2.5).
    if (event.nativeEvent.isComposing || event.key !== 'Enter' || !event.shiftKey) return;
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    previewActs(workbench).previewHere();
  };
  return (
    <section
      aria-label={words('title')}
      data-preview
      className="@container flex h-full min-h-0 flex-col bg-surface"
      onKeyDown={onKeyDown}
      onFocus={() => setFocused(true)}
      onBlur={({ currentTarget, relatedTarget }) => setFocused(currentTarget.contains(relatedTarget))}
    >
      <PreviewBar target={target} look={look} onLook={setLook} />
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] @3xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div
          ref={box}
          data-stage
          data-stale={isStale || undefined}
          {...(look.theme === null ? {} : { 'data-theme': look.theme })}
          className={classNames('min-h-0 overflow-auto bg-ground text-ink', look.turned && 'hidden @3xl:block')}
        >
          <div
            className={classNames(
              'mx-auto grid grid-cols-[minmax(0,1fr)] gap-3 p-4',
              look.width === 'phone' ? 'max-w-[390px] border-x border-line' : 'max-w-4xl',
            )}
          >
            <RunNotice />
            <PhaseNotice />
            {response ? (
              <div className={classNames('transition-opacity', isStale && 'opacity-60')}>
                <Stage response={response} target={target} active={isFocused} />
              </div>
            ) : (
              <Nothing />
            )}
          </div>
        </div>
        <aside
          className={classNames(
            'min-h-0 flex-col border-line @3xl:flex @3xl:border-s',
            look.turned ? 'flex' : 'hidden',
          )}
        >
          {look.side === 'modules' ? <OutcomesList /> : <ScenariosEditor />}
        </aside>
      </div>
    </section>
  );
}

function askedBy(response: VirtualWorkflowResponse | null): string {
  const asked = response?.interaction_request?.step_context;
  return asked ? `${asked.step_id}/${asked.module_name}` : (response?.status ?? '');
}

/** That it goes on from a run, which stays as it is. */
function RunNotice() {
  const words = useTranslations('preview.fromRun');
  const { preview } = useWorkbench();
  const runId = usePreview((state) => state.runId);
  const runFault = usePreview((state) => state.runFault);
  if (runFault !== null) return <ErrorCard error={runFault}>{words('gone')}</ErrorCard>;
  if (runId === null) return null;
  return (
    <Notice
      tone="accent"
      icon={<History aria-hidden className="size-5" />}
      title={
        <a href={`/app/r/${runId}`} className="underline">
          {words('title')}
        </a>
      }
      action={
        <Button size="small" onClick={() => void preview.leaveRun()}>
          {words('leave')}
        </Button>
      }
    >
      {words('text')}
    </Notice>
  );
}

/** The phases that are told of in words. */
function noticed({ phase }: PreviewState): PreviewState['phase'] | null {
  return phase === 'held' || phase === 'unresolved' || phase === 'failed' ? phase : null;
}

/** Why what is shown is not what it will be. */
function PhaseNotice() {
  const words = useTranslations('preview');
  const { preview, desk } = useWorkbench();
  const phase = usePreview(noticed);
  const away = usePreview((state) => state.away);
  const plan = usePreview((state) => state.plan);
  const error = usePreview((state) => state.error);
  if (away) {
    return (
      <Notice live tone="warn" icon={<CloudOff aria-hidden className="size-5" />} title={words('unreachable.title')}>
        {words('unreachable.text')}
      </Notice>
    );
  }
  if (phase === 'held' && plan) return <HeldCard plan={plan} />;
  if (
    phase === 'unresolved' ||
    (phase === 'failed' && isApiError(error) && error.problem.code.startsWith('definition_'))
  ) {
    return (
      <Notice
        tone="warn"
        icon={<OctagonAlert aria-hidden className="size-5" />}
        title={words('unresolved.title')}
        action={
          <Button size="small" onClick={() => desk.show({ bottom: 'problems' })}>
            {words('unresolved.show')}
          </Button>
        }
      >
        {words('unresolved.text')}
      </Notice>
    );
  }
  if (phase === 'failed') return <ErrorCard error={error} onRetry={() => void preview.run()} />;
  return <Running />;
}

/** How a running preview gets on; only once it takes long enough to be seen. */
function Running() {
  const words = useTranslations('preview');
  const { preview } = useWorkbench();
  const progress = usePreview((state) => state.progress);
  const isRunning = usePreview((state) => state.phase === 'running');
  const late = useLate(isRunning, 400);
  const isLong = useLate(isRunning, 10_000);
  if (!late) return null;
  const label = progress === null ? words('phase.running') : words('phase.doing', { what: progress });
  return (
    <div className="flex flex-wrap items-center gap-3">
      <ProgressBar value={undefined} label={label} className="min-w-24 flex-1" />
      <span className="text-xs text-ink-soft" role="status">
        {isLong ? words('late') : label}
      </span>
      <Button size="small" onClick={() => preview.cancel()}>
        {words('cancel')}
      </Button>
    </div>
  );
}

function Nothing() {
  const words = useTranslations('preview');
  const workbench = useWorkbench();
  const isBusy = usePreview(({ phase }) => phase === 'running' || phase === 'waiting');
  const isIdle = usePreview(({ phase }) => phase === 'idle');
  const late = useLate(isBusy);
  if (isBusy) return late ? <Skeleton className="h-40" /> : null;
  if (!isIdle) return null;
  return (
    <EmptyState
      icon={<Eye aria-hidden className="size-6" />}
      title={words('empty')}
      action={<Button onClick={() => previewActs(workbench).previewHere()}>{words('previewHere')}</Button>}
    >
      {words('emptyText')}
    </EmptyState>
  );
}
