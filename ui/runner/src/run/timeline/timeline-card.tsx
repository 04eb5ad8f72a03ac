import { Badge, Button, Card, classNames } from '@wfm/shared/components';
import type { InteractionRequest } from '@wfm/workflow-engine/models';
import { ChevronDown, CircleCheck, CircleSlash, GitBranch, Link2, PencilRuler, RotateCcw } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { HistoryRecord } from '../model/run-api.ts';
import { AnswerLine } from './answer-line.tsx';

const icons = { answered: CircleCheck, left: RotateCcw, closed: CircleSlash, open: CircleSlash };

export interface CardActs {
  onToggle(id: string): void;
  onBranch(record: HistoryRecord): void;
  onCopyLink(id: string): void;
  /** Absent: the run follows no workflow that is kept. */
  onEdit: ((record: HistoryRecord) => void) | undefined;
}

/** One question that is over: a line with its answer; opened, it is shown as it was. */
export const TimelineCard = memo(function TimelineCard({
  record,
  stepName,
  startsStep,
  isOpen,
  body,
  acts,
}: {
  record: HistoryRecord;
  stepName: string;
  /** True where the card before it belongs to another step. */
  startsStep: boolean;
  isOpen: boolean;
  body: (record: HistoryRecord) => ReactNode;
  acts: CardActs;
}) {
  const words = useTranslations('run');
  const { interaction_id: id, status } = record;
  const request = record.request as InteractionRequest;
  const Icon = icons[status];
  return (
    <div className="pb-2">
      {startsStep ? (
        <p
          className="pt-2 pb-1.5 text-left text-xs font-medium tracking-wide text-ink-faint rtl:text-right"
          data-content
          dir="auto"
        >
          {stepName}
        </p>
      ) : null}
      <Card aria-label={request.title} className="overflow-clip">
        <button
          type="button"
          data-card={id}
          aria-expanded={isOpen}
          onClick={() => acts.onToggle(id)}
          className="flex min-h-12 w-full items-center gap-3 px-3 py-2 text-start text-sm hover:bg-sunken sm:px-4"
        >
          <Icon
            aria-hidden
            className={classNames('size-4.5 shrink-0', status === 'answered' ? 'text-good' : 'text-ink-faint')}
          />
          <span className="grid min-w-0 flex-1 gap-x-3 sm:flex sm:items-baseline">
            <span
              className="truncate text-left font-medium sm:max-w-[55%] sm:shrink-0 rtl:text-right"
              data-content
              dir="auto"
            >
              {request.title}
            </span>
            <span className="min-w-0 truncate text-ink-soft">
              <AnswerLine record={record} />
            </span>
          </span>
          {status === 'answered' ? null : <Badge>{words(`was_${status}`)}</Badge>}
          <AnsweredAt time={record.answered_at} />
          <ChevronDown
            aria-hidden
            className={classNames('size-4 shrink-0 text-ink-faint transition-transform', isOpen && 'rotate-180')}
          />
        </button>
        {isOpen ? (
          <div className="border-t border-line bg-ground">
            <div className="px-3 py-4 sm:px-4">{body(record)}</div>
            <div className="flex flex-wrap gap-2 border-t border-line bg-surface px-3 py-2 sm:px-4">
              <Button
                look="quiet"
                icon={<GitBranch aria-hidden className="size-4" />}
                shortcut="B"
                onClick={() => acts.onBranch(record)}
              >
                {words('branchFromHere')}
              </Button>
              <Button look="quiet" icon={<Link2 aria-hidden className="size-4" />} onClick={() => acts.onCopyLink(id)}>
                {words('copyCardLink')}
              </Button>
              {acts.onEdit ? (
                <Button
                  look="quiet"
                  icon={<PencilRuler aria-hidden className="size-4" />}
                  onClick={() => acts.onEdit?.(record)}
                >
                  {words('changeThis')}
                </Button>
              ) : null}
            </div>
          </div>
        ) : null}
      </Card>
    </div>
  );
});

/** When it was answered: about, with the exact time on hover. */
function AnsweredAt({ time }: { time: string | null }) {
  const format = useFormatter();
  if (time === null) return null;
  const date = new Date(time);
  const exact = format.dateTime(date, { dateStyle: 'medium', timeStyle: 'long' });
  return (
    <time dateTime={time} title={exact} className="hidden shrink-0 text-xs text-ink-faint sm:block">
      {format.dateTime(date, { hour: 'numeric', minute: '2-digit' })}
    </time>
  );
}
