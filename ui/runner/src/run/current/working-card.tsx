import { Button, Card, ProgressBar, Spinner } from '@wfm/shared/components';
import { useLate } from '@wfm/shared/app';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Outline } from '../model/definition.ts';
import { moduleKey } from '../model/run-model.ts';
import { useRunModel } from '../model/use-run.ts';

/** From then on it is said what is waited for, and that it can be cancelled (ux.md 2.4). */
const LONG_MS = 10_000;

/** What the run does while nobody is asked: which module, how far, what it has written so far. */
export function WorkingCard({
  status,
  outline,
  onCancel,
}: {
  status: WorkflowResponse;
  outline: Outline | undefined;
  onCancel: () => void;
}) {
  const words = useTranslations('run.working');
  const { work } = useRunModel('work');
  const { current_step: stepId, current_module: moduleName } = status.progress;
  const key = moduleKey(stepId ?? '', moduleName ?? '');
  const isOwn = work !== null && moduleKey(work.step_id, work.module_name) === key;
  const step = outline?.steps.find((candidate) => candidate.stepId === stepId);
  const long = useLate(true, LONG_MS);
  const seconds = useSecondsSince(key);
  const waits = status.status === 'awaiting_task' ? words('waitsForTask') : words('waitsForModule');
  return (
    <Card className="overflow-clip" aria-label={words('title')}>
      <div className="grid gap-3 px-4 py-5 sm:px-6">
        <div className="flex items-start gap-3">
          <Spinner className="mt-0.5 size-5 shrink-0 text-accent" />
          <div className="min-w-0 flex-1">
            <p className="text-xs font-medium text-ink-faint" data-content dir="auto">
              {step?.name}
            </p>
            <p role="status" className="font-medium">
              {isOwn && work.message !== '' ? (
                <span data-content dir="auto">
                  {work.message}
                </span>
              ) : (
                words('doing', { module: moduleName ?? '' })
              )}
            </p>
          </div>
          <span className="text-sm tabular-nums text-ink-faint" aria-hidden>
            {words('elapsed', { seconds })}
          </span>
        </div>
        {isOwn && work.percent !== undefined ? (
          <ProgressBar value={work.percent} label={words('title')} className="h-2" />
        ) : null}
        {isOwn && work.text !== '' ? <Written text={work.text} /> : null}
        {long ? (
          <div className="flex flex-wrap items-center gap-3 text-sm text-ink-soft">
            <span className="min-w-48 flex-1">{waits}</span>
            <Button onClick={onCancel}>{words('cancel')}</Button>
          </div>
        ) : null}
      </div>
    </Card>
  );
}

/** The end of what a model writes, as it comes. */
function Written({ text }: { text: string }) {
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return (
    <pre
      ref={box}
      data-content
      dir="auto"
      className="max-h-40 overflow-hidden rounded-md bg-sunken p-3 font-sans text-sm whitespace-pre-wrap text-ink-soft"
    >
      {text}
    </pre>
  );
}

/** Seconds since this began, as the page has seen it; the clocks of server and page may differ. */
function useSecondsSince(what: string): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const began = Date.now();
    setSeconds(0);
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - began) / 1000)), 1000);
    return () => clearInterval(timer);
  }, [what]);
  return seconds;
}
