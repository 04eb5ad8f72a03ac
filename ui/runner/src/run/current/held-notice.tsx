import { Button, IconButton, Notice } from '@wfm/shared/components';
import { Users, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { HistoryRecord } from '../model/run-api.ts';
import { AnswerLine } from '../timeline/answer-line.tsx';

/** The question was closed elsewhere while it was being answered here: with what, and the way on (U7). */
export function HeldNotice({ record, onGoOn }: { record: HistoryRecord | undefined; onGoOn: () => void }) {
  const words = useTranslations('run.held');
  const answered = record?.status === 'answered';
  return (
    <Notice
      live
      tone="warn"
      icon={<Users aria-hidden className="size-5" />}
      title={answered ? words('answered') : words('closed')}
      action={<Button onClick={onGoOn}>{words('goOn')}</Button>}
    >
      {answered ? (
        <p>
          {words('with')} <AnswerLine record={record} />
        </p>
      ) : null}
      <p className="text-ink-soft">{words('yours')}</p>
    </Notice>
  );
}

/** The question that was shown before has been answered elsewhere; nothing of ours is lost by it (U7). */
export function PassedNotice({ record, onClose }: { record: HistoryRecord; onClose: () => void }) {
  const words = useTranslations('run.held');
  const common = useTranslations('common');
  return (
    <Notice
      live
      tone="accent"
      icon={<Users aria-hidden className="size-5" />}
      title={words('answered')}
      action={<IconButton label={common('close')} icon={<X aria-hidden className="size-4" />} onClick={onClose} />}
    >
      <AnswerLine record={record} />
    </Notice>
  );
}
