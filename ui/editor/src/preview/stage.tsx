import { useExplain } from '@wfm/shared/app';
import { Button, Card, Notice } from '@wfm/shared/components';
import { newId } from '@wfm/shared/core';
import { AnsweredCard, InteractionCard } from '@wfm/shared/interaction';
import {
  type InteractionAnswer,
  type InteractionRequest,
  isJsonObject,
  type VirtualWorkflowResponse,
} from '@wfm/workflow-engine/models';
import { ChevronDown, CircleCheck, RotateCcw } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useWorkbench } from '../workbench/workbench.ts';
import { FailureCard } from './failure-card.tsx';
import { type ModuleRecord, recordsOf } from './module-records.ts';
import { Finished, ResultView } from './result-view.tsx';
import { sameQuestion } from './same-question.ts';
import { choose } from './settings.ts';
import { usePreviewHost } from './use-preview-host.ts';

/** A result as people will see it: the question up to which it went, what a module put out, or how it failed. */
export function Stage({
  response,
  target,
  active,
}: {
  response: VirtualWorkflowResponse;
  /** `step_id/module_name`; null for the end. */
  target: string | null;
  /** The runner's keys act while the focus is in here. */
  active: boolean;
}) {
  const records = recordsOf(response);
  const wanted = target === null ? undefined : records.get(target);
  const { interaction_request: request, status } = response;
  const asks = request ? `${request.step_context.step_id}/${request.step_context.module_name}` : null;
  const isPast = status === 'target_reached' && wanted !== undefined;
  const until = isPast ? (wanted.askedSeq ?? wanted.seq) : Number.POSITIVE_INFINITY;
  const before = [...records.values()].filter(
    ({ request: question, answer, askedSeq = 0 }) => question && answer && askedSeq < until,
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Earlier records={before} />
      {status === 'error' ? (
        <FailureCard response={response} />
      ) : isPast ? (
        <Reached record={wanted} />
      ) : request ? (
        <>
          {target !== null && asks !== target ? <ComesBefore target={target} /> : null}
          <Question key={asks} request={request} active={active} />
        </>
      ) : (
        <End response={response} wanted={wanted} target={target} />
      )}
    </div>
  );
}

function Question({ request, active }: { request: InteractionRequest; active: boolean }) {
  const host = usePreviewHost(request.interaction_id);
  const shown = useRef<InteractionRequest | null>(null);
  shown.current = sameQuestion(shown.current, request);
  const { interaction_id: id } = shown.current;
  return <InteractionCard key={id} request={shown.current} host={host} active={active} leads={false} />;
}

/** A late module is not reached yet: a question on the way is in front of it. */
function ComesBefore({ target }: { target: string }) {
  const words = useTranslations('preview.before');
  const workbench = useWorkbench();
  return (
    <Notice
      tone="accent"
      title={words('title', { module: nameIn(target) })}
      action={
        <Button size="small" onClick={() => choose(workbench, { answers: 'sample' })}>
          {words('sample')}
        </Button>
      }
    >
      {words('text')}
    </Notice>
  );
}

/** The target has been executed: its answer, or its outputs. */
function Reached({ record }: { record: ModuleRecord }) {
  if (record.request) return <AnsweredQuestion record={record} request={record.request} isOpen />;
  return (
    <Card className="p-4">
      <ResultView name={nameIn(record.key)} outputs={record.outputs ?? {}} />
    </Card>
  );
}

function End({
  response,
  wanted,
  target,
}: {
  response: VirtualWorkflowResponse;
  wanted: ModuleRecord | undefined;
  target: string | null;
}) {
  const words = useTranslations('preview');
  const status = useTranslations('status');
  if (wanted?.outputs) return <Reached record={wanted} />;
  if (response.status !== 'completed') {
    return (
      <p className="text-sm text-ink-soft">
        {target === null ? status(response.status) : words('notReached', { module: nameIn(target) })}
      </p>
    );
  }
  const last = [...recordsOf(response).values()].findLast(({ outputs }) => outputs !== undefined);
  return (
    <>
      <Finished />
      {last ? <Reached record={last} /> : null}
    </>
  );
}

/** Questions that were answered on the way, folded. */
function Earlier({ records }: { records: readonly ModuleRecord[] }) {
  const words = useTranslations('preview');
  const [isOpen, setOpen] = useState(false);
  if (records.length === 0) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-8 items-center gap-1 justify-self-start rounded-md px-1 text-xs font-medium text-ink-soft hover:text-ink"
      >
        <ChevronDown aria-hidden className={isOpen ? 'size-3.5' : 'size-3.5 -rotate-90 rtl:rotate-90'} />
        {words('earlier', { count: records.length })}
      </button>
      {isOpen
        ? records.map((record) =>
            record.request ? <AnsweredQuestion key={record.key} record={record} request={record.request} /> : null,
          )
        : null}
    </div>
  );
}

function AnsweredQuestion({
  record,
  request,
  isOpen: isOpenFirst = false,
}: {
  record: ModuleRecord;
  request: InteractionRequest;
  isOpen?: boolean;
}) {
  const words = useTranslations('preview');
  const explain = useExplain();
  const { preview, desk } = useWorkbench();
  const [isOpen, setOpen] = useState(isOpenFirst);
  const askAgain = (): void => {
    if (desk.getState().previewTo !== null) desk.setState({ previewTo: record.key });
    preview
      .command('jump', { reopen: request.interaction_id, idempotency_key: newId() })
      .catch((error: unknown) => toast.error(explain(error).text));
  };
  return (
    <Card aria-label={request.title} className="overflow-clip">
      <div className="flex min-h-11 items-center gap-2 px-3">
        <CircleCheck aria-hidden className="size-4 shrink-0 text-good" />
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="min-w-0 flex-1 truncate py-2 text-start text-sm font-medium"
          data-content
          dir="auto"
        >
          {request.title}
        </button>
        <Button size="small" look="quiet" icon={<RotateCcw aria-hidden className="size-3.5" />} onClick={askAgain}>
          {words('answerAgain')}
        </Button>
      </div>
      {isOpen ? (
        <div className="border-t border-line bg-ground p-4">
          <AnsweredCard record={{ request, response: answerOf(record) }} />
        </div>
      ) : null}
    </Card>
  );
}

/** An answer that only names what was made is shown with it: the module's outputs have it. */
function answerOf({ answer, outputs }: ModuleRecord): InteractionAnswer | null {
  const made = outputs?.['selected_content'];
  return answer && isJsonObject(made) ? { ...answer, selected_content: made } : (answer ?? null);
}

export const nameIn = (key: string): string => key.slice(key.indexOf('/') + 1);
