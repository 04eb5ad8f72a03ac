import {
  interactionTypes,
  isJsonObject,
  type InteractionAnswer,
  type InteractionRequest,
} from '@wfm/workflow-engine/models';
import { FileText } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { MediaView } from '../media/media-view.tsx';
import { DataView } from '../schema/index.ts';
import { AnswerBody } from './answers/answer-body.tsx';
import { answeredDraft } from './answers/draft.ts';
import { DraftStore } from './answers/draft-store.ts';
import type { InteractionHost } from './host.ts';

/** A question with its answer, as history has them. */
export interface AnsweredRecord {
  readonly request: InteractionRequest;
  readonly response?: InteractionAnswer | null | undefined;
}

/** What was asked and what was answered, drawn as it was, and not to be changed (ux.md 3.3, promise 3). */
export function AnsweredCard({ record: { request, response } }: { record: AnsweredRecord }) {
  const answer = response ?? {};
  const { retry_feedback: feedback } = answer;
  return (
    <div className="grid gap-3">
      {request.help === undefined ? null : (
        <p className="text-sm whitespace-pre-wrap text-ink-soft" data-content dir="auto">
          {request.help}
        </p>
      )}
      <Answered request={request} answer={answer} />
      {typeof feedback === 'string' && feedback !== '' ? <AskedFor feedback={feedback} /> : null}
    </div>
  );
}

/** What was said when something was asked for once more. */
export function AskedFor({ feedback }: { feedback: string }) {
  const words = useTranslations('interaction');
  return (
    <p className="rounded-md bg-sunken p-3 text-sm">
      <span className="text-ink-soft">{words('askedFor')} </span>
      <span data-content dir="auto" className="whitespace-pre-wrap">
        {feedback}
      </span>
    </p>
  );
}

function Answered({ request, answer }: { request: InteractionRequest; answer: InteractionAnswer }) {
  switch (request.interaction_type) {
    case 'media_generation':
      return <Made request={request} answer={answer} />;
    case 'file_input':
      return <Handed answer={answer} />;
    default:
      if (interactionTypes.includes((request as InteractionRequest).interaction_type))
        return <Frozen request={request} answer={answer} />;
      return <DataView data={{ question: request, answer }} />;
  }
}

/** The very tree of the question, its values frozen. */
function Frozen({ request, answer }: { request: InteractionRequest; answer: InteractionAnswer }) {
  const store = useMemo(() => new DraftStore(answeredDraft(request, answer)), [request, answer]);
  return <AnswerBody request={request} store={store} host={nowhere} disabled faults={[]} onSubmit={() => undefined} />;
}

const refuse = (): Promise<never> => Promise.reject(new Error('An answered question does nothing.'));

/** Where nothing can be done. */
const nowhere: InteractionHost = {
  place: '',
  userId: '',
  executions: [],
  send: refuse,
  startSubAction: refuse,
  cancelSubAction: refuse,
  upload: refuse,
};

function Handed({ answer: { value, filename } }: { answer: InteractionAnswer }) {
  const isPicture = typeof value === 'string' && value.startsWith('data:image/');
  return (
    <div className="flex items-center gap-3 rounded-md border border-line bg-surface p-3">
      {isPicture ? (
        <img src={value} alt="" className="max-h-48 max-w-[60%] rounded-sm object-contain" />
      ) : (
        <FileText aria-hidden className="size-5 shrink-0 text-ink-soft" />
      )}
      <span className="min-w-0 font-medium break-words" data-content dir="auto">
        {filename}
      </span>
    </div>
  );
}

function Made({
  request,
  answer,
}: {
  request: Extract<InteractionRequest, { interaction_type: 'media_generation' }>;
  answer: InteractionAnswer;
}) {
  const words = useTranslations('interaction');
  const made = Object.values(request.generations)
    .flat()
    .filter(isJsonObject)
    .flatMap((generation) =>
      Array.isArray(generation['content_items']) ? (generation['content_items'] as unknown[]) : [],
    )
    .filter(isJsonObject);
  const given = isJsonObject(answer.selected_content) ? answer.selected_content : undefined;
  const item = given ?? made.find(({ content_id: id }) => id === answer.selected_content_id);
  if (!item || typeof item['url'] !== 'string')
    return <p className="text-sm text-ink-soft">{words('nothingChosen')}</p>;
  return (
    <MediaView
      url={item['url']}
      mime={typeof item['mime'] === 'string' ? item['mime'] : 'image/png'}
      alt={words('chosenMedia')}
    />
  );
}
