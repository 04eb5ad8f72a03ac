import type { InteractionAnswer, InteractionRequest, WorkflowResponse } from '@wfm/workflow-engine/models';
import { HardDrive } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { CrashBoundary } from '../app/crash-boundary.tsx';
import { Badge, Card, Skeleton } from '../components/surfaces.tsx';
import { isInField } from '../core/index.ts';
import { AnswerBody } from './answers/answer-body.tsx';
import { saveFile } from './answers/download-answer.tsx';
import { faultsOf } from './answering/faults.ts';
import { useAnswering } from './answering/use-answering.ts';
import { Attempts } from './frame/attempts.tsx';
import { FaultsList } from './frame/faults-list.tsx';
import { FeedbackForm, wantsFeedback } from './frame/feedback-form.tsx';
import { Heading } from './frame/heading.tsx';
import { type Option, optionsOf } from './frame/options.ts';
import { OptionsBar } from './frame/options-bar.tsx';
import { SendingNotice } from './frame/sending-notice.tsx';
import { useOptionKeys } from './frame/use-option-keys.ts';
import type { Attempt, InteractionHost } from './host.ts';
import { useKeptDraft } from './unsent/use-kept-draft.ts';

export interface InteractionCardProps {
  request: InteractionRequest;
  host: InteractionHost;
  /** Earlier tries at the same question, oldest first. */
  attempts?: readonly Attempt[];
  onSent?: (response: WorkflowResponse) => void;
  /** The question turned out to be over: it was answered elsewhere, or is gone. */
  onClosed?: () => void;
  /** Something has been entered here. */
  onTouched?: () => void;
  /** Keys act only while this is the card that is shown; true by default. */
  active?: boolean;
  /** A new question takes the focus where nobody else has it; true by default. */
  leads?: boolean;
  /** The question is not open any more: what was entered is shown, and cannot be sent. `away`: it may be open again. */
  closed?: 'over' | 'away' | undefined;
}

/** The open question: what it is about, its answer, and the ways to go on or back. */
export function InteractionCard(props: InteractionCardProps) {
  const { request, host, attempts = [], onSent, onClosed, onTouched, active = true, leads = true, closed } = props;
  const words = useTranslations('interaction');
  const kept = useKeptDraft(host.userId, host.place, request);
  const { store } = kept;
  const card = useRef<HTMLDivElement>(null);
  const { options, standard } = useMemo(() => optionsOf(request, fallbackOf(request, words)), [request, words]);
  const answering = useAnswering({
    request,
    host,
    kept,
    options,
    onSent: (response) => onSent?.(response),
    onClosed: () => onClosed?.(),
  });
  const [asking, setAsking] = useState<Option | null>(null);
  const { phase, option, failures, isBusy, submit } = answering;
  const isOver = closed !== undefined || phase === 'closed';

  const send = (chosen: Option, more: InteractionAnswer = {}): void => {
    if (isBusy || isOver) return;
    if (request.interaction_type === 'file_download' && chosen.mode === 'continue' && more.file_written === undefined) {
      saveFile(request);
      submit(chosen, { ...more, file_written: true, file_path: request.file_name });
    } else submit(chosen, more);
  };
  const choose = (chosen: Option): void => {
    if (isBusy || isOver) return;
    if (wantsFeedback(chosen, request)) setAsking(chosen);
    else send(chosen);
  };
  useOptionKeys(options, standard, choose, active && !isOver && asking === null && store !== null);
  useLeadingFocus(card, leads && store !== null);
  useFeedbackAgain(store, options, setAsking);
  useEffect(() => {
    if (closed === 'over') kept.forget();
  }, [closed, kept]);
  const touched = useRef(onTouched);
  touched.current = onTouched;
  useEffect(() => store?.subscribe(() => touched.current?.()), [store]);

  const faults = useMemo(() => faultsOf(failures, { request, option, words }), [failures, request, option, words]);
  const before =
    attempts.at(-1)?.feedback ?? (request.previous_answer as InteractionAnswer | undefined)?.retry_feedback;
  return (
    <div ref={card} data-interaction={request.interaction_id}>
      <Card aria-label={request.title} className="overflow-clip">
        <Heading request={request} />
        <div className="bg-ground px-4 py-5 sm:px-6">
          {store ? (
            <CrashBoundary>
              <Attempts request={request} attempts={attempts}>
                <AnswerBody
                  request={request}
                  host={host}
                  store={store}
                  disabled={isBusy || phase === 'closed'}
                  faults={faults}
                  onSubmit={() => choose(standard)}
                />
              </Attempts>
            </CrashBoundary>
          ) : (
            <Skeleton className="h-24" />
          )}
        </div>
        {closed === undefined ? (
          <footer className="sticky bottom-0 z-20 grid gap-3 border-t border-line bg-surface px-4 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6">
            {kept.onlyHere ? (
              <p role="status">
                <Badge tone="warn">
                  <HardDrive aria-hidden className="size-3.5" />
                  {words('onlyHere')}
                </Badge>
              </p>
            ) : null}
            <SendingNotice answering={answering} request={request} />
            <FaultsList faults={faults} led={answering.led} card={card} onConfirm={answering.confirm} />
            {asking && store && !isOver ? (
              <FeedbackForm
                option={asking}
                request={request}
                store={store}
                before={before ?? undefined}
                busy={isBusy}
                onSend={(more) => send(asking, more)}
                onCancel={() => {
                  setAsking(null);
                  const { feedback: _said, ...draft } = store.get();
                  store.set(draft);
                }}
              />
            ) : isOver ? null : (
              <OptionsBar
                options={options}
                standard={standard}
                pressed={isBusy ? option : null}
                isReady={store !== null}
                onChoose={choose}
                {...(request.interaction_type === 'file_download'
                  ? { onWithout: () => send(standard, { file_written: true, file_path: null }) }
                  : {})}
              />
            )}
          </footer>
        ) : null}
      </Card>
    </div>
  );
}

type Words = ReturnType<typeof useTranslations<'interaction'>>;

/** What the way on is called where its author does not say. */
function fallbackOf(request: InteractionRequest, words: Words): string {
  if (request.interaction_type === 'confirm' && !['', 'Continue'].includes(request.yes_label)) return request.yes_label;
  return words(request.interaction_type === 'file_download' ? 'downloadAndContinue' : 'continue');
}

/** A new question takes the focus where the person is not doing something else: its field, its first choice, its title. */
function useLeadingFocus(card: React.RefObject<HTMLElement | null>, isReady: boolean): void {
  useEffect(() => {
    if (!isReady || document.activeElement !== document.body) return;
    const find = (selector: string): HTMLElement | null | undefined =>
      card.current?.querySelector<HTMLElement>(selector);
    const first = find('[data-autofocus]') ?? find('[data-choice-control][tabindex="0"]') ?? find('[data-heading]');
    first?.focus({ preventScroll: true });
  }, [card, isReady]);
}

/** What was being said for another try is still being said after a reload. */
function useFeedbackAgain(
  store: ReturnType<typeof useKeptDraft>['store'],
  options: readonly Option[],
  ask: (option: Option) => void,
): void {
  const latest = useRef({ options, ask });
  latest.current = { options, ask };
  useEffect(() => {
    const said = store?.get().feedback;
    const option = said && latest.current.options.find(({ id }) => id === said.option);
    if (option && !isInField(document.activeElement)) latest.current.ask(option);
  }, [store]);
}
